"""How long one company waits for the blast of another: `python -m bench.fairness` on a running stack.

The stack's provider has to be slow, or nothing waits: `RESEND_RATE_PER_SECOND=20 make run`. One company enrolls
thousands who are all due at once. While they go out the other enrolls single contacts; measured is the time from
the start of that call to the moment at which the sandbox has the e-mail. Then the same without fairness keys, once.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    WorkflowHandle,
)
from temporalio.common import Priority

from bench.events import show
from bench.spine import EMAIL, campaign, enroll
from bench.stack import measure, running_stack
from db.session import Database, engine
from dev.seed import KEYS, OTHER_KEY
from domain.enums import EnrollmentSource, Role
from services.enrolling import Entrant, enroll_many
from services.settings import Settings
from services.temporal import Dispatcher, connect

BLAST, PORTION, SAMPLES = 2_000, 500, 20
_CONTACTS = text(
    """
    insert into contacts (tenant_id, first_name, email)
    select app_tenant(), 'Ann', number || :domain from generate_series(1, :count) number returning id
    """
)


class WithoutKeys(Interceptor):
    """Starts workflows as if there were no fairness."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 — as the SDK has it
        """Put ours in front."""
        return _Keyless(next)


class _Keyless(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 — as the SDK has it
        input.priority = Priority.default
        return await super().start_workflow(input)


@dataclass
class Company:
    """A company, its campaign of one e-mail, and who tells Temporal of its enrollments."""

    api: httpx.AsyncClient
    tenant_id: UUID
    campaign_id: UUID
    database: Database
    settings: Settings

    async def enroll(self, client: Client, count: int) -> str:
        """Enroll so many new contacts; the part of their addresses that they share."""
        domain = f"@{uuid4().hex}.example"
        async with self.database.transaction(engine(self.tenant_id)) as session:
            await session.execute(text("select set_config('app.events', 'off', true)"))
            ids = await session.scalars(_CONTACTS, {"domain": domain, "count": count})
            entrants = [Entrant(contact_id) for contact_id in ids]
        dispatcher = Dispatcher(client, self.database)
        for first in range(0, count, PORTION):
            async with self.database.transaction(engine(self.tenant_id)) as session:
                await enroll_many(
                    session,
                    self.campaign_id,
                    entrants[first : first + PORTION],
                    EnrollmentSource.BULK_IMPORT,
                    datetime.now(UTC),
                    self.settings.rates,
                )
            await dispatcher.deliver(self.tenant_id, session.outbox, patience=None)
        return domain

    async def left(self) -> int:
        """How many enrollments are still to be served."""
        path = f"campaigns/{self.campaign_id}/enrollments"
        answer = await self.api.get(path, params={"status": "active", "limit": 1})
        return int(answer.json()["total"])


async def by_api(company: Company) -> tuple[str, float]:
    """Enroll a new contact as clients do: its address, and the time at which the call began."""
    _, email, began = await enroll(company.api, str(company.campaign_id))
    return email, began


async def without_key(company: Company, client: Client) -> tuple[str, float]:
    """The same, past the API, by a client that gives no keys."""
    began = time.time()
    return f"1{await company.enroll(client, 1)}", began


async def delay(enrolled: Awaitable[tuple[str, float]], sandbox: httpx.AsyncClient) -> float:
    """Seconds from the call that enrolls to the e-mail."""
    email, began = await enrolled
    found: list[dict[str, Any]] = []
    while not found:
        await asyncio.sleep(0.05)
        found = (await sandbox.get("/messages", params={"to": email})).json()["messages"]
    return datetime.fromisoformat(found[0]["at"]).timestamp() - began


async def begin_blast(company: Company, client: Client) -> float:
    """Enroll thousands. Answers the time at which that began."""
    began = time.monotonic()
    await company.enroll(client, BLAST)
    print(f"  {BLAST} enrolled in {time.monotonic() - began:.0f} s, {await company.left()} wait")
    return began


async def end_blast(company: Company, began: float) -> None:
    """Wait until all have been served."""
    print(f"  {await company.left()} still wait after the last single e-mail")
    while await company.left():  # noqa: ASYNC110 — the API has no event for it
        await asyncio.sleep(1)
    print(f"  all went out, {BLAST / (time.monotonic() - began):.1f} a second")


@asynccontextmanager
async def company(key: str, url: str, database: Database) -> AsyncIterator[Company]:
    """The company whose admin has that key."""
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30) as api:
        tenant_id = UUID((await api.get("me")).json()["tenant"]["id"])
        campaign_id = UUID(await campaign(api, EMAIL))
        yield Company(api, tenant_id, campaign_id, database, Settings())


async def main() -> None:
    """Measure the running stack."""
    async with running_stack() as stack:
        sandbox, url = stack.sandbox, f"{stack.settings.api_url}/api/"
        database = Database(os.environ["DATABASE_URL"])
        client = await connect()
        keyless = Client(
            client.service_client,
            data_converter=client.data_converter,
            interceptors=[WithoutKeys()],
        )
        async with (
            company(KEYS[Role.ADMIN], url, database) as large,
            company(OTHER_KEY, url, database) as small,
        ):
            show("alone", [await delay(by_api(small), sandbox) for _ in range(SAMPLES)])
            began = await begin_blast(large, client)
            show("beside a blast", [await delay(by_api(small), sandbox) for _ in range(SAMPLES)])
            await end_blast(large, began)
            began = await begin_blast(large, keyless)
            seconds = await delay(without_key(small, keyless), sandbox)
            print(f"beside a blast, without fairness keys: {seconds:.0f} s")
            await end_blast(large, began)
        await database.close()


if __name__ == "__main__":
    measure(main)
