"""What the database lets happen only once, whoever tries at the same moment."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from db.session import Database
from db.tables import Enrollment, Execution
from domain.enums import EnrollmentSource, EnrollmentStatus, Role
from domain.errors import Conflict
from services.enrolling import Entrant, enroll
from tests.db.companies import Company, create_company

NOW = datetime(2026, 3, 2, 16, tzinfo=UTC)
LIVE = (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)


@pytest.fixture
async def company(owner: asyncpg.Connection) -> Company:
    """A company with an active campaign, in which its contact is enrolled."""
    company = await create_company(owner)
    await owner.execute("update campaigns set status = 'active' where tenant_id = $1", company.id)
    await owner.execute(
        "update campaign_steps set step_type = 'wait' where tenant_id = $1", company.id
    )
    return company


async def end(owner: asyncpg.Connection, company: Company) -> None:
    await owner.execute(
        "update campaign_enrollments set status = 'exited' where tenant_id = $1", company.id
    )


async def add_enrollment(database: Database, company: Company, status: EnrollmentStatus) -> None:
    """One more enrollment of the same contact in the same campaign, past every rule of ours."""
    async with database.transaction(company.engine()) as session:
        await session.execute(
            insert(Enrollment).values(
                tenant_id=company.id,
                campaign_id=company.rows["campaigns"]["id"],
                contact_id=company.rows["contacts"]["id"],
                enrollment_source="api",
                status=status,
            )
        )


async def live(owner: asyncpg.Connection, company: Company) -> int:
    count: int = await owner.fetchval(
        "select count(*) from campaign_enrollments"
        " where tenant_id = $1 and status in ('active', 'paused')",
        company.id,
    )
    return count


async def test_parallel_inserts_leave_one_live_enrollment(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    await end(owner, company)
    outcomes = await asyncio.gather(
        *(add_enrollment(database, company, LIVE[number % 2]) for number in range(16)),
        return_exceptions=True,
    )
    assert outcomes.count(None) == 1
    assert all(isinstance(one, IntegrityError) for one in outcomes if one is not None)
    assert await live(owner, company) == 1


async def test_parallel_enrolling_makes_one_and_says_so_to_the_others(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    await end(owner, company)
    await owner.execute(
        "update campaigns set allow_re_enrollment = true where tenant_id = $1", company.id
    )

    async def try_to_enroll() -> None:
        async with database.transaction(company.person(Role.STAFF)) as session:
            await enroll(
                session,
                company.rows["campaigns"]["id"],
                Entrant(company.rows["contacts"]["id"]),
                EnrollmentSource.API,
                datetime.now(UTC),
                rates={},
            )

    outcomes = await asyncio.gather(*(try_to_enroll() for _ in range(16)), return_exceptions=True)
    assert outcomes.count(None) == 1
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert [conflict.code for conflict in refused] == ["already_enrolled"] * 15
    assert await live(owner, company) == 1


@pytest.mark.parametrize("status", [status for status in EnrollmentStatus if status not in LIVE])
async def test_enrollment_that_is_over_stands_in_nobodys_way(
    database: Database, owner: asyncpg.Connection, company: Company, status: EnrollmentStatus
) -> None:
    for _ in range(2):
        await add_enrollment(database, company, status)
    assert await live(owner, company) == 1


async def test_enrollment_that_is_over_cannot_come_back_beside_a_live_one(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    await add_enrollment(database, company, EnrollmentStatus.EXITED)
    with pytest.raises(IntegrityError):
        async with database.transaction(company.engine()) as session:
            await session.execute(update(Enrollment).values(status="active"))
    assert await live(owner, company) == 1


async def test_visit_of_a_step_is_claimed_once_by_whoever_comes_first(
    database: Database, owner: asyncpg.Connection, company: Company
) -> None:
    enrollment_id = company.rows["campaign_enrollments"]["id"]

    async def claim(visit: int) -> None:
        async with database.transaction(company.engine()) as session:
            await session.execute(
                insert(Execution).values(
                    tenant_id=company.id,
                    campaign_id=company.rows["campaigns"]["id"],
                    enrollment_id=enrollment_id,
                    step_id=company.rows["campaign_steps"]["id"],
                    step_type="send_sms",
                    visit=visit,
                    scheduled_at=NOW,
                )
            )

    outcomes = await asyncio.gather(
        *(claim(2 + number % 2) for number in range(16)), return_exceptions=True
    )
    assert outcomes.count(None) == 2
    visits = await owner.fetch(
        "select visit from campaign_step_executions where enrollment_id = $1 order by visit",
        enrollment_id,
    )
    assert [row["visit"] for row in visits] == [1, 2, 3]
