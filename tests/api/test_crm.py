"""Contacts, projects, tasks and notifications."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.enums import Role
from tests.api.client import invalid_fields, problem
from tests.api.routes import create_notification
from tests.world import World

Json = dict[str, Any]

NOBODY = str(uuid4())

CONTACT: Json = {
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@home.example",
    "phone": "+13035550123",
    "stage": "estimate sent",
    "tags": ["hail", "vip"],
    "custom": {"roof": "slate", "age": 20, "steep": True, "height": 6.5, "colours": ["red"]},
    "timezone": "America/Denver",
    "state": "CO",
    "postal_code": "80202",
    "email_opt_out": False,
    "sms_opt_out": True,
    "sms_consent": True,
}
EMPTY_CONTACT: Json = {
    "first_name": None,
    "last_name": None,
    "email": None,
    "phone": None,
    "stage": None,
    "tags": [],
    "custom": {},
    "timezone": None,
    "state": None,
    "postal_code": None,
    "assigned_to": None,
    "email_opt_out": False,
    "sms_opt_out": False,
    "sms_consent": False,
}


async def test_contact_is_created_read_changed_and_deleted(world: World) -> None:
    wanted = {**CONTACT, "assigned_to": str(world.user_ids[Role.STAFF])}
    response = await world.staff.request("POST", "/contacts", json=wanted)
    assert response.status_code == 201
    contact = response.json()["contact"]
    assert {name: contact[name] for name in wanted} == wanted
    assert contact["created_at"].endswith("Z")
    path = f"/contacts/{contact['id']}"
    assert await world.staff.get(path) == {"contact": contact}

    changed = (await world.staff.patch(path, {"stage": "won", "custom": {"roof": "tile"}}))[
        "contact"
    ]
    assert changed["updated_at"] > contact["updated_at"]
    updated = {"stage": "won", "custom": {"roof": "tile"}, "updated_at": changed["updated_at"]}
    assert changed == {**contact, **updated}

    deleted = await world.staff.request("DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "DELETE"):
        problem(await world.staff.request(method, path), 404, "not_found")
    problem(await world.staff.request("PATCH", path, json={"stage": "x"}), 404, "not_found")
    assert (await world.staff.get("/contacts"))["total"] == 0


async def test_contact_of_nothing_has_every_field(world: World) -> None:
    contact = (await world.staff.post("/contacts"))["contact"]
    assert {name: contact[name] for name in EMPTY_CONTACT} == EMPTY_CONTACT


async def test_contact_is_kept_in_normal_form(world: World) -> None:
    body = {
        "first_name": "  Ann ",
        "email": " Ann@HOME.Example ",
        "phone": "(303) 555-0123",
        "tags": ["a", "b", "a"],
    }
    contact = (await world.staff.post("/contacts", body))["contact"]
    assert (contact["first_name"], contact["email"]) == ("Ann", "ann@home.example")
    assert (contact["phone"], contact["tags"]) == ("+13035550123", ["a", "b"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"stage": ""}, "stage"),
        ({"first_name": "x" * 256}, "first_name"),
        ({"tags": "hail"}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"tags": None}, "tags"),
        ({"custom": []}, "custom"),
        ({"sms_consent": "perhaps"}, "sms_consent"),
        ({"email_opt_out": None}, "email_opt_out"),
        ({"assigned_to": NOBODY}, "assigned_to"),
        ({"assigned_to": "sam"}, "assigned_to"),
        ({"is_deleted": True}, "is_deleted"),
        ({"id": NOBODY}, "id"),
    ],
)
async def test_contact_that_makes_no_sense_is_named_and_not_stored(
    world: World, values: Json, field: str
) -> None:
    assert invalid_fields(await world.staff.request("POST", "/contacts", json=values)) == {field}
    contact = await world.create_contact()
    response = await world.staff.request("PATCH", f"/contacts/{contact['id']}", json=values)
    assert invalid_fields(response) == {field}
    assert (await world.staff.get("/contacts"))["contacts"] == [contact]


async def test_contacts_are_found_by_what_they_are(world: World) -> None:
    sam = str(world.user_ids[Role.STAFF])
    ann = await world.create_contact(stage="new", tags=["hail"], email="ann_100%@home.example")
    bob = await world.create_contact(first_name="Bob", assigned_to=sam, phone="+13035557777")

    async def ids(**filters: str) -> list[str]:
        answer = await world.staff.get("/contacts", **filters)
        assert answer["total"] == len(answer["contacts"])
        return [contact["id"] for contact in answer["contacts"]]

    assert await ids() == [bob["id"], ann["id"]]
    for filters in ({"stage": "new"}, {"tag": "hail"}, {"search": "ANN L"}, {"search": "_100%"}):
        assert await ids(**filters) == [ann["id"]], filters
    for filters in ({"assigned_to": sam}, {"search": "bob lee"}, {"search": "5557777"}):
        assert await ids(**filters) == [bob["id"]], filters
    assert (
        await ids(search="a_n") == await ids(search="%%") == await ids(stage="new", tag="x") == []
    )


async def test_deleted_contact_leaves_its_campaigns(world: World) -> None:
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 5})
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await world.staff.delete(f"/contacts/{contact['id']}")
    ended = await world.detail(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "contact_deleted")


async def test_project_is_created_read_changed_and_deleted(world: World) -> None:
    contact = await world.create_contact()
    wanted: Json = {
        "contact_id": contact["id"],
        "name": "Garage",
        "stage": "estimate",
        "estimate_amount": "12000.50",
        "monthly_payment": "99.00",
        "custom": {"squares": 24},
    }
    response = await world.staff.request("POST", "/projects", json=wanted)
    assert response.status_code == 201
    project = response.json()["project"]
    assert {name: project[name] for name in wanted} == wanted
    path = f"/projects/{project['id']}"
    assert await world.staff.get(path) == {"project": project}
    listed = await world.staff.get("/projects", contact_id=contact["id"], stage="estimate")
    assert listed["projects"] == [project]
    assert (await world.staff.get("/projects", contact_id=NOBODY))["total"] == 0

    changed = (await world.staff.patch(path, {"stage": "won", "estimate_amount": None}))["project"]
    assert (changed["stage"], changed["estimate_amount"]) == ("won", None)
    assert (changed["name"], changed["monthly_payment"]) == ("Garage", "99.00")

    assert (await world.staff.request("DELETE", path)).status_code == 204
    problem(await world.staff.request("GET", path), 404, "not_found")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (12000, "12000.00"),
        (0.1, "0.10"),
        ("$1,234.5", "1234.50"),
        (0, "0.00"),
        ("9999999999.99", "9999999999.99"),
    ],
)
async def test_money_is_a_text_with_two_decimals(world: World, given: object, kept: str) -> None:
    contact = await world.create_contact()
    body = {"contact_id": contact["id"], "estimate_amount": given}
    project = (await world.staff.post("/projects", body))["project"]
    assert project["estimate_amount"] == kept


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"contact_id": None}, "contact_id"),
        ({"estimate_amount": -1}, "estimate_amount"),
        ({"estimate_amount": "10000000000"}, "estimate_amount"),
        ({"estimate_amount": "1.005"}, "estimate_amount"),
        ({"estimate_amount": "a lot"}, "estimate_amount"),
        ({"estimate_amount": True}, "estimate_amount"),
        ({"monthly_payment": {}}, "monthly_payment"),
        ({"price": 1}, "price"),
    ],
)
async def test_project_that_makes_no_sense_is_named(world: World, values: Json, field: str) -> None:
    contact = await world.create_contact()
    body = {"contact_id": contact["id"], **values}
    assert invalid_fields(await world.staff.request("POST", "/projects", json=body)) == {field}


async def test_task_is_created_read_changed_and_deleted(world: World) -> None:
    contact = await world.create_contact()
    wanted = {
        "activity_type": "task",
        "activity_subtype": "call",
        "title": "Call Ann",
        "description": "About the gutter",
        "contact_id": contact["id"],
        "assigned_to": str(world.user_ids[Role.MANAGER]),
        "due_at": "2027-03-01T16:00:00Z",
        "priority": "high",
    }
    response = await world.staff.request("POST", "/tasks", json=wanted)
    assert response.status_code == 201
    task = response.json()["task"]
    assert {name: task[name] for name in wanted} == wanted
    assert (task["status"], task["completed_at"]) == ("open", None)
    assert task["created_by"] == str(world.user_ids[Role.STAFF])
    path = f"/tasks/{task['id']}"
    assert await world.staff.get(path) == {"task": task}

    done = (await world.staff.patch(path, {"status": "completed"}))["task"]
    age = datetime.now(UTC) - datetime.fromisoformat(done["completed_at"])
    assert 0 <= age.total_seconds() < 60
    again = (await world.staff.patch(path, {"status": "open"}))["task"]
    assert again["completed_at"] is None

    assert (await world.staff.request("DELETE", path)).status_code == 204
    problem(await world.staff.request("GET", path), 404, "not_found")


async def test_time_with_an_offset_is_answered_in_utc(world: World) -> None:
    body = {"title": "Call", "due_at": "2027-03-01T09:00:00-07:00"}
    assert (await world.staff.post("/tasks", body))["task"]["due_at"] == "2027-03-01T16:00:00Z"


async def test_tasks_are_filtered(world: World) -> None:
    contact, sam = await world.create_contact(), str(world.user_ids[Role.STAFF])
    call = await world.staff.post("/tasks", {"title": "Call", "contact_id": contact["id"]})
    visit = await world.staff.post(
        "/tasks", {"title": "Visit", "assigned_to": sam, "status": "completed"}
    )
    for filters, task in (
        ({"contact_id": contact["id"]}, call),
        ({"assigned_to": sam}, visit),
        ({"status": "completed"}, visit),
        ({"status": "open"}, call),
    ):
        assert (await world.staff.get("/tasks", **filters))["tasks"] == [task["task"]]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"status": "forgotten"}, "status"),
        ({"activity_type": "note"}, "activity_type"),
        ({"due_at": "tomorrow"}, "due_at"),
        ({"due_at": "2027-03-01T09:00:00"}, "due_at"),
        ({"contact_id": NOBODY}, "contact_id"),
        ({"assigned_to": NOBODY}, "assigned_to"),
        ({"completed_at": "2027-03-01T09:00:00Z"}, "completed_at"),
    ],
)
async def test_task_that_makes_no_sense_is_named(world: World, values: Json, field: str) -> None:
    response = await world.staff.request("POST", "/tasks", json={"title": "Call", **values})
    assert invalid_fields(response) == {field}
    task = (await world.staff.post("/tasks", {"title": "Call"}))["task"]
    response = await world.staff.request("PATCH", f"/tasks/{task['id']}", json=values)
    assert invalid_fields(response) == {field}


async def test_notification_is_read_and_unread(world: World) -> None:
    first, second = [await create_notification(world, Role.STAFF, title) for title in "ab"]
    answer = await world.staff.get("/notifications")
    assert [found["id"] for found in answer["notifications"]] == [second, first]
    assert (answer["total"], answer["unread"]) == (2, 2)
    shown = answer["notifications"][0]
    assert (shown["title"], shown["message"], shown["read_at"]) == (
        "b",
        "She likes the roof.",
        None,
    )

    read = await world.staff.patch(f"/notifications/{first}", {"is_read": True})
    assert read["notification"]["read_at"].endswith("Z")
    answer = await world.staff.get("/notifications", unread="true")
    assert [found["id"] for found in answer["notifications"]] == [second]
    assert (answer["total"], answer["unread"]) == (1, 1)

    unread = await world.staff.patch(f"/notifications/{first}", {"is_read": False})
    assert unread["notification"]["read_at"] is None


async def test_notifications_are_for_their_user_alone(world: World) -> None:
    notification_id = await create_notification(world, Role.STAFF)
    for other in (world.admin, world.manager):
        answer = await other.get("/notifications")
        assert (answer["notifications"], answer["total"], answer["unread"]) == ([], 0, 0)
        response = await other.request(
            "PATCH", f"/notifications/{notification_id}", json={"is_read": True}
        )
        problem(response, 404, "not_found")
