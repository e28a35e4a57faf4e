"""When a step is due: its delay after the end of the step before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.engine.helpers import DENVER, after, at, email, minutes_until, statuses, tag
from tests.world import EMAIL, World

SLACK = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("value", "unit", "elapsed"),
    [
        (45, "minutes", timedelta(minutes=45)),
        (5, "hours", timedelta(hours=5)),
        (3, "days", timedelta(days=3)),
        (2, "weeks", timedelta(weeks=2)),
    ],
)
async def test_step_is_due_its_delay_after_enrolling(
    world: World, value: int, unit: str, elapsed: timedelta
) -> None:
    await world.admin.patch("/settings", {"timezone": "America/Phoenix"})
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, value, unit))

    enrollment = await world.enroll(campaign, contact)
    due = at(enrollment["enrolled_at"]) + elapsed
    assert at(enrollment["next_step_scheduled_at"]) == due
    await world.skipper.fast_forward(world.workflow(enrollment), elapsed - timedelta(minutes=2))
    waiting = await world.detail(enrollment)
    assert statuses(waiting) == [("send_email", "pending")]
    assert at(waiting["executions"][0]["scheduled_at"]) == due
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, minutes=3)

    enrollment = await world.finished(enrollment)
    started = at(enrollment["executions"][0]["started_at"])
    assert due <= started < due + SLACK
    assert len(await world.messages(contact["email"])) == 1


async def test_delay_counts_from_the_end_of_the_step_before(world: World) -> None:
    campaign = await world.create_campaign(
        after(tag("one"), 3, "hours"), tag("two"), after(tag("three"), 2, "hours")
    )
    enrollment = await world.enroll(campaign, await world.create_contact())

    await world.pass_time(enrollment, hours=3, minutes=1)
    middle = await world.until(enrollment, lambda now: len(now["executions"]) == 3)
    one, two, three = middle["executions"]
    assert at(two["scheduled_at"]) == at(one["completed_at"])
    assert at(three["scheduled_at"]) == at(two["completed_at"]) + timedelta(hours=2)
    assert middle["next_step_scheduled_at"] == three["scheduled_at"]
    assert middle["current_step_id"] == three["step_id"]
    assert middle["current_step_order"] == 3
    assert middle["steps_completed"] == 2
    await world.pass_time(enrollment, hours=2)

    await world.finished(enrollment)


async def test_delay_after_a_message_that_waited_for_its_window_counts_from_its_sending(
    world: World,
) -> None:
    campaign = await world.create_campaign(
        after(email("first"), minutes_until("Sat", 12), "minutes"),
        after(email("second"), 1, "days"),
        respect_business_hours=True,
    )
    enrollment = await world.enroll(campaign, await world.create_contact())

    await world.pass_time(enrollment, minutes=minutes_until("Mon", 9) + 8 * 24 * 60)

    enrollment = await world.finished(enrollment)
    first, second = (at(each["started_at"]).astimezone(DENVER) for each in enrollment["executions"])
    assert first.strftime("%a %H") == "Mon 09"
    assert second.strftime("%a %H") == "Tue 09"


@pytest.mark.parametrize("unit", ["days", "hours"])
async def test_days_keep_the_wall_clock_across_a_change_of_it_and_hours_do_not(
    world: World, unit: str
) -> None:
    days = days_until_the_clock_changes(DENVER)
    contact = await world.create_contact()
    value = days if unit == "days" else days * 24
    campaign = await world.create_campaign(after(EMAIL, value, unit))
    enrollment = await world.enroll(campaign, contact)

    enrolled = at(enrollment["enrolled_at"]).astimezone(DENVER)
    due = at(enrollment["next_step_scheduled_at"]).astimezone(DENVER)
    assert due.utcoffset() != enrolled.utcoffset()
    if unit == "days":
        assert due.replace(tzinfo=None) == enrolled.replace(tzinfo=None) + timedelta(days=days)
    else:
        assert at(enrollment["next_step_scheduled_at"]) - enrolled == timedelta(days=days)
    await world.pass_time(enrollment, days=days, hours=2)

    enrollment = await world.finished(enrollment)
    started = at(enrollment["executions"][0]["started_at"])
    assert timedelta(0) <= started - due < SLACK


async def test_days_count_in_the_zone_of_the_business_hours(world: World) -> None:
    sydney = ZoneInfo("Australia/Sydney")
    days = days_until_the_clock_changes(sydney)
    hours = {"start": 0, "end": 24, "days": ["Mon"], "timezone": "Australia/Sydney"}
    campaign = await world.create_campaign(after(tag("x"), days, "days"), business_hours=hours)
    enrollment = await world.enroll(campaign, await world.create_contact())

    enrolled, due = (
        at(enrollment[name]).astimezone(sydney).replace(tzinfo=None)
        for name in ("enrolled_at", "next_step_scheduled_at")
    )
    assert due == enrolled + timedelta(days=days)


def days_until_the_clock_changes(zone: ZoneInfo) -> int:
    """Whole days until the offset is another, and some more, so that no hour is skipped or twice."""
    now = datetime.now(zone)
    offset = now.utcoffset()
    days = next(
        days for days in range(1, 366) if (now + timedelta(days=days)).utcoffset() != offset
    )
    assert (now.astimezone(UTC) + timedelta(days=days + 2)).astimezone(zone).utcoffset() != offset
    return days + 2
