"""Servers that may be broken, and the API and workers that must bear it."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from temporalio.client import Client, ScheduleOverlapPolicy

from api.app import create_app
from db.migrate import migrate
from db.session import Database
from dev.postgres import EmbeddedPostgres
from dev.sandbox import Store, create_sandbox
from dev.temporal import TemporalDevServer
from services.settings import Settings
from services.temporal import connect
from tests.conftest import ACCOUNT_SID, serve
from tests.faults.processes import Killable, WorkerProcess
from tests.faults.relay import Relay, relay_to
from tests.world import Json, World, create_world, eventually


@dataclass(frozen=True, slots=True)
class Stack:
    """PostgreSQL and Temporal keep what they know on disk. A relay leads the worker to whatever it calls."""

    postgres: Killable
    temporal_server: Killable
    to_temporal: Relay
    to_providers: Relay
    database_url: str
    database: Database
    temporal: Client
    api: httpx.AsyncClient
    sandbox: httpx.AsyncClient
    settings: Settings
    environment: dict[str, str]
    directory: Path

    async def create_world(self) -> World:
        """A company of its own for each test."""
        return await create_world(self.api, self.temporal, self.sandbox, self.database)

    @asynccontextmanager
    async def worker(self, **environment: str) -> AsyncIterator[WorkerProcess]:
        """A worker in a process of its own; it is killed at the end, if nobody has done so before."""
        worker = WorkerProcess(self.environment | environment, self.directory)
        try:
            await worker.start()
            yield worker
        finally:
            worker.kill()

    async def rows(self, query: str, *parameters: object) -> list[Json]:
        """What the database says, past the API and its locks."""
        connection = await asyncpg.connect(self.database_url)
        try:
            return [dict(row) for row in await connection.fetch(query, *parameters)]
        finally:
            await connection.close()

    async def row_of(self, enrollment: Json) -> Json:
        """An enrollment with `step`, the status of its first execution."""
        (row,) = await self.rows(
            """
            select e.*, x.status as step, x.attempts, x.attempting_since
            from campaign_enrollments e
            join campaign_step_executions x on x.enrollment_id = e.id and x.visit = 1
            where e.id = $1
            """,
            UUID(enrollment["id"]),
        )
        return row

    async def until_row(self, enrollment: Json, seconds: float = 30, **values: Any) -> None:
        """Wait until the row of an enrollment says so."""

        async def check() -> bool:
            row = await self.row_of(enrollment)
            return all(row[name] == value for name, value in values.items())

        await eventually(check, seconds)

    async def let_two_minutes_pass(self, enrollment: Json) -> None:
        """For a text of which nobody can tell, so that the tests need not wait for so long."""
        await self.rows(
            """
            update campaign_step_executions
            set attempting_since = attempting_since - interval '2 minutes',
                ambiguous_since = ambiguous_since - interval '2 minutes'
            where enrollment_id = $1 returning id
            """,
            UUID(enrollment["id"]),
        )

    async def repair(self) -> None:
        """Let the reconciler do a round now, not at its next half minute."""
        await self.temporal.get_schedule_handle("reconcile").trigger(
            overlap=ScheduleOverlapPolicy.BUFFER_ONE
        )


@asynccontextmanager
async def running_stack(directory: Path) -> AsyncIterator[Stack]:
    """Start everything but a worker."""
    postgres = EmbeddedPostgres(directory / "postgres")
    temporal_server = TemporalDevServer(
        directory / "temporal", database=directory / "temporal.sqlite"
    )
    async with AsyncExitStack() as running:
        servers = [Killable(postgres, directory), Killable(temporal_server, directory)]
        for server in servers:
            running.push_async_callback(server.stop)
            await server.start()
        sandbox_url = await running.enter_async_context(serve(create_sandbox(Store(None))))
        to_providers = await running.enter_async_context(relay_to(sandbox_url))
        to_temporal = await running.enter_async_context(relay_to(temporal_server.address))
        patch = running.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("TEMPORAL_ADDRESS", temporal_server.address)
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": postgres.url,
            "TEMPORAL_ADDRESS": to_temporal.address,
            "CAMPAIGNS_ENV": "development",
            "SECRET_KEY": "a secret that only the tests know",
            # Nobody is there, so no status callback helps to find a text.
            "PUBLIC_URL": "http://127.0.0.1:9",
            "WEBHOOK_ALLOW_HOSTS": "127.0.0.1",
            "RESEND_API_KEY": "re_test",
            "RESEND_FROM_EMAIL": "hello@roofing.example",
            "RESEND_API_URL": f"http://{to_providers.address}/resend",
            "RESEND_RATE_PER_SECOND": "1000",
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": "the auth token of the tests",
            "TWILIO_PHONE_NUMBER": "+13035550100",
            "TWILIO_API_URL": f"http://{to_providers.address}/twilio",
            "TWILIO_RATE_PER_SECOND": "1000",
        }
        settings = Settings.model_validate(
            {name.lower(): value for name, value in environment.items()}
        )
        await migrate(postgres.url)
        database = Database(postgres.url)
        running.push_async_callback(database.close)
        app = create_app(settings)
        await running.enter_async_context(app.router.lifespan_context(app))
        yield Stack(
            postgres=servers[0],
            temporal_server=servers[1],
            to_temporal=to_temporal,
            to_providers=to_providers,
            database_url=postgres.url,
            database=database,
            temporal=await connect(),
            api=await running.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app), base_url="http://campaigns.test"
                )
            ),
            sandbox=await running.enter_async_context(httpx.AsyncClient(base_url=sandbox_url)),
            settings=settings,
            environment=environment,
            directory=directory,
        )
