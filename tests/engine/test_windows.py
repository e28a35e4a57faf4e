"""When a step that is due may reach a person: business hours, holidays, the hours for texts."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.engine.helpers import DENVER, after, at, email, local, minutes_until, statuses, tag
from tests.world import EMAIL, TEXT, Json, World

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
NEW_YORK, LOS_ANGELES = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
TASK = {"step_type": "create_task", "step_config": {"title": "x", "task_type": "call"}}
NOTE = {"step_type": "notify", "step_config": {"role": "admin", "title": "x", "message": "x"}}


def hours(start: float, end: float, days: list[str] = WEEK, **zone: str) -> Json:
    return {"business_hours": {"start": start, "end": end, "days": days, **zone}}


@pytest.mark.parametrize(
    ("business_hours", "due", "opens"),
    [
        pytest.param({}, ("Sat", 11), "Mon 09:00", id="weekend"),
        pytest.param({}, ("Fri", 17.05), "Mon 09:00", id="friday at five"),
        pytest.param({}, ("Tue", 22), "Wed 09:00", id="evening"),
        pytest.param({}, ("Tue", 3), "Tue 09:00", id="before dawn"),
        pytest.param(hours(9, 17.5), ("Tue", 17.6), "Wed 09:00", id="after half past five"),
        pytest.param(hours(8.25, 12), ("Tue", 5), "Tue 08:15", id="opens at a quarter past"),
        pytest.param(hours(10, 14, ["Sat"]), ("Tue", 11), "Sat 10:00", id="saturdays only"),
        pytest.param(
            hours(9, 17, timezone="America/New_York"), ("Tue", 3), "Tue 07:00", id="own zone"
        ),
        pytest.param(
            hours(9, 17, ["Wed"], timezone="Asia/Tokyo"),
            ("Tue", 12),
            "Tue 17:00",
            id="weekday over there",
        ),
    ],
)
async def test_message_due_outside_the_business_hours_waits_for_the_opening(
    world: World, business_hours: Json, due: tuple[str, float], opens: str
) -> None:
    minutes = minutes_until(*due)
    contact = await world.create_contact()
    opens = summer(opens, business_hours)
    enrollment = await enroll(world, after(EMAIL, minutes, "minutes"), contact, **business_hours)

    assert local(enrollment["next_step_scheduled_at"]) == opens
    await world.pass_time(enrollment, minutes=minutes + 2)
    waiting = await world.until(enrollment, lambda now: statuses(now)[0][1] == "pending")
    assert local(waiting["next_step_scheduled_at"]) == opens
    assert local(waiting["executions"][0]["scheduled_at"]) == opens
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, days=5)

    enrollment = await world.finished(enrollment)
    assert local(enrollment["executions"][0]["started_at"]) == opens
    assert len(await world.messages(contact["email"])) == 1


@pytest.mark.parametrize(
    ("business_hours", "due"),
    [
        pytest.param({}, ("Wed", 10), id="at ten"),
        pytest.param(hours(9, 17.5), ("Tue", 17.25), id="before half past five"),
        pytest.param(hours(0, 24, ["Sun"]), ("Sun", 23.5), id="up to midnight"),
    ],
)
async def test_message_due_within_the_business_hours_goes_out_when_due(
    world: World, business_hours: Json, due: tuple[str, float]
) -> None:
    minutes = minutes_until(*due)
    contact = await world.create_contact()
    enrollment = await enroll(world, after(EMAIL, minutes, "minutes"), contact, **business_hours)

    planned = at(enrollment["next_step_scheduled_at"])
    assert planned == at(enrollment["enrolled_at"]) + timedelta(minutes=minutes)
    await world.pass_time(enrollment, minutes=minutes + 2)

    enrollment = await world.finished(enrollment)
    assert at(enrollment["executions"][0]["started_at"]) - planned < timedelta(seconds=30)


@pytest.mark.parametrize("step", [TASK, NOTE], ids=["create_task", "notify"])
async def test_what_reaches_colleagues_waits_for_business_hours_too(
    world: World, step: Json
) -> None:
    enrollment = await enroll(
        world, after(step, minutes_until("Sat", 11), "minutes"), await world.create_contact()
    )

    assert local(enrollment["next_step_scheduled_at"]) == "Mon 09:00"


async def test_step_that_reaches_nobody_runs_when_due_at_night(world: World) -> None:
    minutes = minutes_until("Sat", 23)
    enrollment = await enroll(
        world, after(tag("x"), minutes, "minutes"), await world.create_contact()
    )

    await world.pass_time(enrollment, minutes=minutes + 2)

    enrollment = await world.finished(enrollment)
    assert local(enrollment["executions"][0]["started_at"]).startswith("Sat 23:0")


async def test_campaign_that_does_not_respect_business_hours_sends_at_night(world: World) -> None:
    minutes = minutes_until("Sat", 23)
    contact = await world.create_contact()
    enrollment = await enroll(
        world, after(EMAIL, minutes, "minutes"), contact, respect_business_hours=False
    )

    await world.pass_time(enrollment, minutes=minutes + 2)

    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


@pytest.mark.parametrize(
    ("contact_zone", "zone"),
    [("Pacific/Honolulu", ZoneInfo("Pacific/Honolulu")), (None, DENVER)],
    ids=["own", "tenant's"],
)
async def test_business_hours_in_the_contacts_zone_fall_back_to_the_tenants(
    world: World, contact_zone: str | None, zone: ZoneInfo
) -> None:
    contact = await world.create_contact(timezone=contact_zone)
    enrollment = await enroll(
        world,
        after(EMAIL, minutes_until("Sat", 11), "minutes"),
        contact,
        **hours(9, 17, WEEK[:5], timezone="contact"),
    )

    assert local(enrollment["next_step_scheduled_at"], zone) == "Mon 09:00"


async def test_tenants_own_holidays_are_left_out(world: World) -> None:
    minutes = minutes_until("Tue", 11)
    day = (datetime.now(DENVER) + timedelta(minutes=minutes)).date()
    enrollment = await enroll(
        world,
        after(EMAIL, minutes, "minutes"),
        await world.create_contact(),
        holidays=[day.isoformat(), (day + timedelta(days=1)).isoformat()],
    )

    assert local(enrollment["next_step_scheduled_at"]) == "Thu 09:00"


async def test_federal_holidays_are_left_out(world: World) -> None:
    christmas = datetime(datetime.now(DENVER).year, 12, 25, 11, tzinfo=DENVER)
    if christmas < datetime.now(DENVER) + timedelta(days=1):
        christmas = christmas.replace(year=christmas.year + 1)
    minutes = ceil((christmas.timestamp() - datetime.now(UTC).timestamp()) / 60)
    enrollment = await enroll(
        world,
        after(EMAIL, minutes, "minutes"),
        await world.create_contact(),
        holidays="us_federal",
        **hours(9, 17),
    )

    opening = at(enrollment["next_step_scheduled_at"]).astimezone(DENVER)
    assert opening.strftime("%d %b %H:%M") == "26 Dec 09:00"


async def test_step_that_finds_no_opening_for_14_days_is_skipped(world: World) -> None:
    first = datetime.now(DENVER).date()
    contact = await world.create_contact()
    enrollment = await enroll(
        world,
        EMAIL,
        contact,
        holidays=[(first + timedelta(days=days)).isoformat() for days in range(17)],
    )

    enrollment = await world.finished(enrollment)
    (skipped,) = enrollment["executions"]
    assert skipped["result_data"]["skipped"] == "no_opening"
    assert enrollment["status"] == "completed"


@pytest.mark.parametrize(
    ("values", "due", "opens"),
    [
        pytest.param(
            {"timezone": "America/Los_Angeles"},
            ("Tue", 9),
            (LOS_ANGELES, "Tue 09:00"),
            id="own zone, early",
        ),
        pytest.param(
            {"timezone": "America/New_York"}, ("Tue", 19), (NEW_YORK, "Wed 09:00"), id="late"
        ),
        pytest.param(
            {"postal_code": "90210"}, ("Sun", 8), (LOS_ANGELES, "Sun 09:00"), id="postal code"
        ),
        pytest.param(
            {"phone": "+12125550123"}, ("Sat", 19), (NEW_YORK, "Sun 09:00"), id="area code"
        ),
        pytest.param(
            {"phone": "+18005550123"}, ("Sat", 7), (LOS_ANGELES, "Sat 09:00"), id="all zones, early"
        ),
        pytest.param(
            {"phone": "+18885550123"}, ("Sat", 19), (LOS_ANGELES, "Sun 09:00"), id="and late"
        ),
        pytest.param(
            {"timezone": "America/Chicago", "state": "TX"},
            ("Sun", 9),
            (ZoneInfo("America/Chicago"), "Sun 12:00"),
            id="sundays in Texas",
        ),
    ],
)
async def test_text_waits_for_nine_in_the_morning_where_the_recipient_is(
    world: World, values: dict[str, Any], due: tuple[str, float], opens: tuple[ZoneInfo, str]
) -> None:
    contact = await world.create_contact(**values)
    minutes = minutes_until(*due)
    enrollment = await enroll(
        world, after(TEXT, minutes, "minutes"), contact, respect_business_hours=False
    )

    zone, opening = opens
    assert local(enrollment["next_step_scheduled_at"], zone) == opening
    await world.pass_time(enrollment, minutes=minutes + 5)
    assert await world.messages(contact["phone"]) == []
    await world.pass_time(enrollment, days=1)

    enrollment = await world.finished(enrollment)
    assert local(enrollment["executions"][0]["started_at"], zone) == opening
    assert len(await world.messages(contact["phone"])) == 1


async def test_text_waits_for_both_business_hours_and_the_hours_for_texts(world: World) -> None:
    contact = await world.create_contact(timezone="America/Los_Angeles")
    enrollment = await enroll(
        world, after(TEXT, minutes_until("Tue", 3), "minutes"), contact, **hours(6, 11)
    )

    assert local(enrollment["next_step_scheduled_at"]) == "Tue 10:00"


async def test_changed_business_hours_hold_for_who_waits_for_the_opening_and_after(
    world: World,
) -> None:
    minutes = minutes_until("Sat", 12)
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        after(EMAIL, minutes, "minutes"), email("next"), respect_business_hours=True
    )
    enrollment = await world.enroll(campaign, contact)
    await world.pass_time(enrollment, minutes=minutes + 2)
    await world.admin.patch(f"/campaigns/{campaign['id']}", hours(9, 17, ["Tue"]))

    await world.pass_time(enrollment, days=9)

    enrollment = await world.finished(enrollment)
    assert [local(each["started_at"])[:6] for each in enrollment["executions"]] == ["Tue 09"] * 2


def summer(opens: str, business_hours: Json) -> str:
    """Tokyo has no summer time: what is 17:00 in Denver's winter is 18:00 in its summer."""
    zone = business_hours.get("business_hours", {}).get("timezone")
    opening = datetime.now(DENVER) + timedelta(minutes=minutes_until(opens[:3], 12))
    if zone == "Asia/Tokyo" and opening.dst():
        return "Tue 18:00"
    return opens


async def enroll(world: World, step: Json, contact: Json, **campaign: Any) -> Json:
    values = {"respect_business_hours": True, **campaign}
    return await world.enroll(await world.create_campaign(step, **values), contact)
