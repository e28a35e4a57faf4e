"""Cached counters against the rows that they count, while many hands write and fold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import insert, select, update

from db.campaigns import enrolling, find_campaign
from db.counters import (
    add_noted_to_campaigns,
    add_noted_to_steps,
    fold_counters,
    total_enrolled,
)
from db.session import Database, Session
from db.steps import live_steps
from db.tables import Campaign, Contact, CounterDelta, Enrollment, Execution
from domain.enums import EnrollmentSource, Role
from domain.errors import Conflict
from services.enrolling import Entrant, enroll
from tests.db.companies import Company, create_company

NOW = datetime(2026, 3, 2, 16, tzinfo=UTC)

ENDINGS = (
    ("completed",),
    ("failed",),
    ("skipped",),
    ("unknown",),
    ("unknown", "completed"),  # the provider's callback came after all
    ("unknown", "failed"),
    ("completed", "failed"),  # accepted at first, then not delivered
)
"""The statuses that an execution goes through after it was running."""


@dataclass(frozen=True)
class Totals:
    """What a campaign with one step shows."""

    enrolled: int
    completed: int
    revenue: Decimal
    executed: int
    succeeded: int
    failed: int
    skipped: int


@pytest.fixture
async def company(owner: asyncpg.Connection) -> Company:
    """A company with an active campaign of one step, which has one enrollment."""
    company = await create_company(owner)
    await owner.execute("update campaigns set status = 'active' where tenant_id = $1", company.id)
    await owner.execute(
        "update campaign_steps set step_type = 'wait', delay_value = 3, delay_unit = 'days'"
        " where tenant_id = $1",
        company.id,
    )
    return company


def campaign_id(company: Company) -> UUID:
    found: UUID = company.rows["campaigns"]["id"]
    return found


async def shown(database: Database, company: Company) -> Totals:
    """The totals that people see."""
    async with database.transaction(company.person(Role.STAFF)) as session:
        campaign = await find_campaign(session, campaign_id(company))
        await add_noted_to_campaigns(session, [campaign])
        (step,) = await live_steps(session, campaign.id)
        await add_noted_to_steps(session, [step])
    return Totals(
        campaign.total_enrolled,
        campaign.total_completed,
        campaign.total_revenue,
        step.total_executed,
        step.total_succeeded,
        step.total_failed,
        step.total_skipped,
    )


async def counted(owner: asyncpg.Connection, company: Company) -> Totals:
    """The totals of the rows themselves."""
    enrollments = await owner.fetchrow(
        """
        select count(*), count(*) filter (where status = 'completed'), sum(revenue_attributed)
        from campaign_enrollments where tenant_id = $1
        """,
        company.id,
    )
    executions = await owner.fetchrow(
        """
        select count(*) filter (where status in ('completed', 'failed', 'unknown')),
               count(*) filter (where status = 'completed'), count(*) filter (where status = 'failed'),
               count(*) filter (where status = 'skipped')
        from campaign_step_executions where tenant_id = $1
        """,
        company.id,
    )
    return Totals(*enrollments, *executions)


async def fold(database: Database, company: Company) -> None:
    async with database.transaction(company.engine()) as session:
        await fold_counters(session)


@asynccontextmanager
async def folding(database: Database, company: Company) -> AsyncIterator[None]:
    """Two reconcilers that fold without a pause."""
    stop = asyncio.Event()

    async def fold_until_stopped() -> None:
        while not stop.is_set():
            await fold(database, company)

    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(fold_until_stopped())
        yield
        stop.set()


async def add_contact(session: Session) -> UUID:
    contact = Contact(tenant_id=session.scope.tenant_id)
    session.add(contact)
    await session.flush()
    return contact.id


async def live_through(database: Database, company: Company, number: int) -> None:
    """A contact is enrolled as by a trigger, its step runs, it ends; every third one buys, in two payments."""
    async with database.transaction(company.engine()) as session:
        enrollment_id = await session.scalar(
            insert(Enrollment)
            .values(
                tenant_id=company.id,
                campaign_id=campaign_id(company),
                contact_id=await add_contact(session),
                enrollment_source="api",
            )
            .returning(Enrollment.id)
        )
        await session.execute(
            insert(Execution).values(
                tenant_id=company.id,
                campaign_id=campaign_id(company),
                enrollment_id=enrollment_id,
                step_id=company.rows["campaign_steps"]["id"],
                step_type="send_sms",
                visit=1,
                scheduled_at=NOW,
            )
        )
    for status in ("running", *ENDINGS[number % len(ENDINGS)]):
        async with database.transaction(company.engine()) as session:
            await session.execute(
                update(Execution)
                .where(Execution.enrollment_id == enrollment_id)
                .values(status=status)
            )
    ended = "completed" if number % 2 else "exited"
    async with database.transaction(company.engine()) as session:
        mine = update(Enrollment).where(Enrollment.id == enrollment_id)
        await session.execute(mine.values(status=ended))
        if number % 3 == 0:
            for payment in (Decimal("0.35"), Decimal("7499.65")):
                await session.execute(
                    mine.values(revenue_attributed=Enrollment.revenue_attributed + payment)
                )


async def test_totals_are_those_of_the_rows_before_and_after_folding(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    await asyncio.gather(*(live_through(database, company, number) for number in range(21)))

    rows = await counted(owner, company)
    assert rows == Totals(22, 10, Decimal(52500), 18, 6, 9, 3)
    assert await shown(database, company) == rows
    await fold(database, company)
    assert await shown(database, company) == rows
    async with database.transaction(company.engine()) as session:
        assert (await session.scalars(select(CounterDelta))).all() == []
        campaign = await find_campaign(session, campaign_id(company))
        assert (campaign.total_enrolled, campaign.total_revenue) == (22, Decimal(52500))


async def test_totals_are_those_of_the_rows_when_folded_under_the_writers_hands(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    async with folding(database, company):
        await asyncio.gather(*(live_through(database, company, number) for number in range(42)))

    assert await shown(database, company) == await counted(owner, company)
    await fold(database, company)
    assert await shown(database, company) == await counted(owner, company)


async def test_total_enrolled_never_falls_while_it_is_folded(
    database: Database, company: Company
) -> None:
    async def write() -> None:
        for first in range(0, 30, 3):
            await asyncio.gather(
                *(live_through(database, company, first + number) for number in range(3))
            )

    seen = [(await shown(database, company)).enrolled]
    async with folding(database, company):
        writing = asyncio.create_task(write())
        while not writing.done():
            seen.append((await shown(database, company)).enrolled)
        await writing
    assert seen == sorted(seen)
    assert (await shown(database, company)).enrolled == 31


async def test_fold_between_two_looks_hides_nothing(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    await live_through(database, company, 0)
    async with database.transaction(company.person(Role.STAFF)) as session:
        campaign = await find_campaign(session, campaign_id(company))
        (step,) = await live_steps(session, campaign.id)
        await fold(database, company)
        await add_noted_to_campaigns(session, [campaign])
        await add_noted_to_steps(session, [step])
        assert (campaign.total_enrolled, step.total_executed) == (2, 1)


async def test_cap_is_read_right_though_counters_are_folded_meanwhile(
    database: Database, company: Company
) -> None:
    async with database.transaction(company.person(Role.STAFF)) as session:
        campaign = await enrolling(session, campaign_id(company))
        await fold(database, company)
        assert await total_enrolled(session, campaign) == 1


async def test_cap_holds_under_parallel_enrollments_and_folds(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    await owner.execute("update campaigns set max_enrollments = 6 where tenant_id = $1", company.id)
    async with folding(database, company):
        outcomes = await asyncio.gather(
            *(enroll_somebody(database, company) for _ in range(20)), return_exceptions=True
        )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert {conflict.code for conflict in refused} == {"max_enrollments_reached"}
    assert outcomes.count(None) == 5  # one was there before
    assert (await counted(owner, company)).enrolled == 6


async def enroll_somebody(database: Database, company: Company) -> None:
    async with database.transaction(company.person(Role.STAFF)) as session:
        await enroll_new_contact(session, company)


async def enroll_new_contact(session: Session, company: Company) -> None:
    contact_id = await add_contact(session)
    source = EnrollmentSource.API
    await enroll(session, campaign_id(company), Entrant(contact_id), source, NOW, rates={})


async def test_enrolling_and_ending_wait_for_nobody_who_holds_the_campaign(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    """Neither takes the lock of the campaign's one row, for which all its traffic would queue."""
    async with database.transaction(company.engine()) as holder:
        await holder.execute(
            select(Campaign.id)
            .where(Campaign.id == campaign_id(company))
            .with_for_update(key_share=True)
        )
        async with asyncio.timeout(30):
            await enroll_somebody(database, company)
            await live_through(database, company, 3)
    assert (await shown(database, company)).enrolled == 3


async def test_enrollments_of_one_campaign_do_not_wait_for_each_other(
    database: Database, company: Company
) -> None:
    async with database.transaction(company.person(Role.STAFF)) as first:
        await enroll_new_contact(first, company)
        async with asyncio.timeout(30):
            await enroll_somebody(database, company)
    assert (await shown(database, company)).enrolled == 3


async def test_transaction_that_is_rolled_back_counts_nothing(
    database: Database, company: Company
) -> None:
    async def enroll_and_fail() -> None:
        async with database.transaction(company.person(Role.STAFF)) as session:
            await enroll_new_contact(session, company)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await enroll_and_fail()
    assert (await shown(database, company)).enrolled == 1


async def test_folding_leaves_other_companies_to_themselves(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    other = await create_company(owner)
    noted = "select count(*) from counter_deltas where tenant_id = $1"
    before = await owner.fetchval(noted, other.id)

    await fold(database, company)

    assert await owner.fetchval(noted, company.id) == 0
    assert await owner.fetchval(noted, other.id) == before > 0
    assert (await shown(database, other)).enrolled == 1
