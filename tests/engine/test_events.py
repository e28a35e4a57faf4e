"""What happens to contacts ends their enrollments, and wakes those who wait for it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.events import insert_event
from db.session import engine
from tests.engine.events import FAR, add_trigger, enrollments_of, send_event, settled
from tests.world import EMAIL, World

Json = dict[str, Any]
TASK = {"step_type": "create_task", "step_config": {"title": "Call", "task_type": "call"}}


def wait_for(event: str) -> Json:
    timeout = {"delay_value": 5, "delay_unit": "days"}
    return {"step_type": "wait", "step_config": {"until": {"event": event, "timeout": timeout}}}


def fork(field: str, operator: str, value: object) -> Json:
    condition = {"field": field, "operator": operator, "value": value}
    return {"step_type": "conditional", "conditions": [condition]}


@pytest.mark.parametrize(
    ("goal", "event"),
    [
        ("appointments", "appointment_scheduled"),
        ("deals", "deal_won"),
        ("reviews", "review_received"),
        ("engagement", "email_clicked"),
        ("engagement", "sms_replied"),
    ],
)
async def test_goal_ends_the_sleeping_workflow_at_once(world: World, goal: str, event: str) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type=goal)
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await send_event(world, contact, event)

    enrollment = await world.finished(enrollment)
    assert (enrollment["status"], enrollment["exit_reason"]) == ("exited", "goal_achieved")
    assert enrollment["goal_achieved"]
    assert enrollment["goal_achieved_at"]
    assert enrollment["executions"] == []
    result = await world.workflow(enrollment).result()
    assert result["exit_reason"] == "goal_achieved"


async def test_goal_of_another_campaign_ends_nothing(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type="reviews")
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await send_event(world, contact, "appointment_scheduled")
    await settled(world, contact)
    assert (await world.detail(enrollment))["status"] == "active"


async def test_project_that_enters_its_won_stage_is_a_deal(world: World) -> None:
    await world.admin.patch("/settings", {"won_stage": "Contract signed"})
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type="deals")
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    project = (await world.admin.post("/projects", {"contact_id": contact["id"]}))["project"]
    await world.admin.patch(f"/projects/{project['id']}", {"stage": "contract signed "})
    assert (await world.finished(enrollment))["exit_reason"] == "goal_achieved"


async def test_paused_enrollment_ends_by_its_goal_too(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type="reviews")
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}"
    await world.admin.post(f"{path}/pause")
    await send_event(world, contact, "review_received")
    assert (await world.finished(enrollment))["exit_reason"] == "goal_achieved"


@pytest.mark.parametrize("event", ["sms_replied", "email_replied"])
async def test_reply_ends_the_drip_so_that_a_person_takes_over(world: World, event: str) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await send_event(world, contact, event)
    enrollment = await world.finished(enrollment)
    assert (enrollment["status"], enrollment["exit_reason"]) == ("exited", "replied")


async def test_reply_is_there_to_branch_on_where_it_ends_nothing(world: World) -> None:
    campaign = await world.create_campaign(
        {**fork("replied", "equals", True), "delay_value": 1, "delay_unit": "days"},
        exit_on_reply=False,
    )
    replying, silent = await world.create_contact(), await world.create_contact()
    enrollments = [await world.enroll(campaign, contact) for contact in (replying, silent)]
    await send_event(world, replying, "sms_replied")
    await settled(world, replying)
    branches = []
    for enrollment in enrollments:
        await world.pass_time(enrollment, days=2)
        over = await world.finished(enrollment)
        branches.append(over["executions"][0]["result_data"]["branch"])
    assert branches == [True, False]


@pytest.mark.parametrize("noun", ["contacts", "projects"])
async def test_stage_that_a_campaign_exits_on_ends_it(world: World, noun: str) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, exit_on_stages=["Lost", "won"])
    other = await world.create_campaign({**EMAIL, **FAR}, exit_on_stages=["sold"])
    contact = await world.create_contact()
    project = (await world.admin.post("/projects", {"contact_id": contact["id"]}))["project"]
    enrollment, unaffected = [await world.enroll(each, contact) for each in (campaign, other)]
    of_noun = {"contacts": contact["id"], "projects": project["id"]}[noun]
    await world.admin.patch(f"/{noun}/{of_noun}", {"stage": "lost"})
    assert (await world.finished(enrollment))["exit_reason"] == "stage_changed"
    await settled(world, contact)
    assert (await world.detail(unaffected))["status"] == "active"


async def test_event_that_is_waited_for_ends_the_wait_and_can_be_branched_on(world: World) -> None:
    campaign = await world.create_campaign(
        wait_for("estimate_viewed"), fork("event.amount", "greater_than", 1000)
    )
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["executions"][0]["status"] == "running")
    await send_event(world, contact, "something_else")
    await send_event(world, contact, "estimate_viewed", properties={"amount": 12000})

    waited, forked = (await world.finished(enrollment))["executions"]
    assert waited["status"] == "completed"
    assert waited["result_data"]["event_name"] == "estimate_viewed"
    assert forked["result_data"]["branch"] is True


async def test_wait_that_hears_nothing_ends_at_its_time_limit(world: World) -> None:
    campaign = await world.create_campaign(
        wait_for("estimate_viewed"), fork("event.event_name", "equals", "estimate_viewed")
    )
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.until(enrollment, lambda now: now["executions"][0]["status"] == "running")
    await world.pass_time(enrollment, days=6)
    waited, forked = (await world.finished(enrollment))["executions"]
    assert waited["result_data"] == {"timed_out": True}
    assert forked["result_data"]["branch"] is False


async def test_event_during_a_pause_ends_the_wait_on_resume(world: World) -> None:
    campaign = await world.create_campaign(wait_for("estimate_viewed"), TASK)
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["executions"][0]["status"] == "running")
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}"
    await world.admin.post(f"{path}/pause")
    await send_event(world, contact, "estimate_viewed")
    await settled(world, contact)
    assert (await world.detail(enrollment))["executions"][0]["status"] == "running"
    await world.admin.post(f"{path}/resume")
    assert (await world.finished(enrollment))["tasks_created"] == 1


async def test_event_with_an_id_is_taken_once(world: World) -> None:
    contact = await world.create_contact()
    first = await send_event(world, contact, "deal_won", event_id="crm-17")
    again = await send_event(world, contact, "deal_won", event_id="crm-17")
    assert again["id"] == first["id"]
    found = await world.admin.get("/events", contact_id=contact["id"], event_name="deal_won")
    assert found["total"] == 1


async def test_events_of_a_contact_are_processed_in_their_order(world: World) -> None:
    campaign = await world.create_campaign(
        {**EMAIL, **FAR}, goal_type="reviews", allow_re_enrollment=True
    )
    await add_trigger(world, campaign, "event", event_name="inspected")
    contact = await world.create_contact()
    async with world.database.transaction(engine(world.tenant_id)) as session:
        for name in ("review_received", "inspected", "review_received", "inspected"):
            await insert_event(session, UUID(contact["id"]), name, {})
    await settled(world, contact)
    # In any other order there would be one, or none that goes on.
    found = await enrollments_of(world, campaign, contact)
    assert sorted(enrollment["status"] for enrollment in found) == ["active", "exited"]


async def test_event_that_cannot_be_processed_holds_up_no_other(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type="reviews")
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        # No version of ours writes properties that are no object.
        await session.execute(
            text(
                "insert into events (tenant_id, contact_id, event_name, properties)"
                " values (:tenant, :contact, 'deal_won', '[]')"
            ),
            {"tenant": world.tenant_id, "contact": contact["id"]},
        )
        await insert_event(session, UUID(contact["id"]), "review_received", {})
    assert (await world.finished(enrollment))["exit_reason"] == "goal_achieved"
    async with world.database.transaction(engine(world.tenant_id)) as session:
        error = await session.scalar(text("select error from events where event_name = 'deal_won'"))
    assert error


async def test_change_that_is_rolled_back_leaves_no_event(world: World) -> None:
    contact = await world.create_contact(stage="new")

    async def change_and_fail() -> None:
        async with world.database.transaction(engine(world.tenant_id)) as session:
            await session.execute(
                text("update contacts set stage = 'sold' where id = :id"), {"id": contact["id"]}
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    names = [
        (event["event_name"], event["properties"].get("to_stage"))
        for event in (await world.admin.get("/events", contact_id=contact["id"]))["events"]
    ]
    assert ("contact_stage_changed", "sold") not in names
    assert ("contact_stage_changed", "new") in names
