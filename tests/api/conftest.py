"""Companies for the tests of the API. No worker runs: what is enrolled stays where it is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from temporalio.client import Client

from api.app import create_app
from api.limits import RateLimits
from db.session import Database
from services.settings import Settings
from tests.api.client import ORIGIN
from tests.world import World, create_world

Company = Callable[[], Awaitable[World]]


@pytest.fixture(scope="session")
async def sandbox(sandbox_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sandbox_url) as client:
        yield client


@pytest.fixture
def company(
    api: httpx.AsyncClient, temporal: Client, sandbox: httpx.AsyncClient, database: Database
) -> Company:
    """Founds companies."""

    async def found() -> World:
        return await create_world(api, temporal, sandbox, database)

    return found


@pytest.fixture
async def world(company: Company) -> World:
    return await company()


@pytest.fixture
async def stranger(company: Company) -> World:
    """Another company on the same installation."""
    return await company()


@asynccontextmanager
async def serving(settings: Settings, limits: RateLimits) -> AsyncIterator[httpx.AsyncClient]:
    """An API process of its own, with its own settings and limits."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        app.state.services = replace(app.state.services, limits=limits)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as http:
            yield http


@pytest.fixture
async def browser(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at an API process that has seen no sign-in yet."""
    async with serving(settings, RateLimits(sign_ins=1000)) as http:
        yield http
