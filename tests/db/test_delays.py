"""SQL finds a delay over at the very moment at which the calendar of the rules has it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, insert, literal, select

from db.delays import delayed, zone_of_contact
from db.session import Database
from db.tables import Contact
from domain.calendar import due
from domain.enums import DelayUnit
from tests.db.companies import Company

ZONES = ["America/Denver", "America/New_York", "America/Phoenix", "Asia/Kolkata", "America/Havana"]

moments = st.datetimes(datetime(2026, 3, 6), datetime(2026, 3, 10)) | st.datetimes(  # noqa: DTZ001 UTC below
    datetime(2026, 10, 30),  # noqa: DTZ001
    datetime(2026, 11, 3),  # noqa: DTZ001
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    since=moments,
    value=st.integers(0, 30),
    unit=st.sampled_from(list(DelayUnit)),
    zone=st.sampled_from(ZONES),
)
async def test_delay_is_over_when_the_calendar_says_so(
    database: Database, ridge: Company, since: datetime, value: int, unit: DelayUnit, zone: str
) -> None:
    began = since.replace(tzinfo=UTC)
    stored: Any = literal(began, DateTime(timezone=True))
    async with database.transaction(ridge.engine()) as session:
        found = await session.scalar(select(delayed(stored, value, unit, zone)))
    assert found == due(began, value, unit, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("own", "zone"), [("Asia/Kolkata", "Asia/Kolkata"), (None, "UTC"), ("Mars/Olympus", "UTC")]
)
async def test_days_of_a_contact_are_those_of_its_zone_or_of_the_company(
    database: Database, ridge: Company, own: str | None, zone: str
) -> None:
    contact_id = uuid4()
    async with database.transaction(ridge.engine()) as session:
        await session.execute(
            insert(Contact).values(id=contact_id, tenant_id=ridge.id, timezone=own)
        )
        found = await session.scalar(select(zone_of_contact("UTC")).where(Contact.id == contact_id))
        await session.rollback()
    assert found == zone
