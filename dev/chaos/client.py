"""A client who does not give up: what got no answer is asked again, under the same `Idempotency-Key`."""

import asyncio
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from dev.seed import KEYS
from domain.enums import Role

Json = dict[str, Any]

PAUSE_SECONDS = 0.5
TIMEOUT_SECONDS = 60
"""A pause waits for attempts that are under way, at most for as long as one can last."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back at last. `replayed`: an earlier call, whose answer was lost, had done it."""

    status: int
    body: Json
    replayed: bool = False

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return httpx.codes.is_success(self.status)

    @property
    def code(self) -> str:
        """The refusal's code."""
        return str(self.body.get("code", ""))


class Client:
    """The admin of the demo company, with `api`, whose programs die, and the homeowners' `sandbox`."""

    def __init__(self, api_url: str, sandbox_url: str) -> None:
        self._api = httpx.AsyncClient(
            base_url=f"{api_url}/api",
            headers={"Authorization": f"Bearer {KEYS[Role.ADMIN]}"},
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        )
        self._sandbox = httpx.AsyncClient(
            base_url=sandbox_url, timeout=TIMEOUT_SECONDS, trust_env=False
        )
        self._keys = count(1)
        self.retries = 0

    async def ask(self, method: str, path: str, body: Json | None = None) -> Answer:
        """Call the API until it answers for good: done, or refused."""
        headers = {"Idempotency-Key": f"chaos-{next(self._keys)}"} if method == "POST" else {}
        return await self._insist(self._api, method, path, body, headers)

    async def get(self, path: str, **params: str | int) -> Json:
        """Read from the API."""
        query = httpx.QueryParams(params)
        return (await self._insist(self._api, "GET", f"{path}?{query}", None, {})).body

    async def at_sandbox(self, method: str, path: str, body: Json | None = None) -> Json:
        """Call the sandbox; what it has to pass on to the API is tried until that answers."""
        return (await self._insist(self._sandbox, method, path, body, {})).body

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()
        await self._sandbox.aclose()

    async def _insist(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        body: Json | None,
        headers: dict[str, str],
    ) -> Answer:
        while True:
            try:
                response = await http.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                pass
            else:
                passed_on = 200
                answer = response.json() if response.content else {}
                if http is self._sandbox:
                    passed_on = answer.get("status", 200)
                if not _is_passing(response.status_code) and not _is_passing(passed_on):
                    replayed = "idempotency-replayed" in response.headers
                    return Answer(response.status_code, answer, replayed)
            self.retries += 1
            await asyncio.sleep(PAUSE_SECONDS)


def _is_passing(status: int) -> bool:
    return status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR
