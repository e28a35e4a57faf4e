"""How the sandbox reaches the product."""

from types import TracebackType

import aiohttp

from dev.sandbox.product import Answer, Call, UnreachableError

TIMEOUT_SECONDS = 5.0
AT_ONCE = 20


class Outbound:
    """One pool of connections while the sandbox runs: `async with`. Keeps no cookies."""

    async def __aenter__(self) -> "Outbound":
        # A third of the CPU of httpx: two callbacks a message are most of the sandbox's work.
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_SECONDS, sock_read=TIMEOUT_SECONDS),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def send(self, call: Call) -> Answer:
        """Make one call, once; a redirect is the answer.

        Raises:
            UnreachableError: Nobody answered.
        """
        try:
            async with self._client.request(
                call.method, call.url, headers=call.headers, data=call.body, allow_redirects=False
            ) as response:
                return Answer(response.status, response.headers.get("location"))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnreachableError(type(error).__name__) from error
