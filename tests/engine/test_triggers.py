"""Triggers that listen to events enroll whom they match, once, and those of higher priority first."""

import asyncio
from typing import Any

import pytest

from tests.engine.events import (
    FAR,
    add_trigger,
    enrolled,
    enrollments_of,
    send_event,
    settled,
)
from tests.world import EMAIL, World

Json = dict[str, Any]


async def test_event_enrolls_whom_its_trigger_listens_for(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(world, campaign, "event", event_name="storm_reported")
    contact = await world.create_contact()
    project = (await world.admin.post("/projects", {"contact_id": contact["id"]}))["project"]
    await send_event(world, contact, "storm_reported", project_id=project["id"])

    enrollment = await enrolled(world, campaign, contact)
    assert enrollment["enrollment_source"] == "automatic_trigger"
    assert (enrollment["status"], enrollment["project_id"]) == ("active", project["id"])
    description = await world.workflow(enrollment).describe()
    assert description.workflow_type == "EnrollmentWorkflow"


async def test_other_event_or_an_event_that_a_filter_leaves_out_enrolls_nobody(
    world: World,
) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(
        world, campaign, "event", event_name="storm_reported", event_filters={"hail": True}
    )
    contact = await world.create_contact()
    await send_event(world, contact, "roof_inspected")
    await send_event(world, contact, "storm_reported", properties={"hail": False})
    await settled(world, contact)
    assert await enrollments_of(world, campaign, contact) == []
    await send_event(world, contact, "storm_reported", properties={"hail": True})
    await enrolled(world, campaign, contact)


async def test_stage_change_enrolls_also_who_is_created_in_the_stage(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(world, campaign, "stage_change", entity_type="contact", to_stage="new")
    created = await world.create_contact(stage="New")
    changed = await world.create_contact(stage="old")
    await world.admin.patch(f"/contacts/{changed['id']}", {"stage": "new"})
    await enrolled(world, campaign, created)
    await enrolled(world, campaign, changed)


async def test_stage_change_of_a_project_enrolls_its_contact_with_it(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(
        world,
        campaign,
        "stage_change",
        entity_type="project",
        from_stage="inspection",
        to_stage="estimate",
    )
    contact, other = await world.create_contact(), await world.create_contact()
    body = {"contact_id": contact["id"], "stage": "inspection"}
    project = (await world.admin.post("/projects", body))["project"]
    await world.admin.patch(f"/projects/{project['id']}", {"stage": "estimate"})
    await world.admin.post("/projects", {"contact_id": other["id"], "stage": "estimate"})
    assert (await enrolled(world, campaign, contact))["project_id"] == project["id"]
    await settled(world, other)
    assert await enrollments_of(world, campaign, other) == []


async def test_change_that_a_step_makes_enrolls_too(world: World) -> None:
    second = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(world, second, "event", event_name="tag_added", event_filters={"tag": "hot"})
    first = await world.create_campaign(
        {"step_type": "manage_tags", "step_config": {"add": ["hot"]}}
    )
    contact = await world.create_contact()
    await world.enroll(first, contact)
    await enrolled(world, second, contact)


async def test_task_of_a_contact_is_an_event(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(
        world,
        campaign,
        "event",
        event_name="activity_created",
        event_filters={"activity_subtype": "inspection"},
    )
    contact, other = await world.create_contact(), await world.create_contact()
    for each, subtype in ((other, "call"), (contact, "inspection")):
        task = {"title": "Look", "contact_id": each["id"], "activity_subtype": subtype}
        await world.admin.post("/tasks", task)
    await enrolled(world, campaign, contact)
    await settled(world, other)
    assert await enrollments_of(world, campaign, other) == []


async def test_conditions_say_who_is_enrolled_and_who_is_not(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(
        world,
        campaign,
        "event",
        event_name="storm_reported",
        enrollment_conditions=[
            {"field": "contact.state", "operator": "equals", "value": "CO"},
            {"field": "event.size", "operator": "greater_than", "value": 2},
        ],
        exclusion_conditions=[
            {"field": "contact.tags", "operator": "contains", "value": "customer"}
        ],
    )
    wanted = await world.create_contact(state="CO")
    left_out = [
        await world.create_contact(state="TX"),
        await world.create_contact(state="CO", tags=["customer"]),
    ]
    for contact in (wanted, *left_out):
        await send_event(world, contact, "storm_reported", properties={"size": 3})
    await enrolled(world, campaign, wanted)
    for contact in left_out:
        await settled(world, contact)
        assert await enrollments_of(world, campaign, contact) == []


async def test_empty_conditions_exclude_nobody(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(
        world,
        campaign,
        "event",
        event_name="storm_reported",
        enrollment_conditions=[],
        exclusion_conditions=[],
    )
    contact = await world.create_contact()
    await send_event(world, contact, "storm_reported")
    await enrolled(world, campaign, contact)


async def test_several_triggers_of_a_campaign_enroll_once(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    for _ in range(3):
        await add_trigger(world, campaign, "event", event_name="storm_reported")
    contact = await world.create_contact()
    await asyncio.gather(*(send_event(world, contact, "storm_reported") for _ in range(5)))
    await settled(world, contact)
    assert len(await enrollments_of(world, campaign, contact)) == 1


async def test_higher_priority_goes_first(world: World) -> None:
    low, high, middle = [await world.create_campaign({**EMAIL, **FAR}) for _ in range(3)]
    for campaign, priority in ((low, -1), (high, 10), (middle, 0)):
        await add_trigger(world, campaign, "event", event_name="storm_reported", priority=priority)
    contact = await world.create_contact()
    await send_event(world, contact, "storm_reported")
    await settled(world, contact)
    times = {}
    for campaign in (low, high, middle):
        (enrollment,) = await enrollments_of(world, campaign, contact)
        times[campaign["id"]] = enrollment["enrolled_at"]
    assert sorted(times, key=lambda each: times[each]) == [high["id"], middle["id"], low["id"]]


@pytest.mark.parametrize("status", ["draft", "archived"])
async def test_trigger_of_a_campaign_that_does_not_run_enrolls_nobody(
    world: World, status: str
) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, activate=False)
    await add_trigger(world, campaign, "event", event_name="storm_reported")
    if status != "draft":
        await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": status})
    contact = await world.create_contact()
    await send_event(world, contact, "storm_reported")
    await settled(world, contact)
    assert await enrollments_of(world, campaign, contact) == []


async def test_trigger_that_is_switched_off_enrolls_nobody(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(world, campaign, "event", event_name="storm_reported", is_active=False)
    contact = await world.create_contact()
    await send_event(world, contact, "storm_reported")
    await settled(world, contact)
    assert await enrollments_of(world, campaign, contact) == []


async def test_event_that_triggered_is_there_for_texts_and_branches(world: World) -> None:
    campaign = await world.create_campaign(
        {
            "step_type": "create_task",
            "step_config": {"title": "Hail of {{ event.size }}", "task_type": "call"},
        }
    )
    await add_trigger(world, campaign, "event", event_name="storm_reported")
    contact = await world.create_contact()
    await send_event(world, contact, "storm_reported", properties={"size": "2 inches"})
    await world.finished(await enrolled(world, campaign, contact))
    (task,) = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert task["title"] == "Hail of 2 inches"
