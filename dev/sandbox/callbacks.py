"""What Twilio says of a text afterwards: that it was sent, then that it was delivered.

Posted to the text's `StatusCallback`, signed with the account's token. One attempt each; what came
of it is shown with the text.
"""

import asyncio

import aiohttp
from twilio.request_validator import RequestValidator

from dev.sandbox.store import Message, Store

PAUSE_SECONDS = 0.05
TIMEOUT_SECONDS = 5.0
AT_ONCE = 20


class StatusCallbacks:
    """Posts the callbacks while the sandbox runs: `async with`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "StatusCallbacks":
        # A third of the CPU of httpx: two callbacks a text are most of the sandbox's work.
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_SECONDS, sock_read=TIMEOUT_SECONDS),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    def schedule(self, message: Message, auth_token: str) -> None:
        """Bring a text on its way, in the background."""
        task = asyncio.create_task(self._deliver(message, auth_token))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, message: Message, auth_token: str) -> None:
        answers: list[dict[str, str]] = []
        for status in ("sent", "delivered"):
            await asyncio.sleep(PAUSE_SECONDS)
            self._store.change(message.id, status=status)
            url = message.content["status_callback"]
            if url is not None:
                answer = await self._post(url, _form(message, status), auth_token)
                answers.append({"status": status, "answer": answer})
                self._store.change(message.id, callbacks=answers)

    async def _post(self, url: str, form: dict[str, str], auth_token: str) -> str:
        signature = RequestValidator(auth_token).compute_signature(url, form)
        headers = {"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1"}
        try:
            async with self._client.post(
                url, data=form, headers=headers, allow_redirects=False
            ) as response:
                return str(response.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__


def _form(message: Message, status: str) -> dict[str, str]:
    return {
        "AccountSid": message.content["account_sid"],
        "ApiVersion": "2010-04-01",
        "From": message.content["from"],
        "MessageSid": message.id,
        "MessageStatus": status,
        "SmsSid": message.id,
        "SmsStatus": status,
        "To": message.recipient,
    }
