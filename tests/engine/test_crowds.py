"""Many enrollments that are due at the same moment: they are spread, as far as the provider's rate asks for."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from db.session import engine
from tests.engine.helpers import after, at, minutes_until
from tests.world import EMAIL, Json, World, eventually

RATE = 1000
"""E-mails a second that the account of the tests allows."""


@pytest.mark.parametrize("crowd", [50, 200])
async def test_enrollments_that_wait_for_one_opening_are_spread_from_a_hundred_on(
    world: World, crowd: int
) -> None:
    minutes = minutes_until("Sat", 12)
    campaign = await world.create_campaign(
        after(EMAIL, minutes, "minutes"), respect_business_hours=True
    )
    enrollments = [await world.enroll(campaign, await world.create_contact()) for _ in range(4)]
    opening = at(enrollments[0]["next_step_scheduled_at"])
    await add_crowd(world, campaign, opening, crowd)

    await asyncio.gather(*(world.pass_time(each, minutes=minutes + 5) for each in enrollments))
    wakes = [await wakes_at(world, each, opening) for each in enrollments]

    latest = timedelta(seconds=(crowd + len(enrollments)) / RATE)
    assert all(timedelta(0) <= wake - opening <= latest for wake in wakes)
    assert (len(set(wakes)) > 1) is (crowd > 100)
    shown = [(await world.detail(each))["next_step_scheduled_at"] for each in enrollments]
    assert {at(each) for each in shown} == {opening}


async def add_crowd(world: World, campaign: Json, at: datetime, size: int) -> None:
    """Others of the company who wait for the same moment."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text(
                "with people as (insert into contacts (tenant_id)"
                " select :tenant from generate_series(1, :size) returning id)"
                " insert into campaign_enrollments (tenant_id, campaign_id, contact_id,"
                " enrollment_source, workflow_status, next_step_scheduled_at)"
                " select :tenant, :campaign, id, 'api', 'running', :at from people"
            ),
            {"tenant": world.tenant_id, "campaign": campaign["id"], "size": size, "at": at},
        )


async def wakes_at(world: World, enrollment: Json, opening: datetime) -> datetime:
    """When its workflow means to wake, once it has seen that it is too early."""
    wake = datetime.min.replace(tzinfo=opening.tzinfo)

    async def is_deferred() -> bool:
        nonlocal wake
        wake = at((await world.workflow(enrollment).query("state"))["wake_at"])
        return wake >= opening

    await eventually(is_deferred)
    return wake
