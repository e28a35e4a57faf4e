"""What may be asked of a test run, and how it is refused."""

from uuid import uuid4

import httpx
import pytest

from tests.api.client import invalid_fields, problem
from tests.engine.helpers import fork, tag
from tests.world import EMAIL, TEXT, Caller, Json, World

BO = {"contact": {"first_name": "Bo", "email": "bo@home.example"}}


async def ask(who: Caller, campaign: Json, body: object) -> httpx.Response:
    return await who.request("POST", f"/campaigns/{campaign['id']}/test-runs", json=body)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"contact_id"}),
        ({"contact_id": str(uuid4()), **BO}, {"contact_id"}),
        ({"contact_id": "x"}, {"contact_id"}),
        ({"contact": {"email": "nobody"}}, {"contact.email"}),
        ({"contact": {"phone": "1", "timezone": "Mars"}}, {"contact.phone", "contact.timezone"}),
        ({"contact": {"shoe_size": 5}}, {"contact.shoe_size"}),
        ({"contact": {"assigned_to": str(uuid4())}}, {"contact.assigned_to"}),
        ({**BO, "start_at": "2026-12-25T10:00:00"}, {"start_at"}),
        ({**BO, "start_at": "soon"}, {"start_at"}),
        ({**BO, "start_at": "1999-12-31T00:00:00Z"}, {"start_at"}),
        ({**BO, "start_at": "9999-12-31T23:59:59Z"}, {"start_at"}),
        ({**BO, "assume": [{"step_id": str(uuid4()), "event": "opened"}]}, {"assume.0.step_id"}),
        ({**BO, "assume": [{"event": "opened"}]}, {"assume.0.step_id"}),
        ({**BO, "assume": [{"step_id": str(uuid4()), "event": ""}]}, {"assume.0.event"}),
        ({**BO, "nonsense": 1}, {"nonsense"}),
    ],
)
async def test_bad_input_names_its_field(world: World, body: Json, fields: set[str]) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)

    assert invalid_fields(await ask(world.staff, campaign, body)) == fields


@pytest.mark.parametrize(
    ("step", "event"),
    [(tag("a"), "opened"), (tag("a"), "replied"), (TEXT, "opened"), (TEXT, "clicked")],
)
async def test_nobody_opens_what_is_no_email(world: World, step: Json, event: str) -> None:
    campaign = await world.create_campaign(activate=False)
    added = await world.add_step(campaign, **step)
    body = {**BO, "assume": [{"step_id": added["id"], "event": event}]}

    assert invalid_fields(await ask(world.staff, campaign, body)) == {"assume.0.event"}


async def test_walk_without_end_is_not_begun(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    first = await world.add_step(campaign, **tag("first"))
    await world.add_step(campaign, **fork({"all": []}, true_path_step_id=first["id"]))

    refused = problem(await ask(world.staff, campaign, BO), 409, "not_ready")

    assert refused["problems"][0]["code"] == "cycle"
    assert refused["detail"].startswith("The walk would never end: ")


async def test_other_problems_do_not_keep_anybody_from_trying(world: World) -> None:
    await world.admin.patch("/settings", {"postal_address": None})
    campaign = await world.create_campaign(EMAIL, tag("on"), activate=False)

    run = (await ask(world.staff, campaign, BO)).json()["test_run"]

    assert [each["status"] for each in run["entries"]] == ["skipped", "done"]
    assert "no postal address" in run["entries"][0]["why"]


@pytest.mark.parametrize("status", ["active", "paused", "archived"])
async def test_campaign_of_any_status_can_be_tried(world: World, status: str) -> None:
    campaign = await world.create_campaign(tag("on"))
    if status != "active":
        await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": status})

    run = (await ask(world.staff, campaign, BO)).json()["test_run"]

    assert run["outcome"]["status"] == "completed"
    now = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert now["status"] == status


async def test_campaign_and_contact_that_are_not_there_are_not_found(world: World) -> None:
    campaign = await world.create_campaign(tag("on"), activate=False)
    contact = await world.create_contact()
    await world.admin.delete(f"/contacts/{contact['id']}")

    problem(await ask(world.staff, {"id": str(uuid4())}, BO), 404, "not_found")
    problem(await ask(world.staff, campaign, {"contact_id": str(uuid4())}), 404, "not_found")
    problem(await ask(world.staff, campaign, {"contact_id": contact["id"]}), 404, "not_found")
