"""Reports over the API. No worker runs: what happened is written as the engine writes it."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from db.session import engine
from db.tables import Attribution, Enrollment, Event, Execution
from domain.enums import Role
from tests.api.client import caller, invalid_fields, problem
from tests.world import EMAIL, TEXT, World

Json = dict[str, Any]

# 23:30 on 7 March in Denver, two and a half hours before clocks go forward.
LATE = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
SHAPE = {
    "overview": {
        "total_enrolled", "completed", "completion_rate", "goals_achieved", "goal_rate", "goal_target",
        "goal_progress", "revenue",
    },
    "email": {
        "sent", "delivered", "opened", "open_rate", "clicked", "click_rate", "bounced", "unsubscribed",
    },
    "sms": {"sent", "delivered", "replies", "reply_rate"},
    "by_status": {"active", "completed", "exited", "paused", "failed"},
}  # fmt: skip
DAY = {
    "date", "enrolled", "emails_sent", "emails_opened", "emails_clicked", "sms_sent", "sms_replied", "goals",
    "revenue",
}  # fmt: skip


async def enroll(world: World, campaign: Json, at: datetime = LATE, **values: object) -> UUID:
    """Somebody who was enrolled at that time, and has begun with nothing yet."""
    enrollment = await world.enroll(campaign, await world.create_contact())
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Enrollment)
            .where(Enrollment.id == UUID(enrollment["id"]))
            .values(enrolled_at=at, **values)
        )
    return UUID(enrollment["id"])


async def send(world: World, enrollment: UUID, at: datetime = LATE, **became: object) -> None:
    """The message that the enrollment waits for is sent."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Execution)
            .where(Execution.enrollment_id == enrollment)
            .values({"status": "completed", "completed_at": at, **became})
        )


async def earn(world: World, enrollment: UUID, amount: str, at: datetime = LATE) -> None:
    """A deal that is put down to the enrollment."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        row = await session.get_one(Enrollment, enrollment)
        contact = {"tenant_id": world.tenant_id, "contact_id": row.contact_id}
        event = insert(Event).values(**contact, event_name="deal_won", processed_at=at)
        event_id = (await session.scalars(event.returning(Event.id))).one()
        of = {"campaign_id": row.campaign_id, "enrollment_id": row.id, "event_id": event_id}
        deal = {"amount": Decimal(amount), "occurred_at": at}
        await session.execute(insert(Attribution).values(**contact, **of, **deal))


async def report(world: World, campaign: Json, **params: str) -> Json:
    answer: Json = (await world.staff.get(path_of(campaign), **params))["analytics"]
    return answer


def path_of(campaign: Json) -> str:
    return f"/campaigns/{campaign['id']}/analytics"


def subset(whole: Mapping[str, Any], **values: object) -> bool:
    return {name: whole[name] for name in values} == values


async def test_new_campaign_has_zeros_and_no_rates(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)

    analytics = await report(world, campaign)

    for section, names in SHAPE.items():
        assert analytics[section].keys() == names
        assert all(analytics[section][name] is None for name in names if name.endswith("_rate"))
    assert analytics["overview"]["goal_progress"] is None
    assert analytics["overview"]["revenue"] == "0.00"
    assert (analytics["series"], analytics["variants"]) == ([], [])
    assert analytics["recent_enrollments"] == []
    (step,) = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    zeros = dict.fromkeys(("entered", "completed", "waiting", "failed", "skipped", "unknown"), 0)
    assert analytics["funnel"] == [{"step_id": step["id"], "step_type": "send_email", **zeros}]


async def test_rates_are_of_what_did_not_bounce(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, goal_type="deals", goal_target=8)
    became: list[Json] = [
        {"bounced_at": LATE},
        {"delivered_at": LATE, "opened_at": LATE},
        {"delivered_at": LATE, "opened_at": LATE, "clicked_at": LATE, "unsubscribed_at": LATE},
        {"delivered_at": LATE},
        {"delivered_at": LATE},
    ]
    for each in became:
        reached: Json = {"goal_achieved": "clicked_at" in each, "status": "exited"}
        await send(world, await enroll(world, campaign, **reached), **each)
    await enroll(world, campaign)

    analytics = await report(world, campaign)

    assert analytics["email"] == {
        "sent": 5, "delivered": 4, "opened": 2, "open_rate": 0.5, "clicked": 1, "click_rate": 0.25,
        "bounced": 1, "unsubscribed": 1,
    }  # fmt: skip
    assert subset(analytics["overview"], total_enrolled=6, goals_achieved=1, goal_progress=1 / 8)
    assert analytics["overview"]["goal_rate"] == pytest.approx(1 / 6)
    assert analytics["by_status"] == {
        "active": 1, "completed": 0, "exited": 5, "paused": 0, "failed": 0,
    }  # fmt: skip
    assert subset(analytics["funnel"][0], entered=6, completed=5, waiting=1)
    recent = analytics["recent_enrollments"]
    assert [each["enrolled_at"] for each in recent] == ["2026-03-08T06:30:00Z"] * 6
    assert subset(recent[0], contact_name="Ann Lee", steps_completed=0, steps_total=1)


async def test_replies_to_texts_are_counted_once_each(world: World) -> None:
    campaign = await world.create_campaign(TEXT)
    for replied_at in (LATE, None, None, None):
        await send(world, await enroll(world, campaign), replied_at=replied_at, delivered_at=LATE)

    analytics = await report(world, campaign)

    assert analytics["sms"] == {"sent": 4, "delivered": 4, "replies": 1, "reply_rate": 0.25}
    (day,) = analytics["series"]
    assert subset(day, sms_sent=4, sms_replied=1, emails_sent=0)


async def test_day_is_that_of_the_zone(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    await enroll(world, campaign)

    async def days(**params: str) -> list[tuple[str, int]]:
        return [
            (day["date"], day["enrolled"])
            for day in (await report(world, campaign, **params))["series"]
        ]

    assert await days() == [("2026-03-07", 1)]
    assert await days(timezone="America/New_York") == [("2026-03-08", 1)]
    around = {"from": "2026-03-06", "to": "2026-03-08"}
    assert await days(**around) == [("2026-03-06", 0), ("2026-03-07", 1), ("2026-03-08", 0)]
    assert await days(**{**around, "from": "2026-03-08"}) == [("2026-03-08", 0)]
    assert (await days(to="2026-03-06")) == []


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        # PostgreSQL knows a CET without summer time.
        ("CET", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)),
        # What its clocks do is another thing in every edition of the zones.
        ("America/Vancouver", datetime(2026, 12, 1, 7, 30, tzinfo=UTC)),
    ],
)
async def test_day_is_that_of_our_own_zones_whatever_postgresql_takes_them_for(
    world: World, zone: str, at: datetime
) -> None:
    campaign = await world.create_campaign(EMAIL)
    await enroll(world, campaign, at)
    day = at.astimezone(ZoneInfo(zone)).date().isoformat()

    shown = await report(world, campaign, **{"from": day, "to": day, "timezone": zone})

    assert [(each["date"], each["enrolled"]) for each in shown["series"]] == [(day, 1)]


async def test_day_has_all_its_metrics(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, goal_type="deals")
    enrollment = await enroll(world, campaign, goal_achieved=True, goal_achieved_at=LATE)
    await send(world, enrollment, opened_at=LATE, clicked_at=LATE)
    await earn(world, enrollment, "9400.50")

    (day,) = (await report(world, campaign))["series"]

    assert day.keys() == DAY
    assert day == {
        "date": "2026-03-07", "enrolled": 1, "emails_sent": 1, "emails_opened": 1, "emails_clicked": 1,
        "sms_sent": 0, "sms_replied": 0, "goals": 1, "revenue": "9400.50",
    }  # fmt: skip


async def test_open_counts_on_its_day_and_in_the_rate_of_what_was_sent(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    later = LATE + timedelta(days=3)
    await send(world, await enroll(world, campaign), opened_at=later)
    await send(world, await enroll(world, campaign))

    first = await report(world, campaign, **{"from": "2026-03-07", "to": "2026-03-07"})
    second = await report(world, campaign, **{"from": "2026-03-11", "to": "2026-03-11"})
    ever = await report(world, campaign)

    assert subset(first["email"], sent=2, opened=1, open_rate=0.5)
    assert subset(first["series"][0], emails_sent=2, emails_opened=0)
    assert subset(second["email"], sent=0, opened=0, open_rate=None)
    assert subset(second["series"][0], emails_sent=0, emails_opened=1)
    assert sum(day["emails_opened"] for day in ever["series"]) == ever["email"]["opened"] == 1
    assert [day["date"] for day in ever["series"]] == [
        "2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10", "2026-03-11",
    ]  # fmt: skip


async def test_revenue_that_is_taken_back_is_negative_on_its_day(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    enrollment = await enroll(world, campaign)
    await earn(world, enrollment, "9400.00")
    await earn(world, enrollment, "-400.10", LATE + timedelta(hours=20))

    analytics = await report(world, campaign)

    assert [day["revenue"] for day in analytics["series"]] == ["9400.00", "-400.10"]
    assert analytics["overview"]["revenue"] == "8999.90"


async def test_revenue_of_the_year_1_is_reported_all_the_same(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, goal_type="deals")
    enrollment = await enroll(world, campaign)
    await earn(world, enrollment, "900.00")
    await earn(world, enrollment, "-500.00", datetime(1, 1, 1, tzinfo=UTC))

    for path, zone in ((path_of(campaign), "Asia/Tokyo"), ("/analytics", "America/Denver")):
        analytics = (await world.staff.get(path, timezone=zone))["analytics"]
        assert analytics["overview"]["revenue"] == "400.00"
        revenue = [day["revenue"] for day in analytics["series"] if day["revenue"] != "0.00"]
        assert revenue == ["-500.00", "900.00"]


async def test_variants_are_told_apart(world: World) -> None:
    variants = [{"name": "Short", "weight": 1, "subject": "Hi"}, {"name": "Long", "weight": 1}]
    step = {**EMAIL, "step_config": {**EMAIL["step_config"], "variants": variants}}  # type: ignore[dict-item]
    campaign = await world.create_campaign(step)
    for opened_at in (LATE, LATE, None):
        await send(world, await enroll(world, campaign), variant="Short", opened_at=opened_at)
    await send(world, await enroll(world, campaign), variant="Short", bounced_at=LATE)

    short, long = (await report(world, campaign))["variants"]

    assert subset(short, name="Short", sent=4, opened=2, clicked=0, replied=0, winner=False)
    assert short["rate"] == pytest.approx(2 / 3)
    assert 0 < short["low"] < short["rate"] < short["high"] < 1
    assert subset(long, name="Long", sent=0, opened=0, rate=None, low=None, high=None)


async def test_company_lists_who_earned_most_first(world: World) -> None:
    campaigns = {
        name: await world.create_campaign(EMAIL, name=name) for name in ("Hail", "Rain", "Snow")
    }
    for name, amounts in (("Hail", ["100.00"]), ("Rain", ["9400.00", "0.50"])):
        enrollment = await enroll(world, campaigns[name])
        for amount in amounts:
            await earn(world, enrollment, amount)
    await world.admin.delete(f"/campaigns/{campaigns['Hail']['id']}")

    analytics = (await world.manager.get("/analytics"))["analytics"]

    shown = [(each["name"], each["revenue"]) for each in analytics["campaigns"]]
    assert shown == [("Rain", "9400.50"), ("Hail", "100.00"), ("Snow", "0.00")]
    assert subset(analytics["overview"], revenue="9500.50", total_enrolled=2, goal_target=None)
    assert analytics["campaigns"][0]["campaign_id"] == campaigns["Rain"]["id"]
    assert analytics["series"][0]["revenue"] == "9500.50"
    later = await world.manager.get("/analytics", **{"from": "2026-03-08", "to": "2026-03-09"})
    assert [each["name"] for each in later["analytics"]["campaigns"]] == ["Rain", "Snow"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from": "2026-03-08", "to": "2026-03-07"}, "to"),
        ({"from": "soon"}, "from"),
        ({"from": "1772900000"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"to": "9999-12-31"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": ""}, "timezone"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".csv"])
async def test_range_that_makes_no_sense_is_refused(
    world: World, params: dict[str, str], field: str, suffix: str
) -> None:
    campaign = await world.create_campaign(EMAIL)
    for path in (path_of(campaign), "/analytics"):
        response = await world.admin.request("GET", f"{path}{suffix}", params=params)
        assert invalid_fields(response) == {field}


async def test_range_may_be_of_one_day_or_of_a_lifetime(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    await enroll(world, campaign)

    day = await report(world, campaign, **{"from": "2026-03-07", "to": "2026-03-07"})
    lifetime = await report(world, campaign, **{"from": "1970-01-01", "to": "2999-12-31"})
    open_end = await report(world, campaign, **{"from": "2026-03-07"})

    assert len(day["series"]) == 1
    # Ten years of idle days are enough.
    assert len(lifetime["series"]) == 3660
    assert sum(each["enrolled"] for each in lifetime["series"]) == 1
    assert lifetime["overview"] == day["overview"] == open_end["overview"]
    assert open_end["series"][0]["enrolled"] == 1
    assert open_end["series"][-1]["date"] >= "2026-11-01"


async def test_csv_has_the_numbers_of_the_report(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    enrollment = await enroll(world, campaign)
    await send(world, enrollment)
    await earn(world, enrollment, "-12.50")
    analytics = await report(world, campaign)

    for table in ("series", "funnel", "variants"):
        response = await world.staff.request(
            "GET", f"{path_of(campaign)}.csv", params={"table": table}
        )
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert response.headers["content-disposition"] == f'attachment; filename="{table}.csv"'
        rows = list(csv.DictReader(StringIO(response.text)))
        assert rows == [
            {name: str(value) for name, value in row.items()} for row in analytics[table]
        ]


async def test_no_cell_of_a_csv_file_is_a_formula(world: World) -> None:
    names = (
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        '"=1',
        "\N{FULLWIDTH EQUALS SIGN}1",
        "a,=1",
    )
    for name in names:
        await world.create_campaign(EMAIL, name=name, activate=False)

    response = await world.admin.request("GET", "/analytics.csv", params={"table": "campaigns"})

    rows = list(csv.DictReader(StringIO(response.text)))
    assert len(rows) == len(names)
    for row in rows:
        assert all(
            cell.lstrip()[:1] not in {*"=+-@\N{FULLWIDTH EQUALS SIGN}"}
            for cell in row.values()
            if cell
        ), row


@pytest.mark.parametrize("suffix", ["", ".csv"])
async def test_report_of_a_campaign_that_is_not_theirs_is_not_found(
    world: World, stranger: World, suffix: str
) -> None:
    campaign = await world.create_campaign(EMAIL)
    for path in (path_of(campaign), path_of({"id": uuid4()})):
        problem(await stranger.admin.request("GET", f"{path}{suffix}"), 404, "not_found")


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_of_the_company_sees_reports(world: World, role: Role) -> None:
    campaign = await world.create_campaign(EMAIL)
    for path in (path_of(campaign), f"{path_of(campaign)}.csv", "/analytics", "/analytics.csv"):
        assert (await caller(world, role).request("GET", path)).status_code == 200


async def test_report_of_a_deleted_campaign_is_still_there(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    await enroll(world, campaign)
    await world.admin.delete(f"/campaigns/{campaign['id']}")

    analytics = await report(world, campaign)

    assert analytics["by_status"]["exited"] == 1
