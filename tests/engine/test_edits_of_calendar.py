"""Settings that move time, changed while contacts wait for it: hours, holidays, zones."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.engine.helpers import DENVER, after, at, local, minutes_until, tag
from tests.engine.test_delays import days_until_the_clock_changes
from tests.engine.test_windows import WEEK, hours
from tests.world import ALWAYS, EMAIL, Json, World, eventually

NEW_YORK = ZoneInfo("America/New_York")


async def waiting(world: World, step: Json, **campaign: Any) -> tuple[Json, Json, Json]:
    """A contact who waits for the step; contact, campaign, enrollment."""
    contact = await world.create_contact()
    values = {"respect_business_hours": True, **campaign}
    created = await world.create_campaign(step, **values)
    return contact, created, await world.enroll(created, contact)


def on_saturday_at_noon() -> tuple[Json, int]:
    """An e-mail that is due then, and how many minutes that takes."""
    minutes = minutes_until("Sat", 12)
    return after(EMAIL, minutes, "minutes"), minutes


async def change(world: World, campaign: Json, **values: Any) -> None:
    await world.admin.patch(f"/campaigns/{campaign['id']}", values)


async def length_asleep(world: World, enrollment: Json) -> int:
    """The length of its history, once it sleeps."""
    length = 0

    async def is_asleep() -> bool:
        nonlocal length
        found = await world.workflow(enrollment).fetch_history()
        length = len(found.events)
        return any(event.HasField("timer_started_event_attributes") for event in found.events)

    await eventually(is_asleep)
    return length


@pytest.mark.parametrize(
    "wider",
    [{"business_hours": ALWAYS}, {"respect_business_hours": False}, hours(9, 17, WEEK)],
    ids=["always", "not respected", "the weekend too"],
)
async def test_widened_hours_wake_who_waits_for_the_opening(world: World, wider: Json) -> None:
    step, minutes = on_saturday_at_noon()
    contact, campaign, enrollment = await waiting(world, step)
    await world.pass_time(enrollment, minutes=minutes + 2)
    await world.until(enrollment, lambda now: now["executions"][0]["status"] == "pending")
    assert await world.messages(contact["email"]) == []

    await change(world, campaign, **wider)

    enrollment = await world.finished(enrollment)
    assert local(enrollment["executions"][0]["started_at"]).startswith("Sat 12:")
    assert len(await world.messages(contact["email"])) == 1


async def test_holiday_taken_back_wakes_who_waits_for_the_day_after(world: World) -> None:
    minutes = minutes_until("Tue", 12)
    day = (datetime.now(DENVER) + timedelta(minutes=minutes)).date().isoformat()
    contact, campaign, enrollment = await waiting(
        world, after(EMAIL, minutes, "minutes"), holidays=[day]
    )
    assert local(enrollment["next_step_scheduled_at"]) == "Wed 09:00"
    await world.pass_time(enrollment, minutes=minutes + 2)

    await change(world, campaign, holidays=None)

    enrollment = await world.finished(enrollment)
    assert local(enrollment["executions"][0]["started_at"]).startswith("Tue 12:")
    assert len(await world.messages(contact["email"])) == 1


@pytest.mark.parametrize(
    ("changed", "opens"),
    [
        pytest.param(hours(9, 17, WEEK), "Sat 12:00", id="widened"),
        pytest.param(hours(9, 17, ["Wed"]), "Wed 09:00", id="narrowed"),
        pytest.param(hours(9, 17, timezone="America/New_York"), "Sat 12:00", id="another zone"),
        pytest.param({"respect_business_hours": False}, "Sat 12:00", id="not respected"),
    ],
)
async def test_changed_hours_show_the_new_opening_to_who_is_not_due_yet(
    world: World, changed: Json, opens: str
) -> None:
    step, _ = on_saturday_at_noon()
    _, campaign, enrollment = await waiting(world, step)
    assert local(enrollment["next_step_scheduled_at"]) == "Mon 09:00"

    await change(world, campaign, **changed)

    # Due within the minute: `minutes_until` counts whole ones.
    await world.until(enrollment, lambda now: local(now["next_step_scheduled_at"])[:6] == opens[:6])


async def test_narrowed_hours_hold_back_who_would_have_been_sent_to(world: World) -> None:
    step, minutes = on_saturday_at_noon()
    contact, campaign, enrollment = await waiting(world, step, **hours(9, 17, WEEK))

    await change(world, campaign, **hours(9, 17, ["Mon"]))

    await world.pass_time(enrollment, minutes=minutes + 2)
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, days=2)
    enrollment = await world.finished(enrollment)
    assert local(enrollment["executions"][0]["started_at"]) == "Mon 09:00"


async def test_new_zone_of_the_company_moves_who_waits_for_an_opening(world: World) -> None:
    step, _ = on_saturday_at_noon()
    _, _, enrollment = await waiting(world, step)
    assert local(enrollment["next_step_scheduled_at"]) == "Mon 09:00"

    await world.admin.patch("/settings", {"timezone": "America/New_York"})

    await world.until(
        enrollment, lambda now: local(now["next_step_scheduled_at"], NEW_YORK) == "Mon 09:00"
    )


async def test_new_zone_of_the_company_moves_who_counts_days_in_it(world: World) -> None:
    days = days_until_the_clock_changes(DENVER)
    _, _, enrollment = await waiting(world, after(tag("x"), days, "days"))
    before = at(enrollment["next_step_scheduled_at"])

    await world.admin.patch("/settings", {"timezone": "Asia/Tokyo"})

    due = at(enrollment["enrolled_at"]) + timedelta(days=days)
    assert before != due
    await world.until(enrollment, lambda now: at(now["next_step_scheduled_at"]) == due)


async def test_changed_hours_wake_nobody_whose_step_they_do_not_hold_back(world: World) -> None:
    _, campaign, enrollment = await waiting(world, after(tag("x"), 3, "days"))
    length = await length_asleep(world, enrollment)

    await change(world, campaign, business_hours=ALWAYS)
    await change(world, campaign, name="Other")

    assert await length_asleep(world, enrollment) == length


async def test_new_zone_of_the_company_wakes_nobody_whose_campaign_has_its_own(
    world: World,
) -> None:
    step, _ = on_saturday_at_noon()
    _, _, enrollment = await waiting(world, step, **hours(9, 17, timezone="America/Denver"))
    length = await length_asleep(world, enrollment)

    await world.admin.patch("/settings", {"timezone": "America/New_York"})
    await world.admin.patch("/settings", {"company_name": "Ridge"})

    assert await length_asleep(world, enrollment) == length
