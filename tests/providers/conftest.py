"""A sandbox on a free port, and the providers that talk to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.datastructures import URL, Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dev.sandbox import Store, create_sandbox
from providers.resend import ResendEmail
from providers.twilio import TwilioSms

TIMEOUT_SECONDS = 3
"""Longer than a busy machine takes to answer; whoever hangs is waited for so long."""
ACCOUNT_SID = "AC" + "1" * 32
AUTH_TOKEN = "auth-token-of-the-tests"


@asynccontextmanager
async def serve(app: ASGIApp, **options: Any) -> AsyncIterator[int]:
    """Run an application on a free port of this machine, and answer the port."""
    config = uvicorn.Config(
        app, port=0, log_level="critical", access_log=False, timeout_graceful_shutdown=1, **options
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds: 30 seconds, no longer."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 — what is waited for has no event
            await asyncio.sleep(0.01)


class Receiver:
    """A server that keeps what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.port = 0
        self.answer()

    def answer(
        self, status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer so from now on."""
        self._response = Response(body, status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            body = await request.body()
            self.requests.append(Received(request.method, request.url, request.headers, body))
            await self._response(scope, receive, send)


@dataclass(frozen=True)
class Received:
    method: str
    url: URL
    headers: Headers
    body: bytes


class Sandbox:
    """The sandbox as its users see it: over HTTP."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self.url = url
        self.client = client

    async def fail(self, provider: str, mode: str, **fault: Any) -> None:
        response = await self.client.put("/control", json={provider: {"mode": mode, **fault}})
        response.raise_for_status()

    async def messages(self, **filters: Any) -> list[dict[str, Any]]:
        response = await self.client.get("/messages", params=filters)
        messages: list[dict[str, Any]] = response.raise_for_status().json()["messages"]
        return messages


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    with closing(Store()) as store:
        yield store


@pytest.fixture(scope="session")
async def running_sandbox(store: Store) -> AsyncIterator[Sandbox]:
    async with serve(create_sandbox(store), lifespan="on") as port:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            yield Sandbox(url, client)


@pytest.fixture
async def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The sandbox, empty and in good health."""
    await running_sandbox.client.delete("/messages")
    await running_sandbox.client.put("/control", json={"resend": {}, "twilio": {}})
    return running_sandbox


@pytest.fixture
async def resend(sandbox: Sandbox) -> AsyncIterator[ResendEmail]:
    provider = ResendEmail("re_key", f"{sandbox.url}/resend", timeout_seconds=TIMEOUT_SECONDS)
    yield provider
    await provider.aclose()


@pytest.fixture
async def twilio(sandbox: Sandbox) -> AsyncIterator[TwilioSms]:
    provider = TwilioSms(
        ACCOUNT_SID, AUTH_TOKEN, f"{sandbox.url}/twilio", timeout_seconds=TIMEOUT_SECONDS
    )
    yield provider
    await provider.aclose()


@pytest.fixture(scope="session")
async def running_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with serve(receiver) as receiver.port:
        yield receiver


@pytest.fixture
def receiver(running_receiver: Receiver) -> Receiver:
    """A receiver that has got nothing yet and answers 200."""
    running_receiver.requests.clear()
    running_receiver.answer()
    return running_receiver


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
