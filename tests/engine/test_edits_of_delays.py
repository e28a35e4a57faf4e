"""Editing the times for which contacts wait."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from db.session import person
from db.tables import CampaignStep
from domain.enums import Role
from tests.engine.edits import change, steps
from tests.engine.events import send_event
from tests.engine.helpers import after, at, path, statuses, tag, walked
from tests.world import EMAIL, Json, World


def until(event: str, days: int) -> Json:
    timeout = {"delay_value": days, "delay_unit": "days"}
    return {"step_type": "wait", "step_config": {"until": {"event": event, "timeout": timeout}}}


async def test_changed_unit_moves_who_is_waiting_on_the_delay(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    enrollment = await world.enroll(campaign, contact)
    due = at(enrollment["enrolled_at"]) + timedelta(hours=3)

    await change(world, campaign, 0, delay_unit="hours")

    await world.until(enrollment, lambda now: at(now["next_step_scheduled_at"]) == due)
    await world.pass_time(enrollment, hours=3, minutes=1)
    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


async def test_delay_lengthened_unheard_lets_who_wakes_early_sleep_again(world: World) -> None:
    """The API died after it had committed the edit, and told nobody."""
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    (step,) = await steps(world, campaign)
    admin = person(world.tenant_id, world.user_ids[Role.ADMIN], Role.ADMIN)
    async with world.database.transaction(admin) as session:
        await session.execute(
            update(CampaignStep).where(CampaignStep.id == step["id"]).values(delay_value=4)
        )

    await world.pass_time(enrollment, days=1, minutes=1)

    due = at(enrollment["enrolled_at"]) + timedelta(days=4)
    await world.until(enrollment, lambda now: abs(at(now["next_step_scheduled_at"]) - due) < HOUR)
    await world.pass_time(enrollment, days=2, hours=20)
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, hours=5)
    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


async def test_delay_changed_twice_counts_from_when_they_started_waiting(world: World) -> None:
    campaign = await world.create_campaign(after(tag("one"), 4, "hours"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.pass_time(enrollment, hours=2)

    await change(world, campaign, 0, delay_value=8)
    await change(world, campaign, 0, delay_value=6)

    due = at(enrollment["enrolled_at"]) + timedelta(hours=6)
    await world.until(enrollment, lambda now: at(now["next_step_scheduled_at"]) == due)
    await world.pass_time(enrollment, hours=4, minutes=1)
    enrollment = await world.finished(enrollment)
    assert at(enrollment["executions"][0]["started_at"]) - due < timedelta(minutes=1)


async def test_delay_of_a_step_ahead_counts_for_who_comes_to_it_later(world: World) -> None:
    campaign = await world.create_campaign(
        after(tag("one"), 1, "days"), after(tag("two"), 1, "hours")
    )
    enrollment = await world.enroll(campaign, await world.create_contact())

    answer = await change(world, campaign, 1, delay_value=5)

    assert answer["waiting"] == 0
    await world.pass_time(enrollment, days=1, minutes=1)
    now = await world.until(enrollment, lambda now: now["current_step_order"] == 2)
    waited = at(now["next_step_scheduled_at"]) - at(now["executions"][0]["completed_at"])
    assert waited == timedelta(hours=5)


async def test_delay_shortened_while_paused_sends_when_resumed_and_not_before(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 5, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.pass_time(enrollment, days=2)
    await world.staff.post(f"{path(enrollment)}/pause")

    answer = await change(world, campaign, 0, delay_value=1)

    assert answer["waiting"] == 1
    await world.pass_time(enrollment, days=9)
    assert await world.messages(contact["email"]) == []
    await world.staff.post(f"{path(enrollment)}/resume")
    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


@pytest.mark.parametrize(
    ("days", "more"), [(1, 0), (3, 1), (9, 7)], ids=["past", "shortened", "lengthened"]
)
async def test_changed_time_limit_moves_who_waits_for_the_event(
    world: World, days: int, more: int
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(until("signed", 5), tag("gave up"))
    enrollment = await world.enroll(campaign, contact)
    began = await world.until(enrollment, lambda now: statuses(now) == [("wait", "running")])
    await world.pass_time(enrollment, days=2)

    answer = await change(world, campaign, 0, step_config=until("signed", days)["step_config"])

    assert answer["waiting"] == 1
    limit = at(began["executions"][0]["started_at"]) + timedelta(days=days)
    if more:
        await world.until(
            enrollment, lambda now: abs(at(now["next_step_scheduled_at"]) - limit) <= HOUR
        )
        await world.pass_time(enrollment, days=more - 1, hours=20)
        assert await walked(world, contact) == []
        await world.pass_time(enrollment, hours=6)
    enrollment = await world.finished(enrollment)
    assert await walked(world, contact) == ["gave up"]
    assert at(enrollment["executions"][0]["completed_at"]) >= limit - HOUR


async def test_changed_event_is_what_they_wait_for(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(until("signed", 5), tag("after"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: statuses(now) == [("wait", "running")])

    await change(world, campaign, 0, step_config=until("paid", 5)["step_config"])

    await send_event(world, contact, "signed")
    await send_event(world, contact, "paid")
    enrollment = await world.finished(enrollment)
    assert enrollment["executions"][0]["result_data"]["event_name"] == "paid"
    assert await walked(world, contact) == ["after"]


HOUR = timedelta(hours=1)
"""What a change of the clock within the days of a test may add or take."""
