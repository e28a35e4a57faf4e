"""Contacts that are held out of a campaign get nothing of it, and are what the others are compared with."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from temporalio.service import RPCError

from db.session import engine
from db.tables import Enrollment
from domain.analytics import Totals
from domain.periods import Period
from services.holdouts import report_on_holdout
from services.reconcile import Reconciler
from services.settings import Settings
from services.temporal import Dispatcher
from tests.api.client import problem
from tests.engine.events import (
    FAR,
    add_trigger,
    enrolled,
    enrollments_of,
    send_event,
    settled,
)
from tests.engine.helpers import path
from tests.engine.jobs import enrolled_in_bulk, outcome
from tests.world import EMAIL, Json, World

Side = tuple[Any, ...]

HELD_OUT = ("exited", "held_out", True)


def fate(enrollment: Json) -> tuple[str, str, bool]:
    return enrollment["status"], enrollment["exit_reason"], enrollment["is_holdout"]


async def refusal(world: World, campaign: Json, contact: Json, code: str) -> Json:
    body = {"contact_id": contact["id"]}
    url = f"/campaigns/{campaign['id']}/enrollments"
    return problem(await world.staff.request("POST", url, json=body), 409, code)


async def both_sides(world: World, **campaign: Any) -> tuple[Json, Json, Json]:
    """A campaign that holds half of the contacts out; an enrollment that is, and one that is not."""
    halved = await world.create_campaign(EMAIL, holdout_percent=50, **campaign)
    found: dict[bool, Json] = {}
    while len(found) < 2:
        enrollment = await world.enroll(halved, await world.create_contact())
        if enrollment["is_holdout"] in found:
            # A third one would be counted, too.
            halved = await world.create_campaign(EMAIL, holdout_percent=50, **campaign)
            found = {}
        else:
            found[enrollment["is_holdout"]] = enrollment
    return halved, found[True], await world.finished(found[False])


async def sides(world: World, campaign: Json) -> tuple[Side, Side] | None:
    """The holdout, and the others."""
    report = (await world.admin.get(f"/campaigns/{campaign['id']}/analytics"))["analytics"]
    if (holdout := report["holdout"]) is None:
        return None
    names = ("enrolled", "goals_achieved", "revenue")
    return tuple(holdout[name] for name in names), tuple(holdout["treated"][name] for name in names)


def arm(enrolled: int, goals: int, revenue: str = "0.00") -> Side:
    return enrolled, goals, revenue


async def tell(world: World, enrollment: Json, name: str, **values: Any) -> None:
    contact = {"id": enrollment["contact_id"]}
    await send_event(world, contact, name, **values)
    await settled(world, contact)


async def test_contact_that_is_held_out_gets_nothing_and_has_no_workflow(
    world: World, settings: Settings
) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100)
    contact = await world.create_contact()

    enrollment = await world.detail(await world.enroll(campaign, contact))

    assert fate(enrollment) == HELD_OUT
    assert enrollment["exited_at"] == enrollment["enrolled_at"]
    assert "held out" in enrollment["why"]
    assert enrollment["executions"] == []
    dispatcher = Dispatcher(world.temporal, world.database)
    await Reconciler(world.database, world.temporal, dispatcher, settings.rates).run()
    with pytest.raises(RPCError, match="not found"):
        await world.workflow(enrollment).describe()
    assert await world.messages(contact["email"]) == []
    assert fate(await world.detail(enrollment)) == HELD_OUT
    campaign = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert (campaign["total_enrolled"], campaign["total_completed"]) == (0, 0)


async def test_campaign_without_holdout_holds_nobody_out_and_compares_nothing(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    enrollment = await world.finished(await world.enroll(campaign, await world.create_contact()))
    assert fate(enrollment) == ("completed", "completed", False)
    assert await sides(world, campaign) is None


async def test_bulk_holds_out_too(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100)
    contacts = [await world.create_contact() for _ in range(3)]

    job = await enrolled_in_bulk(world, campaign, contact_ids=[each["id"] for each in contacts])

    assert outcome(job) == ("completed", 3, [])
    for contact in contacts:
        (enrollment,) = await enrollments_of(world, campaign, contact)
        assert fate(enrollment) == HELD_OUT
        assert enrollment["enrollment_source"] == "bulk_import"


async def test_trigger_holds_out_too_and_once(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100, allow_re_enrollment=True)
    await add_trigger(world, campaign, "event", event_name="signed")
    contact = await world.create_contact()
    for _ in range(2):
        await send_event(world, contact, "signed")
        await settled(world, contact)
    assert fate(await enrolled(world, campaign, contact)) == HELD_OUT
    assert len(await enrollments_of(world, campaign, contact)) == 1


async def test_contact_is_held_out_once_whatever_happens_at_the_same_time(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100, allow_re_enrollment=True)
    contact = await world.create_contact()
    url, body = f"/campaigns/{campaign['id']}/enrollments", {"contact_id": contact["id"]}
    answers = await asyncio.gather(
        *(world.staff.request("POST", url, json=body) for _ in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert len(await enrollments_of(world, campaign, contact)) == 1
    refused = await refusal(world, campaign, contact, "already_enrolled")
    assert "held out" in refused["detail"]


async def test_contact_gets_the_campaign_when_it_holds_nobody_out_any_more(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100)
    contact = await world.create_contact()
    await world.enroll(campaign, contact)

    await world.admin.patch(f"/campaigns/{campaign['id']}", {"holdout_percent": 0})

    enrollment = await world.finished(await world.enroll(campaign, contact))
    assert fate(enrollment) == ("completed", "completed", False)
    assert len(await world.messages(contact["email"])) == 1
    await refusal(world, campaign, contact, "re_enrollment_not_allowed")


async def test_contact_that_is_held_out_takes_no_place_and_is_refused_where_there_is_none(
    world: World,
) -> None:
    campaign, _, _ = await both_sides(world, max_enrollments=2)
    total = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]["total_enrolled"]
    assert total == 1
    taken = held_out = 1
    while taken < 2:
        enrollment = await world.enroll(campaign, await world.create_contact())
        taken += not enrollment["is_holdout"]
        held_out += enrollment["is_holdout"]

    for _ in range(4):
        await refusal(world, campaign, await world.create_contact(), "max_enrollments_reached")
    assert await sides(world, campaign) == (arm(held_out, 0), arm(2, 0))


@pytest.mark.parametrize("action", ["pause", "resume", "exit"])
async def test_there_is_nothing_to_pause_or_end_for_who_is_held_out(
    world: World, action: str
) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100)
    enrollment = await world.enroll(campaign, await world.create_contact())
    answer = await world.staff.request("POST", f"{path(enrollment)}/{action}", json={})
    problem(answer, 409, "enrollment_over")


async def test_goals_and_revenue_are_counted_alike_on_both_sides(world: World) -> None:
    campaign, held_out, treated = await both_sides(world, goal_type="deals")
    assert await sides(world, campaign) == (arm(1, 0), arm(1, 0))

    await tell(world, treated, "deal_won", properties={"amount": "12500.50"})
    assert await sides(world, campaign) == (arm(1, 0), arm(1, 1, "12500.50"))
    for amount in (900, 100):
        await tell(world, held_out, "deal_won", properties={"amount": amount})
    assert await sides(world, campaign) == (arm(1, 1, "1000.00"), arm(1, 1, "12500.50"))


async def test_what_the_holdout_brings_in_is_not_the_campaigns(world: World) -> None:
    campaign, held_out, _ = await both_sides(world, goal_type="deals")
    await tell(world, held_out, "deal_won", properties={"amount": 700})

    enrollment = await world.detail(held_out)
    assert enrollment["revenue_attributed"] == "0.00"
    assert not enrollment["goal_achieved"]
    campaign = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert campaign["total_revenue"] == "0.00"


async def test_deal_of_a_held_out_contact_goes_to_the_campaign_that_touched_it(
    world: World,
) -> None:
    holding = await world.create_campaign(EMAIL, holdout_percent=100)
    contact = await world.create_contact()
    other = await world.create_campaign(EMAIL)
    touched = await world.finished(await world.enroll(other, contact))
    held_out = await world.enroll(holding, contact)

    await tell(world, held_out, "deal_won", properties={"amount": 700})

    assert (await world.detail(touched))["revenue_attributed"] == "700.00"
    assert await sides(world, holding) == (arm(1, 0, "700.00"), arm(0, 0))


async def test_other_goal_than_the_campaigns_is_not_counted(world: World) -> None:
    campaign, held_out, _ = await both_sides(world, goal_type="reviews")
    await tell(world, held_out, "appointment_scheduled")
    assert await sides(world, campaign) == (arm(1, 0), arm(1, 0))
    await tell(world, held_out, "review_received")
    await tell(world, held_out, "review_received")
    assert await sides(world, campaign) == (arm(1, 1), arm(1, 0))


async def test_deal_that_is_told_twice_is_one_and_is_taken_back(world: World) -> None:
    campaign, held_out, _ = await both_sides(world, goal_type="deals")
    body = {"contact_id": held_out["contact_id"], "estimate_amount": "9000"}
    project = (await world.admin.post("/projects", body))["project"]
    await world.admin.patch(f"/projects/{project['id']}", {"stage": "won"})
    await settled(world, {"id": held_out["contact_id"]})
    assert await sides(world, campaign) == (arm(1, 1, "9000.00"), arm(1, 0))

    # An event that names no project is about the only one.
    await tell(world, held_out, "deal_won", properties={"amount": 9500})
    assert await sides(world, campaign) == (arm(1, 1, "9500.00"), arm(1, 0))
    await tell(world, held_out, "deal_won", properties={"amount": -9500})
    assert await sides(world, campaign) == (arm(1, 1), arm(1, 0))


async def test_goal_outside_of_the_attribution_window_is_not_counted(world: World) -> None:
    campaign, held_out, _ = await both_sides(world, goal_type="reviews")
    before = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    await tell(world, held_out, "review_received", occurred_at=before)
    assert await sides(world, campaign) == (arm(1, 0), arm(1, 0))

    await world.admin.patch("/settings", {"attribution_days": 30})
    async with world.database.transaction(engine(world.tenant_id)) as session:
        earlier = Enrollment.enrolled_at - timedelta(days=30)
        await session.execute(update(Enrollment).values(enrolled_at=earlier))
    await tell(world, held_out, "review_received")
    assert await sides(world, campaign) == (arm(1, 0), arm(1, 0))


async def test_contact_counts_with_its_first_enrollment_alone(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, allow_re_enrollment=True)
    before = await world.create_contact()
    await world.finished(await world.enroll(campaign, before))
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"holdout_percent": 100})

    # Who has had the campaign is held out, and compared with nobody.
    assert fate(await world.enroll(campaign, before)) == HELD_OUT
    assert await sides(world, campaign) is None
    await world.enroll(campaign, await world.create_contact())
    assert await sides(world, campaign) == (arm(1, 0), arm(0, 0))


async def test_what_a_contact_does_once_it_gets_the_campaign_after_all_is_not_the_holdouts(
    world: World,
) -> None:
    campaign = await world.create_campaign(
        {**EMAIL, **FAR}, goal_type="reviews", holdout_percent=100
    )
    contact = await world.create_contact()
    held_out = await world.enroll(campaign, contact)
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"holdout_percent": 0})
    enrollment = await world.enroll(campaign, contact)

    await tell(world, held_out, "review_received")

    assert (await world.detail(enrollment))["exit_reason"] == "goal_achieved"
    assert await sides(world, campaign) == (arm(1, 0), arm(0, 0))


async def test_report_of_the_campaign_has_both_sides_and_the_holdout_is_nowhere_else_in_it(
    world: World,
) -> None:
    campaign, _, treated = await both_sides(world, goal_type="deals")
    await tell(world, treated, "deal_won", properties={"amount": "900"})

    url = f"/campaigns/{campaign['id']}/analytics"
    analytics = (await world.admin.get(url))["analytics"]

    holdout = analytics["holdout"]
    assert holdout["treated"] == {
        "enrolled": 1,
        "goals_achieved": 1,
        "goal_rate": 1.0,
        "revenue": "900.00",
    }
    sides = ("enrolled", "goals_achieved", "goal_rate", "revenue", "lift", "difference")
    assert [holdout[name] for name in sides] == [1, 0, 0.0, "0.00", None, 1.0]
    assert holdout["low"] < 1.0 == holdout["high"]
    assert analytics["overview"]["total_enrolled"] == 1
    assert sum(analytics["by_status"].values()) == 1
    before = await world.admin.get(url, to="2020-01-01")
    assert before["analytics"]["holdout"] is None


async def test_whoever_comes_while_a_report_is_read_makes_no_rate_of_more_than_all(
    world: World,
) -> None:
    campaign = await world.create_campaign(EMAIL, holdout_percent=100, goal_type="reviews")
    for _ in range(2):
        held_out = await world.enroll(campaign, await world.create_contact())
        await tell(world, held_out, "review_received")
    read_before = Totals(compared=1, held_out=1)

    async with world.database.transaction(engine(world.tenant_id)) as session:
        ever = Period(None, None, "UTC")
        found = await report_on_holdout(session, UUID(campaign["id"]), ever, read_before)

    assert found
    assert (found.goals_achieved, found.goal_rate, found.difference) == (1, 1.0, -1.0)
