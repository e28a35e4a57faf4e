"""The rollup of analytics against the rows that it sums, while many hands write, fold and rebuild."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest
from sqlalchemy import func, select, text

from db.analytics import campaign_results, company_results
from db.rollup import fold_analytics, rebuild_analytics
from db.session import Database, Session
from db.tables import AnalyticsDelta, CampaignAnalytics, StepAnalytics
from domain.analytics import Totals
from domain.periods import Period
from tests.db.companies import Company, create_company
from tests.db.lives import Life
from tests.db.tallies import EVER, campaign_id, check, one_moment

ZONES = (
    "America/Denver",
    "America/Havana",  # its clocks change at midnight
    "Asia/Kathmandu",  # a quarter of an hour off
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # 14 hours ahead
    "Pacific/Pago_Pago",  # 11 hours behind
    "UTC",
)
Rollup = Callable[[Session], Awaitable[None]]


@pytest.fixture
async def company(database: Database, owner: asyncpg.Connection) -> Company:
    """A company with one enrollment, of which all is rolled up."""
    return await found(database, owner)


@pytest.fixture
async def lived(database: Database, company: Company) -> Company:
    """The company after some days."""
    await live(database, company, range(12))
    return company


@pytest.fixture(scope="module")
async def half_folded(database: Database, owner: asyncpg.Connection) -> Company:
    """A company of which the one half is rolled up, the other one is noted; nobody changes it."""
    company = await found(database, owner)
    await live(database, company, range(12))
    await write(database, company, fold_analytics)
    await live(database, company, range(50, 70))
    return company


async def found(database: Database, owner: asyncpg.Connection) -> Company:
    company = await create_company(owner)
    # What was written into the tables of the rollup is made up.
    await write(database, company, rebuild_analytics)
    return company


async def live(database: Database, company: Company, numbers: range) -> None:
    await asyncio.gather(*(Life(database, company, number).run() for number in numbers))


async def write(database: Database, company: Company, rollup: Rollup) -> None:
    async with database.transaction(company.engine()) as session:
        await rollup(session)


async def test_reports_are_what_the_rows_say_before_and_after_folding(
    migrated_url: str, database: Database, lived: Company
) -> None:
    shown = await check(migrated_url, lived)

    await write(database, lived, fold_analytics)

    assert await check(migrated_url, lived) == shown
    async with database.transaction(lived.engine()) as session:
        assert await session.scalar(select(func.count()).select_from(AnalyticsDelta)) == 0


async def test_reports_are_what_the_rows_say_at_every_look_under_the_writers_hands(
    migrated_url: str, database: Database, company: Company
) -> None:
    """While lives are lived, two reconcilers fold, and somebody rebuilds it all."""
    stop = asyncio.Event()

    async def keep_on(rollup: Rollup) -> None:
        while not stop.is_set():
            await write(database, company, rollup)

    looks = 0
    async with asyncio.TaskGroup() as group:
        for rollup in (fold_analytics, fold_analytics, rebuild_analytics):
            group.create_task(keep_on(rollup))
        living = asyncio.create_task(live(database, company, range(100, 140)))
        while not living.done():
            await check(migrated_url, company)
            looks += 1
        stop.set()
        await living

    assert looks > 2
    assert (await check(migrated_url, company)).total().enrolled == 41


async def test_of_everything_that_is_compared_there_is_something(
    migrated_url: str, half_folded: Company
) -> None:
    total = (await check(migrated_url, half_folded)).total()
    assert [name for name in Totals.__slots__ if not getattr(total, name)] == []


@pytest.mark.parametrize("zone", ZONES)
async def test_range_is_the_days_of_its_zone(
    migrated_url: str, half_folded: Company, zone: str
) -> None:
    """Whichever of them, across the change of clocks."""
    for length in (1, 2, 4):
        for day in range(6, 12):
            first = date(2026, 3, day)
            period = Period(first, first + timedelta(days=length - 1), zone)
            await check(migrated_url, half_folded, period)
    await check(migrated_url, half_folded, Period(date(2026, 3, 8), None, zone))
    await check(migrated_url, half_folded, Period(None, date(2026, 3, 8), zone))


async def test_long_range_is_read_from_days_and_ends_at_the_quarter(
    migrated_url: str, database: Database, owner: asyncpg.Connection, lived: Company
) -> None:
    spread = "update campaign_enrollments set enrolled_at = enrolled_at + (random() * 40) * interval '1 day'"
    await owner.execute(f"{spread} where tenant_id = $1", lived.id)
    await write(database, lived, fold_analytics)

    for zone in ("Asia/Kathmandu", "America/Denver"):
        await check(migrated_url, lived, Period(date(2026, 3, 9), date(2026, 4, 2), zone))


async def test_company_is_all_its_campaigns(
    migrated_url: str, database: Database, owner: asyncpg.Connection, lived: Company
) -> None:
    other = await owner.fetchval(
        "insert into campaigns (tenant_id, name, campaign_type) values ($1, 'Hail', 'drip') returning id",
        lived.id,
    )
    await owner.execute(
        "insert into attributions (tenant_id, campaign_id, enrollment_id, contact_id, event_id, amount, occurred_at)"
        " select tenant_id, $2, enrollment_id, contact_id, event_id, 0.99, occurred_at from attributions"
        " where tenant_id = $1 limit 1",
        lived.id,
        other,
    )
    for _ in range(2):
        async with one_moment(migrated_url, lived) as session:
            company, campaigns = await company_results(session, EVER)
            total = (await campaign_results(session, campaign_id(lived), EVER)).total()
        assert campaigns[campaign_id(lived)] == total
        assert str(campaigns[other].revenue) == "0.99"
        assert company.total() == Totals.of([total, campaigns[other]])
        await write(database, lived, fold_analytics)


async def test_rebuilding_mends_what_went_past_the_triggers(
    migrated_url: str, database: Database, owner: asyncpg.Connection, lived: Company
) -> None:
    await write(database, lived, fold_analytics)
    async with owner.transaction():
        await owner.execute("set local session_replication_role = replica")
        await owner.execute(
            "delete from campaign_step_executions where tenant_id = $1 and visit = 1", lived.id
        )
    with pytest.raises(AssertionError):
        await check(migrated_url, lived)

    await write(database, lived, rebuild_analytics)

    await check(migrated_url, lived)


async def test_command_rebuilds_what_it_names(
    migrated_url: str, owner: asyncpg.Connection, lived: Company
) -> None:
    await owner.execute("delete from campaign_analytics where tenant_id = $1", lived.id)
    settings = {"DATABASE_URL": migrated_url, "CAMPAIGNS_ENV": "development"}

    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.rollup", str(lived.id), env={**os.environ, **settings}
    )

    assert await command.wait() == 0
    await check(migrated_url, lived)


async def test_rebuilding_leaves_other_companies_to_themselves(
    migrated_url: str, database: Database, owner: asyncpg.Connection, lived: Company
) -> None:
    other = await create_company(owner)
    rolled_up = "select count(*) from campaign_analytics where tenant_id = $1"
    before = await owner.fetchval(rolled_up, other.id)
    assert before == 1

    await write(database, lived, rebuild_analytics)

    assert await owner.fetchval(rolled_up, other.id) == before
    await check(migrated_url, lived)


async def test_backdated_rows_are_counted_on_their_new_days(
    migrated_url: str, owner: asyncpg.Connection, lived: Company
) -> None:
    for column, table in (
        ("enrolled_at", "campaign_enrollments"),
        ("completed_at", "campaign_step_executions"),
    ):
        earlier = (
            f"update {table} set {column} = {column} - interval '30 hours' where tenant_id = $1"
        )
        await owner.execute(earlier, lived.id)

    await check(migrated_url, lived, Period(date(2026, 3, 6), date(2026, 3, 8), "America/Denver"))


async def test_who_is_held_out_is_not_counted(
    migrated_url: str, owner: asyncpg.Connection, company: Company
) -> None:
    before = (await check(migrated_url, company)).total()
    row = await company.new_row(owner, "contacts")
    contact = await owner.fetchval(
        "insert into contacts (tenant_id) values ($1) returning id", row["tenant_id"]
    )
    await owner.execute(
        "insert into campaign_enrollments (tenant_id, campaign_id, contact_id, enrollment_source, is_holdout, status)"
        " values ($1, $2, $3, 'api', true, 'exited')",
        company.id,
        campaign_id(company),
        contact,
    )
    async with one_moment(migrated_url, company) as session:
        shown = await campaign_results(session, campaign_id(company), EVER)
    assert shown.total() == before


async def test_writers_of_one_campaign_do_not_wait_for_each_other_nor_for_a_fold(
    database: Database, lived: Company
) -> None:
    async with database.transaction(lived.engine()) as holder:
        await fold_analytics(holder)
        async with asyncio.timeout(30):
            await live(database, lived, range(60, 62))
    async with database.transaction(lived.engine()) as session:
        for table in (CampaignAnalytics, StepAnalytics, AnalyticsDelta):
            assert await session.scalar(select(func.count()).select_from(table))


async def test_transaction_that_is_rolled_back_counts_nothing(
    migrated_url: str, database: Database, lived: Company
) -> None:
    async def open_all_and_fail() -> None:
        async with database.transaction(lived.engine()) as session:
            await session.execute(text("update campaign_step_executions set opened_at = now()"))
            raise ZeroDivisionError

    before = await check(migrated_url, lived)
    with pytest.raises(ZeroDivisionError):
        await open_all_and_fail()
    assert await check(migrated_url, lived) == before


async def test_whoever_is_compared_after_all_is_counted(
    migrated_url: str, owner: asyncpg.Connection, lived: Company
) -> None:
    turn = "update campaign_enrollments set is_compared = not is_compared where tenant_id = $1"
    await owner.execute(turn, lived.id)
    await check(migrated_url, lived)


async def test_deals_add_up_to_more_than_one_of_them_may_be(
    migrated_url: str, database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    """Of the highest amount that an event may name, there are more than a trillion in all."""
    await owner.execute(
        "insert into attributions (tenant_id, campaign_id, enrollment_id, contact_id, event_id, amount, occurred_at)"
        " select tenant_id, campaign_id, enrollment_id, contact_id, event_id, 9999999999.99, occurred_at"
        " from attributions, generate_series(1, 200) where tenant_id = $1",
        company.id,
    )
    for rollup in (fold_analytics, rebuild_analytics):
        await write(database, company, rollup)
        assert (await check(migrated_url, company)).total().revenue == Decimal("1999999999999.00")


async def test_fold_does_not_wait_for_what_adds_it_all_up_anew(
    migrated_url: str, database: Database, lived: Company
) -> None:
    async with database.transaction(lived.engine()) as holder:
        await rebuild_analytics(holder)
        await live(database, lived, range(80, 82))
        async with asyncio.timeout(30):
            await write(database, lived, fold_analytics)
        before = await check(migrated_url, lived)
    assert await check(migrated_url, lived) == before
    await write(database, lived, fold_analytics)
    assert await check(migrated_url, lived) == before
