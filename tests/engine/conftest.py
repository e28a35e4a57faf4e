"""Providers on a bad day, and a Temporal server whose workers a test starts and stops itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from api.app import create_app
from db.migrate import migrate
from db.session import Database
from dev.temporal import TemporalDevServer
from services.settings import Settings
from services.temporal import TENANT_ID, connect
from tests.conftest import LASTING
from tests.db.conftest import create_database
from tests.world import World, create_world
from worker import run_workers

Faults = Callable[..., Awaitable[None]]


@pytest.fixture
async def faults(sandbox_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Faults]:
    """Set the faults of the providers: `await faults(resend={"mode": "error_500", "count": 2})`.

    What a test leaves under way is stopped after it, lest its retries meet the faults of another test.
    """
    async with httpx.AsyncClient(base_url=sandbox_url) as sandbox:

        async def set_faults(**control: dict[str, Any]) -> None:
            (await sandbox.put("/control", json=control)).raise_for_status()

        yield set_faults
        await set_faults(resend={}, twilio={})
    for name in {"world", "quiet_world"} & set(request.fixturenames):
        world: World = request.getfixturevalue(name)
        running = f"{TENANT_ID.name} = '{world.tenant_id}' AND ExecutionStatus = 'Running'"
        async for workflow in world.temporal.list_workflows(running):
            with suppress(RPCError):
                await world.temporal.get_workflow_handle(workflow.id).terminate("its test is over")


@dataclass
class Site:
    """An installation that nobody works for, unless a test says `async with site.working()`."""

    settings: Settings
    temporal: Client
    database: Database
    api: httpx.AsyncClient

    @asynccontextmanager
    async def working(self, **changes: Any) -> AsyncIterator[None]:
        """Run workers, with other settings where given."""
        settings = self.settings.model_copy(update=changes)
        stop = asyncio.Event()
        running = asyncio.create_task(run_workers(settings, self.temporal, self.database, stop))
        try:
            yield
        finally:
            stop.set()
            await running

    async def create_world(self, sandbox: httpx.AsyncClient) -> World:
        """A company in this installation."""
        return await create_world(self.api, self.temporal, sandbox, self.database)


@pytest.fixture(scope="session")
async def site(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Servers of its own."""
    url = await create_database(settings.database_url, "site")
    await migrate(url)
    settings = settings.model_copy(update={"database_url": url})
    app, database = create_app(settings), Database(url)
    async with AsyncExitStack() as stack:
        server = stack.enter_context(
            TemporalDevServer(tmp_path_factory.mktemp("site"), dynamic_config=LASTING)
        )
        # Only while they connect: whoever connects later wants the Temporal of the others.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TEMPORAL_ADDRESS", server.address)
            client = await connect()
            await stack.enter_async_context(app.router.lifespan_context(app))
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://campaigns.test")
        )
        yield Site(settings, client, database, http)
    await database.close()


@pytest.fixture
async def quiet_world(site: Site, sandbox_url: str) -> AsyncIterator[World]:
    """A company whose installation has no worker until the test starts one."""
    async with httpx.AsyncClient(base_url=sandbox_url) as sandbox:
        yield await site.create_world(sandbox)
