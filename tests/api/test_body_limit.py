"""A body that is too large is refused before it fills the memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from api.app import create_app
from api.body_limit import MAX_BODY
from services.settings import Settings
from tests.api.client import problem
from tests.conftest import serve
from tests.world import World

JSON = {"content-type": "application/json"}


class Flood:
    """A body without an end, that counts what was taken of it."""

    def __init__(self) -> None:
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += 100_000
            yield b" " * 100_000


def contact_of(size: int) -> bytes:
    return json.dumps({"first_name": "Ann"}).encode().ljust(size)


async def test_largest_body_is_taken_and_a_byte_more_is_refused(world: World) -> None:
    for size, status in ((MAX_BODY, 201), (MAX_BODY + 1, 413)):
        response = await world.admin.request(
            "POST", "/contacts", content=contact_of(size), headers=JSON
        )
        assert response.status_code == status
    problem(response, 413, "payload_too_large")
    assert (await world.admin.get("/contacts"))["total"] == 1


async def test_body_that_announces_too_much_is_not_read(world: World) -> None:
    flood = Flood()
    headers = {**JSON, "content-length": str(MAX_BODY + 1)}
    response = await world.admin.request("POST", "/contacts", content=flood, headers=headers)
    problem(response, 413, "payload_too_large")
    # What the client hands over before it is told counts too.
    assert flood.taken <= 100_000


@pytest.mark.parametrize("path", ["/api/contacts", "/api/auth/session", "/webhooks/twilio/status"])
async def test_body_without_an_end_is_read_up_to_the_limit(
    api: httpx.AsyncClient, world: World, path: str
) -> None:
    flood = Flood()
    headers = {
        **JSON,
        "authorization": f"Bearer {world.admin.key}",
        "x-twilio-signature": "x",
    }
    response = await api.post(path, content=flood, headers=headers)
    problem(response, 413, "payload_too_large")
    assert flood.taken <= MAX_BODY + 100_000


async def test_client_that_leaves_amid_its_request_is_no_error_of_ours(
    world: World, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(create_app(settings)) as url:
        address = urlsplit(url)
        _, connection = await asyncio.open_connection(address.hostname, address.port)
        head = [
            "POST /api/contacts HTTP/1.1",
            f"host: {address.netloc}",
            f"authorization: Bearer {world.admin.key}",
            "content-type: application/json",
            "content-length: 100",
        ]
        connection.write("\r\n".join([*head, "", '{"first_name"']).encode())
        await connection.drain()
        connection.close()
        await connection.wait_closed()
    # The server has seen to the request by the time it has stopped.
    assert "request failed" not in caplog.text
    assert (await world.admin.get("/contacts"))["total"] == 0
