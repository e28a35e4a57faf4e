"""Seeing what an edit of steps would do to those on their way, before it is saved."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from db.campaigns import enrolling
from db.session import engine
from db.tables import Enrollment, Execution
from tests.api.client import invalid_fields, problem
from tests.engine.edits import NO, YES, change, steps
from tests.engine.helpers import after, at, email, fork, inside, path, tag
from tests.world import ALWAYS, EMAIL, Json, World


async def foreseen(world: World, campaign: Json, method: str, below: str, body: Any = None) -> Json:
    """The preview of an edit, the others as they were."""
    before = await steps(world, campaign)
    response = await world.admin.request(
        method, f"/campaigns/{campaign['id']}/steps{below}?preview=true", json=body
    )
    assert response.status_code == 200, response.text
    assert await steps(world, campaign) == before
    answer: Json = response.json()
    return answer


def effect(answer: Json) -> tuple[int, int, int, int]:
    return answer["waiting"], answer["due_now"], answer["will_get"], answer["will_miss"]


async def enrolled(world: World, campaign: Json, count: int) -> list[Json]:
    return [await world.enroll(campaign, await world.create_contact()) for _ in range(count)]


async def let_wait(world: World, enrollment: Json, **length: float) -> None:
    """As if it had come to its step so much earlier."""
    earlier = timedelta(**length)
    row = UUID(enrollment["id"])
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Enrollment)
            .where(Enrollment.id == row)
            .values(waiting_since=Enrollment.waiting_since - earlier)
        )
        await session.execute(
            update(Execution)
            .where(Execution.enrollment_id == row)
            .values(started_at=Execution.started_at - earlier)
        )


async def test_shortened_delay_tells_who_comes_due_and_moves_nobody(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    early, late, paused = await enrolled(world, campaign, 3)
    for each in (late, paused):
        await let_wait(world, each, days=2)
    await world.staff.post(f"{path(paused)}/pause")
    (step,) = await steps(world, campaign)

    answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", {"delay_value": 1})

    assert answer["step"] == {**step, "delay_value": 1, "updated_at": answer["step"]["updated_at"]}
    assert effect(answer) == (3, 1, 0, 0)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        row = await session.get_one(Enrollment, UUID(late["id"]))
        assert row.refresh_requested_at is None
    assert (await world.detail(early))["why"] == early["why"]
    signals = [
        event
        async for event in world.workflow(late).fetch_history_events()
        if event.HasField("workflow_execution_signaled_event_attributes")
    ]
    assert signals == []

    assert await change(world, campaign, 0, delay_value=1) == {
        "step": {**answer["step"], "updated_at": (await steps(world, campaign))[0]["updated_at"]},
        "waiting": 3,
    }
    await world.finished(late)


@pytest.mark.parametrize(
    "values",
    [
        {"delay_value": 30},
        {"delay_value": 72, "delay_unit": "hours"},
        {"step_config": {"subject": "Hello", "html": "<p>Hello</p>"}},
        {"on_failure": "exit"},
    ],
)
async def test_edit_that_brings_nobody_forward_makes_nobody_due(world: World, values: Json) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    for each in await enrolled(world, campaign, 2):
        await let_wait(world, each, days=2)
    (step,) = await steps(world, campaign)

    answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", values)

    assert effect(answer) == (2, 0, 0, 0)


async def test_who_was_due_already_does_not_come_due(world: World) -> None:
    """It waits for its window, which the edit does not open."""
    night = {"start": 3, "end": 3.25, "days": ["Sun"], "timezone": "Pacific/Kiritimati"}
    campaign = await world.create_campaign(
        after(EMAIL, 2, "days"), respect_business_hours=True, business_hours=night
    )
    (enrollment,) = await enrolled(world, campaign, 1)
    await let_wait(world, enrollment, days=3)
    (step,) = await steps(world, campaign)

    answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", {"delay_value": 1})

    assert effect(answer) == (1, 0, 0, 0)


async def test_deleted_step_makes_due_whom_the_next_lets_wait_no_longer(world: World) -> None:
    campaign = await world.create_campaign(
        after(EMAIL, 5, "days"), after(email("Next"), 2, "days"), tag("last")
    )
    first, second = await enrolled(world, campaign, 2)
    await let_wait(world, second, days=3)
    found = await steps(world, campaign)

    answer = await foreseen(world, campaign, "DELETE", f"/{found[0]['id']}")

    assert answer["step"]["id"] == found[0]["id"]
    assert effect(answer) == (2, 1, 0, 2)
    assert (await world.detail(first))["current_step_id"] == found[0]["id"]


async def test_deleting_the_last_step_makes_nobody_due(world: World) -> None:
    """They are through."""
    campaign = await world.create_campaign(tag("one"), after(EMAIL, 5, "days"))
    (enrollment,) = await enrolled(world, campaign, 1)
    await world.until(enrollment, lambda now: now["current_step_order"] == 2)
    last = (await steps(world, campaign))[1]

    answer = await foreseen(world, campaign, "DELETE", f"/{last['id']}")

    assert effect(answer) == (1, 0, 0, 1)


async def test_deleting_a_conditional_counts_those_in_its_branches(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(after(tag("in"), 1, "days"), conditional, "true"))
    await world.activate(campaign)
    (enrollment,) = await enrolled(world, campaign, 1)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    answer = await foreseen(world, campaign, "DELETE", f"/{conditional['id']}")

    assert effect(answer) == (1, 1, 0, 1)


async def test_step_of_another_type_is_due_by_its_own_delay(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"))
    (enrollment,) = await enrolled(world, campaign, 1)
    await let_wait(world, enrollment, days=3)
    (step,) = await steps(world, campaign)

    answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", tag("instead"))

    assert answer["step"]["step_type"] == "manage_tags"
    assert effect(answer) == (1, 1, 0, 0)


async def test_time_limit_of_an_event_counts_from_when_its_wait_began(world: World) -> None:
    def until(days: int) -> Json:
        timeout = {"delay_value": days, "delay_unit": "days"}
        return {"until": {"event": "signed", "timeout": timeout}}

    campaign = await world.create_campaign({"step_type": "wait", "step_config": until(9)})
    early, late = await enrolled(world, campaign, 2)
    for each in (early, late):
        await world.until(each, lambda now: now["executions"][0]["started_at"] is not None)
    await let_wait(world, late, days=5)
    (step,) = await steps(world, campaign)
    below = f"/{step['id']}"

    shorter = await foreseen(world, campaign, "PATCH", below, {"step_config": until(4)})
    longer = await foreseen(world, campaign, "PATCH", below, {"step_config": until(10)})
    without = await foreseen(world, campaign, "PATCH", below, {"step_config": {}})

    assert effect(shorter) == (2, 1, 0, 0)
    assert effect(longer) == (2, 0, 0, 0)
    assert effect(without) == (2, 2, 0, 0)


async def test_added_step_is_shown_and_reaches_those_who_have_not_passed_it(world: World) -> None:
    campaign = await world.create_campaign(after(tag("one"), 1, "days"), after(EMAIL, 5, "days"))
    ahead, behind = await enrolled(world, campaign, 2)
    await world.pass_time(ahead, days=1, minutes=1)
    await world.until(ahead, lambda now: now["current_step_order"] == 2)

    between = await foreseen(world, campaign, "POST", "", {**tag("new"), "step_order": 2})
    last = await foreseen(world, campaign, "POST", "", tag("new"))

    assert (between["step"]["step_order"], between["step"]["step_type"]) == (2, "manage_tags")
    assert (between["step"]["waiting"], between["step"]["total_executed"]) == (0, 0)
    assert effect(between) == (0, 0, 1, 0)
    assert effect(last) == (0, 0, 2, 0)
    assert (await world.detail(behind))["current_step_order"] == 1


async def test_new_order_tells_who_would_miss_a_step(world: World) -> None:
    campaign = await world.create_campaign(
        after(tag("one"), 1, "days"), after(tag("two"), 1, "days"), after(tag("three"), 1, "days")
    )
    (enrollment,) = await enrolled(world, campaign, 1)
    one, two, three = [each["id"] for each in await steps(world, campaign)]

    worse = await foreseen(world, campaign, "PUT", "/order", {"step_ids": [two, one, three]})
    harmless = await foreseen(world, campaign, "PUT", "/order", {"step_ids": [one, three, two]})

    assert [each["id"] for each in worse["steps"]] == [two, one, three]
    assert worse["total"] == 3
    assert effect(worse) == (1, 0, 0, 1)
    assert effect(harmless) == (0, 0, 0, 0)
    assert (await world.detail(enrollment))["current_step_order"] == 1


async def test_preview_is_refused_as_the_edit_would_be(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    (step,) = await steps(world, campaign)
    base = f"/campaigns/{campaign['id']}/steps"
    mine = f"{base}/{step['id']}?preview=true"

    loop = fork(NO, false_path_step_id=step["id"])
    ask = world.admin.request
    problem(await ask("POST", f"{base}?preview=true", json=loop), 409, "not_ready")
    bad = {"step_config": {"subject": "{{ nobody }}", "html": "<p>Hi</p>"}}
    assert invalid_fields(await ask("PATCH", mine, json=bad)) == {"step_config.subject"}
    problem(await world.manager.request("DELETE", mine), 403, "forbidden")
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": "archived"})
    problem(await ask("DELETE", mine), 409, "campaign_archived")


async def test_preview_does_not_wait_for_those_who_move_in_the_campaign(world: World) -> None:
    """An edit does; a preview is asked for with each change of a form."""
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    (step,) = await steps(world, campaign)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await enrolling(session, UUID(campaign["id"]))
        async with asyncio.timeout(5):
            answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", {"delay_value": 1})
    assert effect(answer) == (0, 0, 0, 0)


async def test_paused_campaign_tells_who_would_be_due_when_it_goes_on(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    (enrollment,) = await enrolled(world, campaign, 1)
    due = at(enrollment["next_step_scheduled_at"])
    await let_wait(world, enrollment, days=2)
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})
    (step,) = await steps(world, campaign)

    answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", {"delay_value": 1})

    assert effect(answer) == (1, 1, 0, 0)
    assert at((await world.detail(enrollment))["next_step_scheduled_at"]) == due


async def test_days_are_counted_in_the_zone_of_each_contact(world: World) -> None:
    """Where the campaign says so; a zone that nobody knows is the company's."""
    hours = {**ALWAYS, "timezone": "contact"}
    campaign = await world.create_campaign(after(EMAIL, 9, "days"), business_hours=hours)
    for zone in ("Asia/Kolkata", None):
        contact = await world.create_contact(timezone=zone)
        await let_wait(world, await world.enroll(campaign, contact), days=3)
    (step,) = await steps(world, campaign)

    answer = await foreseen(world, campaign, "PATCH", f"/{step['id']}", {"delay_value": 2})

    assert effect(answer) == (2, 2, 0, 0)
