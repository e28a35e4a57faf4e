"""Steps that work on the company's own data: tasks, fields, tags, notifications, waits."""

from datetime import timedelta

from domain.enums import Role
from tests.engine.helpers import at, run_through, statuses, tag, walked
from tests.world import EMAIL, Json, World


async def test_task_step_gives_the_assigned_user_something_to_do(world: World) -> None:
    contact = await world.create_contact(assigned_to=str(world.user_ids[Role.STAFF]))
    step = {
        "step_type": "create_task",
        "step_config": {
            "title": "Call {{ first_name }}",
            "description": "They live in {{ contact.state | default: 'Colorado' }}",
            "task_type": "call",
            "due_in_days": 2,
            "priority": "high",
        },
    }

    enrollment = await run_through(world, step, contact=contact)

    (task,) = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert task["title"] == "Call Ann"
    assert task["description"] == "They live in Colorado"
    assert (task["activity_type"], task["activity_subtype"]) == ("task", "call")
    assert (task["priority"], task["status"]) == ("high", "open")
    assert task["assigned_to"] == str(world.user_ids[Role.STAFF])
    assert enrollment["tasks_created"] == 1
    (execution,) = enrollment["executions"]
    assert execution["result_data"] == {"task_id": task["id"]}
    assert at(task["due_at"]) == at(execution["started_at"]) + timedelta(days=2)


async def test_task_without_an_assigned_user_goes_to_the_campaigns_creator(world: World) -> None:
    contact = await world.create_contact()
    step = {"step_type": "create_task", "step_config": {"title": "Call", "task_type": "call"}}

    await run_through(world, step, contact=contact)

    (task,) = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert task["assigned_to"] == str(world.user_ids[Role.ADMIN])
    assert task["due_at"] is None


async def test_task_goes_to_whom_the_step_names(world: World) -> None:
    contact = await world.create_contact(assigned_to=str(world.user_ids[Role.STAFF]))
    manager = str(world.user_ids[Role.MANAGER])
    config = {"title": "Call", "task_type": "call", "assigned_to": manager}

    await run_through(world, {"step_type": "create_task", "step_config": config}, contact=contact)

    (task,) = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert task["assigned_to"] == manager


async def test_field_steps_change_contact_custom_fields_and_project(world: World) -> None:
    contact = await world.create_contact(custom={"pet": "Rex"})
    project = await create_project(world, contact)

    enrollment = await run_through(
        world,
        set_field("contact", "stage", "warm {{ first_name }}"),
        set_field("contact", "custom.roof", 7),
        set_field("project", "stage", "quoted"),
        contact=contact,
    )

    after = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert after["stage"] == "warm Ann"
    assert after["custom"] == {"pet": "Rex", "roof": 7}
    project = (await world.admin.get(f"/projects/{project['id']}"))["project"]
    assert project["stage"] == "quoted"
    assert enrollment["executions"][0]["result_data"] == {
        "entity": "contact",
        "field": "stage",
        "value": "warm Ann",
    }


async def test_field_set_by_a_step_is_what_the_next_step_says(world: World) -> None:
    contact = await world.create_contact()

    await run_through(world, set_field("contact", "first_name", "Eve"), EMAIL, contact=contact)

    assert [each["subject"] for each in await world.messages(contact["email"])] == ["Hello Eve"]


async def test_tags_step_adds_and_removes_each_tag_once(world: World) -> None:
    contact = await world.create_contact(tags=["lead", "storm"])
    step = {
        "step_type": "manage_tags",
        "step_config": {"add": ["lead", "hot", "hot"], "remove": ["storm", "never"]},
    }

    enrollment = await run_through(world, step, contact=contact)

    assert await walked(world, contact) == ["lead", "hot"]
    (execution,) = enrollment["executions"]
    assert execution["result_data"] == {"added": ["hot"], "removed": ["storm"]}


async def test_notification_reaches_each_meant_user_once(world: World) -> None:
    contact = await world.create_contact(assigned_to=str(world.user_ids[Role.STAFF]))
    config = {
        "user_ids": [str(world.user_ids[Role.MANAGER])],
        "role": "manager",
        "assignee": True,
        "title": "{{ first_name }} is hot",
        "message": "Call {{ contact_name }}",
    }

    enrollment = await run_through(
        world, {"step_type": "notify", "step_config": config}, contact=contact
    )

    for caller in (world.manager, world.staff):
        (notification,) = (await caller.get("/notifications"))["notifications"]
        assert notification["title"] == "Ann is hot"
        assert notification["message"] == "Call Ann Lee"
        assert notification["contact_id"] == contact["id"]
        assert notification["campaign_id"] == enrollment["campaign_id"]
    assert (await world.admin.get("/notifications"))["notifications"] == []
    assert len(enrollment["executions"][0]["result_data"]["notified"]) == 2


async def test_notification_of_the_assignee_falls_to_the_campaigns_creator(world: World) -> None:
    contact = await world.create_contact()
    config = {"assignee": True, "title": "Look", "message": "At it"}

    await run_through(world, {"step_type": "notify", "step_config": config}, contact=contact)

    assert len((await world.admin.get("/notifications"))["notifications"]) == 1


async def test_wait_step_is_a_delay_and_counts_as_a_step(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        {"step_type": "wait", "step_config": {}, "delay_value": 2, "delay_unit": "hours"},
        tag("after"),
    )
    enrollment = await world.enroll(campaign, contact)

    await world.pass_time(enrollment, hours=2, minutes=1)

    enrollment = await world.finished(enrollment)
    assert enrollment["steps_completed"] == 2
    wait, mark = enrollment["executions"]
    assert wait["result_data"] is None
    assert at(wait["started_at"]) >= at(enrollment["enrolled_at"]) + timedelta(hours=2)
    assert at(mark["started_at"]) >= at(wait["completed_at"])


async def test_wait_for_an_event_that_does_not_come_goes_on_after_the_time_limit(
    world: World,
) -> None:
    until = {"event": "quote_viewed", "timeout": {"delay_value": 3, "delay_unit": "days"}}
    step = {
        "step_type": "wait",
        "step_config": {"until": until},
        "delay_value": 1,
        "delay_unit": "hours",
    }
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(step, tag("after")), contact)

    await world.pass_time(enrollment, hours=2)
    waiting = await world.until(enrollment, lambda now: statuses(now) == [("wait", "running")])
    began = at(waiting["executions"][0]["started_at"])
    assert began >= at(waiting["enrolled_at"]) + timedelta(hours=1)
    assert timedelta(days=2, hours=22) < at(waiting["next_step_scheduled_at"]) - began
    assert await walked(world, contact) == []
    await world.pass_time(enrollment, days=3, hours=2)

    enrollment = await world.finished(enrollment)
    assert enrollment["executions"][0]["result_data"] == {"timed_out": True}
    assert await walked(world, contact) == ["after"]


async def test_each_exit_reason_ends_the_enrollment_as_it_says(world: World) -> None:
    ends = {
        "completed": "completed",
        "goal_achieved": "exited",
        "unsubscribed": "exited",
        "stage_changed": "exited",
        "manual_remove": "exited",
        "error": "failed",
        "replied": "exited",
    }
    for reason, status in ends.items():
        step = {"step_type": "exit_campaign", "step_config": {"reason": reason}}
        contact = await world.create_contact()

        enrollment = await run_through(world, step, tag("never"), contact=contact)

        assert (enrollment["status"], enrollment["exit_reason"]) == (status, reason)
        assert enrollment["goal_achieved"] is (reason == "goal_achieved")
        assert (enrollment["exited_at"] is None) is (reason == "completed")
        assert await walked(world, contact) == []


def set_field(entity: str, field: str, value: object) -> Json:
    return {
        "step_type": "update_field",
        "step_config": {"entity": entity, "field": field, "value": value},
    }


async def create_project(world: World, contact: Json) -> Json:
    body: Json = (
        await world.admin.post("/projects", {"contact_id": contact["id"], "name": "Roof"})
    )["project"]
    return body
