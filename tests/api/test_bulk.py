"""What may be asked for many enrollments, and what is refused at once. What becomes of it: tests/engine."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.enums import Role
from services.bulk import MAX_IDS
from tests.api.client import caller, invalid_fields, problem
from tests.world import Caller, Json, World

WAIT = {"step_type": "wait", "delay_value": 30, "delay_unit": "days"}
EVERYONE: Json = {"filter": {"all": []}}
NOBODY = str(uuid4())


async def enroll(who: Caller, campaign: Json, body: Json, **options: Any) -> httpx.Response:
    path = f"/campaigns/{campaign['id']}/enrollments/bulk"
    return await who.request("POST", path, json=body, **options)


async def act(who: Caller, campaign: Json, body: Json, **options: Any) -> httpx.Response:
    path = f"/campaigns/{campaign['id']}/enrollments/actions"
    return await who.request("POST", path, json=body, **options)


def job_of(response: httpx.Response) -> Json:
    assert response.status_code == 202, response.text
    body: Json = response.json()["job"]
    return body


@pytest.fixture
async def campaign(world: World) -> Json:
    return await world.create_campaign(WAIT)


async def test_bulk_enroll_is_answered_with_a_running_job(world: World, campaign: Json) -> None:
    ids = [(await world.create_contact())["id"] for _ in range(2)]

    job = job_of(await enroll(world.staff, campaign, {"contact_ids": [*ids, ids[0]]}))

    assert (job["kind"], job["status"], job["total"]) == ("bulk_enroll", "running", 2)
    assert (job["done"], job["failed"], job["errors"], job["finished_at"]) == (0, 0, [], None)
    assert (await world.staff.get(f"/jobs/{job['id']}"))["job"] == job
    assert (await world.staff.get(f"/campaigns/{campaign['id']}/enrollments"))["total"] == 0


async def test_filter_is_counted_when_the_job_begins(world: World, campaign: Json) -> None:
    job = job_of(await enroll(world.staff, campaign, EVERYONE))
    assert (job["status"], job["total"]) == ("running", 0)


@pytest.mark.parametrize("action", ["pause", "resume", "exit", "move"])
async def test_action_is_answered_with_a_running_job_of_its_kind(
    world: World, campaign: Json, action: str
) -> None:
    steps = (await world.staff.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    more = {"step_id": steps[0]["id"]} if action == "move" else {}

    job = job_of(await act(world.manager, campaign, {"action": action, **EVERYONE, **more}))

    assert (job["kind"], job["status"]) == (f"bulk_{action}", "running")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"contact_ids"}),
        ({"contact_ids": None, "filter": None}, {"contact_ids"}),
        ({"contact_ids": [NOBODY], **EVERYONE}, {"filter"}),
        ({"contact_ids": []}, {"contact_ids"}),
        ({"contact_ids": NOBODY}, {"contact_ids"}),
        ({"contact_ids": [NOBODY, "ann"]}, {"contact_ids.1"}),
        ({"contact_ids": [NOBODY] * (MAX_IDS + 1)}, {"contact_ids"}),
        ({"contact_ids": [NOBODY], "project_id": NOBODY}, {"project_id"}),
        ({"filter": {"all": 1}}, {"filter.all"}),
        ({"filter": "everyone"}, {"filter"}),
        (
            {"filter": {"field": "contact.shoe", "operator": "equals", "value": 1}},
            {"filter.field"},
        ),
        ({"filter": {"field": "event.name", "operator": "is_set"}}, {"filter.field"}),
        ({"filter": {"field": "enrollment.status", "operator": "is_set"}}, {"filter.field"}),
        ([], {"body"}),
    ],
)
async def test_bulk_enroll_names_what_is_wrong(
    world: World, campaign: Json, body: Json, fields: set[str]
) -> None:
    assert invalid_fields(await enroll(world.staff, campaign, body)) == fields
    assert (await world.staff.get("/jobs"))["total"] == 0


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"action"}),
        ({"action": "stop", **EVERYONE}, {"action"}),
        ({"action": "pause"}, {"enrollment_ids"}),
        ({"action": "pause", "enrollment_ids": [NOBODY], **EVERYONE}, {"filter"}),
        ({"action": "pause", "enrollment_ids": []}, {"enrollment_ids"}),
        ({"action": "pause", "contact_ids": [NOBODY]}, {"contact_ids"}),
        ({"action": "pause", "filter": {"any": [{}]}}, {"filter.any.0"}),
        ({"action": "pause", "step_id": NOBODY, **EVERYONE}, {"step_id"}),
        ({"action": "pause", "reason": "replied", **EVERYONE}, {"reason"}),
        ({"action": "exit", "reason": "bored", **EVERYONE}, {"reason"}),
        ({"action": "move", **EVERYONE}, {"step_id"}),
        ({"action": "move", "step_id": NOBODY, **EVERYONE}, {"step_id"}),
    ],
)
async def test_action_names_what_is_wrong(
    world: World, campaign: Json, body: Json, fields: set[str]
) -> None:
    assert invalid_fields(await act(world.manager, campaign, body)) == fields
    assert (await world.staff.get("/jobs"))["total"] == 0


async def test_move_refuses_steps_that_are_deleted_or_of_another_campaign(
    world: World, campaign: Json
) -> None:
    other = await world.create_campaign(WAIT, WAIT)
    theirs, gone = (await world.staff.get(f"/campaigns/{other['id']}/steps"))["steps"]
    await world.admin.delete(f"/campaigns/{other['id']}/steps/{gone['id']}")

    for which, step in ((campaign, theirs), (other, gone)):
        body = {"action": "move", "step_id": step["id"], **EVERYONE}
        assert invalid_fields(await act(world.manager, which, body)) == {"step_id"}


async def test_campaign_that_there_is_not_is_not_found(world: World, campaign: Json) -> None:
    await world.admin.delete(f"/campaigns/{campaign['id']}")
    for which in (campaign, {"id": NOBODY}):
        problem(await enroll(world.staff, which, EVERYONE), 404, "not_found")
        problem(await act(world.manager, which, {"action": "exit", **EVERYONE}), 404, "not_found")


@pytest.mark.parametrize("status", ["draft", "paused", "archived"])
async def test_campaign_that_is_not_active_takes_nobody_in_bulk(world: World, status: str) -> None:
    campaign = await world.create_campaign(WAIT, activate=status != "draft")
    if status != "draft":
        await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": status})

    problem(await enroll(world.staff, campaign, EVERYONE), 409, "campaign_not_active")


async def test_campaign_that_is_paused_still_has_its_enrollments_acted_on(
    world: World, campaign: Json
) -> None:
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})
    job_of(await act(world.manager, campaign, {"action": "exit", **EVERYONE}))


@pytest.mark.parametrize("role", list(Role))
async def test_staff_enrolls_many_and_leaves_actions_to_managers(
    world: World, campaign: Json, role: Role
) -> None:
    job_of(await enroll(caller(world, role), campaign, EVERYONE))

    acted = await act(caller(world, role), campaign, {"action": "pause", **EVERYONE})

    if role is Role.STAFF:
        problem(acted, 403, "forbidden")
    else:
        job_of(acted)


async def test_same_key_begins_one_job(world: World, campaign: Json) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    body = {"contact_ids": [(await world.create_contact())["id"]]}

    first, again = [await enroll(world.staff, campaign, body, headers=headers) for _ in range(2)]

    assert job_of(again) == job_of(first)
    assert again.headers["idempotency-replayed"] == "true"
    assert (await world.staff.get("/jobs"))["total"] == 1


async def test_as_many_ids_as_are_allowed_are_taken(world: World, campaign: Json) -> None:
    body = {"contact_ids": [str(uuid4()) for _ in range(MAX_IDS)]}
    assert job_of(await enroll(world.staff, campaign, body))["total"] == MAX_IDS


async def test_job_is_its_companys_alone(world: World, stranger: World, campaign: Json) -> None:
    job = job_of(await enroll(world.staff, campaign, EVERYONE))

    problem(await enroll(stranger.admin, campaign, EVERYONE), 404, "not_found")
    problem(await stranger.admin.request("GET", f"/jobs/{job['id']}"), 404, "not_found")


async def test_staff_stop_what_staff_may_begin_and_nothing_else(
    world: World, campaign: Json
) -> None:
    enrolling = job_of(await enroll(world.admin, campaign, EVERYONE))
    ending = job_of(await act(world.admin, campaign, {"action": "exit", **EVERYONE}))

    async def cancel(who: Caller, job: Json) -> httpx.Response:
        return await who.request("POST", f"/jobs/{job['id']}/cancel")

    problem(await cancel(world.staff, ending), 403, "forbidden")
    for answer in (await cancel(world.staff, enrolling), await cancel(world.manager, ending)):
        # Where a worker is about, it may be over already.
        assert answer.status_code in {200, 409}
