"""Enrolling a contact: who may come in, who may come back, and never twice."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.enums import Role
from tests.api.client import caller, invalid_fields, problem
from tests.world import World

Json = dict[str, Any]

WAIT = {"step_type": "wait", "delay_value": 30, "delay_unit": "days"}
FIELDS = {
    "id",
    "campaign_id",
    "contact_id",
    "project_id",
    "status",
    "exit_reason",
    "enrollment_source",
    "is_holdout",
    "current_step_id",
    "current_step_order",
    "next_step_scheduled_at",
    "steps_completed",
    "emails_sent",
    "emails_opened",
    "emails_clicked",
    "sms_sent",
    "sms_replied",
    "tasks_created",
    "goal_achieved",
    "goal_achieved_at",
    "revenue_attributed",
    "enrolled_by",
    "enrolled_at",
    "last_step_executed_at",
    "exited_at",
    "completed_at",
}
EXECUTION_FIELDS = {
    "step_id",
    "step_type",
    "status",
    "variant",
    "scheduled_at",
    "started_at",
    "completed_at",
    "result_data",
    "error_message",
    "opened_at",
    "clicked_at",
    "replied_at",
}


async def ask(world: World, campaign: Json, contact: Json, **values: Any) -> httpx.Response:
    return await world.staff.request(
        "POST",
        f"/campaigns/{campaign['id']}/enrollments",
        json={"contact_id": contact["id"], **values},
    )


async def leave(world: World, enrollment: Json) -> Json:
    path = f"/campaigns/{enrollment['campaign_id']}/enrollments/{enrollment['id']}/exit"
    ended: Json = (await world.staff.post(path))["enrollment"]
    return ended


async def test_enrollment_waits_for_its_first_step(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    contact = await world.create_contact()

    response = await ask(world, campaign, contact)

    assert response.status_code == 201
    enrollment = response.json()["enrollment"]
    assert enrollment.keys() >= FIELDS
    (step,) = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    assert {name: enrollment[name] for name in ("status", "exit_reason", "project_id")} == {
        "status": "active",
        "exit_reason": None,
        "project_id": None,
    }
    assert (enrollment["current_step_id"], enrollment["current_step_order"]) == (step["id"], 1)
    assert enrollment["enrollment_source"] == "api"
    assert enrollment["enrolled_by"] == str(world.user_ids[Role.STAFF])
    assert (enrollment["revenue_attributed"], enrollment["goal_achieved"]) == ("0.00", False)
    assert enrollment["enrolled_at"].endswith("Z")
    due = datetime.fromisoformat(enrollment["next_step_scheduled_at"])
    wait = due - datetime.fromisoformat(enrollment["enrolled_at"])
    assert abs(wait - timedelta(days=30)) <= timedelta(hours=1)  # a change of clock, at most

    detail = await world.detail(enrollment)
    more = {name: detail[name] for name in ("executions", "temporal_url")}
    assert detail == {**enrollment, **more}
    (execution,) = detail["executions"]
    assert execution.keys() >= EXECUTION_FIELDS
    assert (execution["step_id"], execution["status"]) == (step["id"], "pending")
    assert execution["scheduled_at"] == enrollment["next_step_scheduled_at"]
    counted = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert counted["total_enrolled"] == 1


async def test_enrollment_speaks_of_the_project_that_was_given(world: World) -> None:
    campaign, contact = await world.create_campaign(WAIT), await world.create_contact()
    project = (await world.admin.post("/projects", {"contact_id": contact["id"]}))["project"]
    response = await ask(world, campaign, contact, project_id=project["id"])
    assert response.json()["enrollment"]["project_id"] == project["id"]


async def test_unknown_deleted_and_foreign_people_and_projects_are_not_found(
    world: World, stranger: World
) -> None:
    campaign, contact = await world.create_campaign(WAIT), await world.create_contact()
    deleted, other = await world.create_contact(), await world.create_contact()
    await world.admin.delete(f"/contacts/{deleted['id']}")
    foreign = await stranger.create_contact()
    project = (await world.admin.post("/projects", {"contact_id": other["id"]}))["project"]

    for nobody in ({"id": str(uuid4())}, deleted, foreign):
        problem(await ask(world, campaign, nobody), 404, "not_found")
    for project_id in (project["id"], str(uuid4())):
        problem(await ask(world, campaign, contact, project_id=project_id), 404, "not_found")
    problem(await ask(world, {"id": str(uuid4())}, contact), 404, "not_found")
    problem(await ask(stranger, campaign, foreign), 404, "not_found")
    assert (await world.admin.get(f"/campaigns/{campaign['id']}/enrollments"))["total"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "contact_id"),
        ({"contact_id": None}, "contact_id"),
        ({"contact_id": "ann"}, "contact_id"),
        ({"enrollment_source": "automatic_trigger"}, "enrollment_source"),
        ({"status": "completed"}, "status"),
    ],
)
async def test_body_that_makes_no_sense_is_named(world: World, body: Json, field: str) -> None:
    campaign = await world.create_campaign(WAIT)
    path = f"/campaigns/{campaign['id']}/enrollments"
    response = await world.staff.request("POST", path, json=body)
    assert field in invalid_fields(response)


@pytest.mark.parametrize("status", ["draft", "paused", "archived"])
async def test_campaign_that_is_not_active_takes_nobody(world: World, status: str) -> None:
    campaign, contact = await world.create_campaign(WAIT), await world.create_contact()
    if status == "draft":
        campaign = await world.create_campaign(WAIT, activate=False)
    else:
        await world.enroll(campaign, contact)
        await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": status})
    problem(await ask(world, campaign, contact), 409, "campaign_not_active")


async def test_contact_that_is_in_is_told_so_before_any_other_reason(world: World) -> None:
    campaign = await world.create_campaign(WAIT, max_enrollments=1)
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    problem(await ask(world, campaign, contact), 409, "already_enrolled")

    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}/pause"
    await world.staff.post(path)
    problem(await ask(world, campaign, contact), 409, "already_enrolled")
    problem(
        await ask(world, campaign, await world.create_contact()), 409, "max_enrollments_reached"
    )


async def test_cap_counts_those_who_have_left(world: World) -> None:
    campaign = await world.create_campaign(WAIT, max_enrollments=1)
    contact = await world.create_contact()
    await leave(world, await world.enroll(campaign, contact))

    problem(await ask(world, campaign, contact), 409, "max_enrollments_reached")
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"max_enrollments": 2})
    problem(await ask(world, campaign, contact), 409, "re_enrollment_not_allowed")
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"allow_re_enrollment": True})
    assert (await ask(world, campaign, contact)).status_code == 201


async def test_contact_may_come_back_when_the_delay_since_its_end_is_over(world: World) -> None:
    campaign = await world.create_campaign(
        WAIT, allow_re_enrollment=True, re_enrollment_delay_days=30
    )
    contact = await world.create_contact()
    ended = await leave(world, await world.enroll(campaign, contact))

    body = problem(await ask(world, campaign, contact), 409, "re_enrollment_too_soon")

    end = datetime.fromisoformat(ended["exited_at"])
    assert body["available_at"].endswith("Z")
    assert datetime.fromisoformat(body["available_at"]) == end + timedelta(days=30)
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"re_enrollment_delay_days": 0})
    assert (await ask(world, campaign, contact)).status_code == 201


async def test_campaigns_know_nothing_of_each_others_contacts(world: World) -> None:
    contact = await world.create_contact()
    for _ in range(2):
        campaign = await world.create_campaign(WAIT)
        assert (await ask(world, campaign, contact)).status_code == 201


async def test_hundred_at_once_under_a_cap_of_ten_are_exactly_ten(world: World) -> None:
    campaign = await world.create_campaign(WAIT, max_enrollments=10)
    contacts = await asyncio.gather(*(world.create_contact() for _ in range(100)))

    answers = await asyncio.gather(*(ask(world, campaign, contact) for contact in contacts))

    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 90}
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"max_enrollments_reached"}
    assert (await world.admin.get(f"/campaigns/{campaign['id']}/enrollments"))["total"] == 10
    counted = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert counted["total_enrolled"] == 10


@pytest.mark.parametrize("rules", [{}, {"max_enrollments": 10}, {"allow_re_enrollment": True}])
async def test_same_contact_twenty_times_at_once_is_in_once(world: World, rules: Json) -> None:
    campaign = await world.create_campaign(WAIT, **rules)
    contact = await world.create_contact()

    answers = await asyncio.gather(*(ask(world, campaign, contact) for _ in range(20)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"already_enrolled"}


async def test_nobody_slips_in_while_the_campaign_is_being_paused(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    contacts = await asyncio.gather(*(world.create_contact() for _ in range(20)))
    path = f"/campaigns/{campaign['id']}"

    async def pause() -> None:
        await world.manager.patch(path, {"status": "paused"})

    answers, _ = await asyncio.gather(
        asyncio.gather(*(ask(world, campaign, contact) for contact in contacts)), pause()
    )

    taken = sum(answer.status_code == 201 for answer in answers)
    assert (await world.admin.get(f"{path}/enrollments"))["total"] == taken
    problem(await ask(world, campaign, await world.create_contact()), 409, "campaign_not_active")


async def test_list_is_filtered_by_status_and_contact(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    ann, bob = await world.create_contact(), await world.create_contact()
    of_ann = await leave(world, await world.enroll(campaign, ann))
    of_bob = await world.enroll(campaign, bob)

    async def ids(**filters: str) -> list[str]:
        answer = await world.staff.get(f"/campaigns/{campaign['id']}/enrollments", **filters)
        assert answer["total"] == len(answer["enrollments"])
        return [enrollment["id"] for enrollment in answer["enrollments"]]

    assert await ids() == [of_bob["id"], of_ann["id"]]
    assert await ids(status="exited") == [of_ann["id"]]
    assert await ids(contact_id=bob["id"]) == [of_bob["id"]]
    assert await ids(contact_id=bob["id"], status="exited") == []


async def test_enrollment_is_paused_resumed_and_ended_by_hand(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    enrollment = await world.enroll(campaign, await world.create_contact())
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}"
    for action, status in (
        ("pause", "paused"),
        ("pause", "paused"),
        ("resume", "active"),
        ("resume", "active"),
        ("exit", "exited"),
    ):
        response = await world.staff.request("POST", f"{path}/{action}")
        assert response.status_code == 200
        assert response.json()["enrollment"]["status"] == status
    ended = response.json()["enrollment"]
    assert (ended["exit_reason"], ended["next_step_scheduled_at"]) == ("manual_remove", None)
    assert ended["exited_at"].endswith("Z")
    assert (await world.detail(enrollment))["executions"] == []
    for action in ("pause", "resume", "exit"):
        problem(await world.staff.request("POST", f"{path}/{action}"), 409, "enrollment_over")


@pytest.mark.parametrize(
    ("body", "reason"), [({"reason": "stage_changed"}, "stage_changed"), ({}, "manual_remove")]
)
async def test_enrollment_ends_for_the_reason_that_is_given(
    world: World, body: Json, reason: str
) -> None:
    campaign = await world.create_campaign(WAIT)
    enrollment = await world.enroll(campaign, await world.create_contact())
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}/exit"
    ended = (await world.staff.post(path, body))["enrollment"]
    assert (ended["status"], ended["exit_reason"]) == ("exited", reason)


@pytest.mark.parametrize("reason", ["bored", "", None, 7])
async def test_reason_that_there_is_not_ends_nothing(world: World, reason: object) -> None:
    campaign = await world.create_campaign(WAIT)
    enrollment = await world.enroll(campaign, await world.create_contact())
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}"
    response = await world.staff.request("POST", f"{path}/exit", json={"reason": reason})
    assert invalid_fields(response) == {"reason"}
    assert (await world.detail(enrollment))["status"] == "active"


async def test_enrollment_of_another_campaign_is_not_found_in_this_one(world: World) -> None:
    campaign, other = await world.create_campaign(WAIT), await world.create_campaign(WAIT)
    enrollment = await world.enroll(other, await world.create_contact())
    path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}"
    problem(await world.staff.request("GET", path), 404, "not_found")
    for action in ("pause", "resume", "exit"):
        problem(await world.staff.request("POST", f"{path}/{action}"), 404, "not_found")


async def test_every_role_enrolls(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    for role in Role:
        contact = await world.create_contact()
        answer = await caller(world, role).post(
            f"/campaigns/{campaign['id']}/enrollments", {"contact_id": contact["id"]}
        )
        assert answer["enrollment"]["enrolled_by"] == str(world.user_ids[role])
