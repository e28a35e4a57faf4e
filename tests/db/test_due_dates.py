"""SQL finds a date due at the very moment at which the calendar of the rules has it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import aliased

from db.due_dates import DateOf
from db.session import Database
from db.tables import CampaignTrigger, Contact, Project
from domain.calendar import due
from domain.enums import DelayUnit
from tests.db.companies import Company

ZONES = ["America/Denver", "America/New_York", "America/Phoenix", "Asia/Kolkata", "America/Havana"]
TICK = timedelta(microseconds=1)

days = st.dates(date(2026, 2, 20), date(2026, 3, 20)) | st.dates(
    date(2026, 10, 20), date(2026, 11, 20)
)
walls = st.datetimes(datetime(2026, 3, 6), datetime(2026, 3, 10)) | st.datetimes(  # noqa: DTZ001 wall clocks
    datetime(2026, 10, 30),  # noqa: DTZ001
    datetime(2026, 11, 3),  # noqa: DTZ001
)
delays = st.tuples(st.integers(-40, 40), st.sampled_from(list(DelayUnit)))


async def is_due(
    database: Database,
    company: Company,
    values: dict[str, Any],
    trigger: CampaignTrigger,
    zone: str,
    at: list[datetime],
) -> list[bool]:
    """Whether the contact's date comes due in the microsecond up to each of these moments."""
    dated = DateOf(trigger, zone)
    project = aliased(Project)
    async with database.transaction(company.engine()) as session:
        contact = insert(Contact).values(tenant_id=company.id, **values).returning(Contact.id)
        contact_id = await session.scalar(contact)
        questions = [
            dated.due_between(project, moment - TICK, moment).label(f"at_{number}")
            for number, moment in enumerate(at)
        ]
        row = (await session.execute(select(*questions).where(Contact.id == contact_id))).one()
        await session.rollback()
    return [bool(answer) for answer in row]


def trigger(relative_to: str, value: int, unit: DelayUnit) -> CampaignTrigger:
    config = {"relative_to": relative_to, "delay_value": value, "delay_unit": unit}
    return CampaignTrigger(trigger_config=config)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(written=days | walls, delay=delays, zone=st.sampled_from(ZONES))
async def test_written_date_is_due_when_the_calendar_says_so(
    database: Database, ridge: Company, written: date, delay: tuple[int, DelayUnit], zone: str
) -> None:
    wall = datetime.fromisoformat(written.isoformat())
    moment = due(wall.replace(tzinfo=ZoneInfo(zone)), *delay, ZoneInfo(zone))
    values = {"custom": {"x": f" {written.isoformat()} "}}
    answers = await is_due(
        database,
        ridge,
        values,
        trigger("custom.x", *delay),
        zone,
        [moment - TICK, moment, moment + TICK],
    )
    assert answers == [False, True, False]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(wall=walls, delay=delays, zone=st.sampled_from(ZONES))
async def test_moment_is_due_when_the_calendar_says_so(
    database: Database, ridge: Company, wall: datetime, delay: tuple[int, DelayUnit], zone: str
) -> None:
    created_at = wall.replace(tzinfo=UTC)
    moment = due(created_at, *delay, ZoneInfo(zone))
    answers = await is_due(
        database,
        ridge,
        {"created_at": created_at},
        trigger("created_at", *delay),
        zone,
        [moment - TICK, moment, moment + TICK],
    )
    assert answers == [False, True, False]


@pytest.mark.parametrize("value", ["2026-02-30", "soon", "", None, 5, [], {"a": 1}, ["2026-03-01"]])
async def test_what_is_no_date_is_never_due(
    database: Database, ridge: Company, value: object
) -> None:
    one_day = trigger("custom.x", 1, DelayUnit.DAYS)
    moments = [datetime(2026, 3, day, 7, tzinfo=UTC) for day in range(1, 4)]
    answers = await is_due(
        database, ridge, {"custom": {"x": value}}, one_day, "America/Denver", moments
    )
    assert answers == [False] * 3
