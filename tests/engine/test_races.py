"""Two hands on one enrollment, each interleaving held still by a commit that waits."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from activities.enrollment import EnrollmentActivities
from db.session import Database, Scope, Session, engine
from domain.plans import EnrollmentRef, Plan, Visit
from services.links import Links
from services.tokens import Tokens
from tests.engine.conftest import Site
from tests.engine.helpers import after
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone
from worker import transports_of


class SlowToCommit(Database):
    """Its first transaction has done everything but to commit, until it is told to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.before_commit = asyncio.Event()
        self.may_commit = asyncio.Event()
        self._first = True

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[Session]:
        async with super().transaction(scope) as session:
            yield session
            if self._first:
                self._first = False
                await session.flush()
                self.before_commit.set()
                await self.may_commit.wait()


async def run_step(site: Site, database: Database, enrollment: Json, world: World) -> Plan:
    """An attempt at the enrollment's first step, as a worker makes it."""
    links = Links(site.settings.public_url, Tokens(site.settings.secret_key))
    async with transports_of(site.settings, database, links) as channels:
        activities = EnrollmentActivities(database, channels, links, site.settings.rates)
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, started_time=datetime.now(UTC))
        visit = Visit(EnrollmentRef(world.tenant_id, UUID(enrollment["id"])), 1)
        plan: Plan = await environment.run(activities.run_step, visit)
        return plan


async def test_second_attempt_behind_a_slow_commit_sends_no_second_text(
    quiet_world: World, site: Site
) -> None:
    world, slow = quiet_world, SlowToCommit(site.settings.database_url)
    contact = await world.create_contact(timezone=noon_zone())
    enrollment = await world.enroll(await world.create_campaign(TEXT), contact)
    first = asyncio.create_task(run_step(site, slow, enrollment, world))
    await slow.before_commit.wait()

    second = asyncio.create_task(run_step(site, site.database, enrollment, world))
    await eventually(lambda: somebody_waits(world))
    slow.may_commit.set()
    await asyncio.gather(first, second, return_exceptions=True)

    assert len(await world.messages(contact["phone"])) == 1
    await slow.close()


async def test_enrollment_that_parks_while_its_campaign_resumes_is_woken(
    quiet_world: World, site: Site
) -> None:
    world, slow = quiet_world, SlowToCommit(site.settings.database_url)
    campaign = await world.create_campaign(EMAIL)
    enrollment = await world.enroll(campaign, await world.create_contact())
    path = f"/campaigns/{campaign['id']}"
    await world.manager.patch(path, {"status": "paused"})
    parking = asyncio.create_task(run_step(site, slow, enrollment, world))
    await slow.before_commit.wait()

    resuming = asyncio.create_task(world.manager.patch(path, {"status": "active"}))
    await eventually(lambda: somebody_waits(world))
    slow.may_commit.set()
    await asyncio.gather(parking, resuming)

    async with world.database.transaction(engine(world.tenant_id)) as session:
        marks = await session.execute(
            text("select parked, refresh_requested_at is not null from campaign_enrollments")
        )
        assert marks.one() == (True, True)
    await slow.close()


async def test_campaign_with_more_enrollments_than_a_statement_has_parameters_is_archived(
    quiet_world: World,
) -> None:
    world, many = quiet_world, 33_000
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    (step,) = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text(
                "with made as (insert into contacts (tenant_id)"
                " select :tenant from generate_series(1, :many) returning id)"
                " insert into campaign_enrollments (tenant_id, campaign_id, contact_id,"
                " enrollment_source, current_step_id, workflow_status)"
                " select :tenant, :campaign, id, 'bulk_import', :step, 'running' from made"
            ),
            {
                "tenant": world.tenant_id,
                "many": many,
                "campaign": campaign["id"],
                "step": step["id"],
            },
        )

    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "archived"})

    listed = await world.admin.get(f"/campaigns/{campaign['id']}/enrollments", status="exited")
    assert listed["total"] == many


async def somebody_waits(world: World) -> bool:
    async with world.database.gateway() as gateway:
        waiting = await gateway.scalar(text("select count(*) from pg_locks where not granted"))
    return bool(waiting)
