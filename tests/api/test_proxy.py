"""Whose word counts for the address of a client."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from dev.ports import free_port
from services.settings import Settings

REPOSITORY = Path(__file__).parents[2]


@asynccontextmanager
async def api_process(settings: Settings, **variables: str) -> AsyncIterator[httpx.AsyncClient]:
    """`python -m api`, as an operator starts it."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "FORWARDED_ALLOW_IPS"},
        "DATABASE_URL": settings.database_url,
        "CAMPAIGNS_ENV": "development",
        "CAMPAIGNS_PORT": str(port),
        **variables,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api", env=environment, cwd=REPOSITORY
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            async with asyncio.timeout(30):
                while not await answers(http):  # noqa: ASYNC110 — another process makes it true
                    await asyncio.sleep(0.05)
            yield http
    finally:
        process.terminate()
        await process.wait()


async def answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/healthz")).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    ("variables", "last"),
    [({}, 429), ({"FORWARDED_ALLOW_IPS": ""}, 429), ({"FORWARDED_ALLOW_IPS": "127.0.0.1"}, 401)],
)
async def test_forwarded_address_is_believed_only_of_proxies_that_the_operator_names(
    settings: Settings, variables: dict[str, str], last: int
) -> None:
    async with api_process(settings, **variables) as http:
        for n in range(11):
            body = {"email": f"{n}@ridge.example", "password": "guess"}
            headers = {"x-forwarded-for": f"192.0.2.{n}"}
            response = await http.post("/api/auth/session", json=body, headers=headers)
        assert response.status_code == last
