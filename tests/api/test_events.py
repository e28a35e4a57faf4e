"""`/api/events`."""

from typing import Any
from uuid import uuid4

import pytest

from tests.world import World

Json = dict[str, Any]


async def post(world: World, body: Json, caller: str = "staff") -> tuple[int, Json]:
    response = await getattr(world, caller).request("POST", "/events", json=body)
    answer: Json = response.json()
    return response.status_code, answer


async def test_event_is_accepted_and_answered_as_it_is_kept(world: World) -> None:
    contact = await world.create_contact()
    project = (await world.admin.post("/projects", {"contact_id": contact["id"]}))["project"]
    body = {
        "event_name": "roof_inspected",
        "contact_id": contact["id"],
        "project_id": project["id"],
        "properties": {"inspector": "Ben", "leaks": 2},
        "occurred_at": "2026-11-01T09:30:00-06:00",
        "event_id": "crm-1",
    }
    status, answer = await post(world, body)
    event = answer["event"]
    assert status == 202
    assert event["occurred_at"] == "2026-11-01T15:30:00Z"
    assert {name: event[name] for name in body if name != "occurred_at"} == {
        name: value for name, value in body.items() if name != "occurred_at"
    }


async def test_contact_or_project_that_does_not_exist_is_not_found(world: World) -> None:
    contact, other = await world.create_contact(), await world.create_contact()
    project = (await world.admin.post("/projects", {"contact_id": other["id"]}))["project"]
    for body in (
        {"contact_id": str(uuid4())},
        {"contact_id": contact["id"], "project_id": str(uuid4())},
        {"contact_id": contact["id"], "project_id": project["id"]},
    ):
        status, answer = await post(world, {"event_name": "x", **body})
        assert (status, answer["code"]) == (404, "not_found")
    found = await world.admin.get("/events", event_name="x")
    assert found["total"] == 0


async def test_deleted_contact_takes_no_events(world: World) -> None:
    contact = await world.create_contact()
    await world.admin.delete(f"/contacts/{contact['id']}")
    status, _ = await post(world, {"event_name": "x", "contact_id": contact["id"]})
    assert status == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_name", ""),
        ("event_name", "x" * 101),
        ("event_name", None),
        ("contact_id", "ann"),
        ("project_id", 7),
        ("properties", []),
        ("properties", {str(number): number for number in range(101)}),
        ("occurred_at", "yesterday"),
        ("occurred_at", "2026-11-01T09:30:00"),
        ("occurred_at", "2999-01-01T00:00:00Z"),
        ("event_id", ""),
        ("event_id", "x" * 256),
        ("surprise", 1),
    ],
)
async def test_field_that_makes_no_sense_is_named(world: World, field: str, value: object) -> None:
    contact = await world.create_contact()
    body = {"event_name": "x", "contact_id": contact["id"], field: value}
    status, answer = await post(world, body)
    assert (status, answer["code"]) == (422, "validation_error")
    assert [error["field"] for error in answer["errors"]] == [field]


async def test_event_id_belongs_to_its_company(world: World) -> None:
    contact = await world.create_contact()
    first = {"event_name": "x", "contact_id": contact["id"], "event_id": "1"}
    _, known = await post(world, first)
    other = await world.create_contact()
    _, again = await post(world, {**first, "contact_id": other["id"]})
    assert again["event"]["id"] == known["event"]["id"]
    assert again["event"]["contact_id"] == contact["id"]


async def test_list_is_of_a_contact_and_a_name_where_asked(world: World) -> None:
    one, two = await world.create_contact(stage="new"), await world.create_contact()
    await post(world, {"event_name": "x", "contact_id": one["id"]})
    names = [
        event["event_name"]
        for event in (await world.admin.get("/events", contact_id=one["id"]))["events"]
    ]
    assert sorted(names) == ["contact_created", "contact_stage_changed", "x"]
    of_two = await world.admin.get("/events", contact_id=two["id"], event_name="x")
    assert of_two["events"] == []
