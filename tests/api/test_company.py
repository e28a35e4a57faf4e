"""The company: its settings, its users and its keys."""

from typing import Any

import pytest

from domain.enums import Role
from tests.api.client import caller, invalid_fields, problem
from tests.api.routes import new_address
from tests.world import Caller, World

Json = dict[str, Any]

NOBODY = "3f3fa41e-7e3a-4af3-9dab-c3f84884a343"

SETTINGS: Json = {
    "company_name": "Ridge & Sons",
    "postal_address": "2 Ridge Road\nDenver, CO 80202",
    "timezone": "America/Chicago",
    "review_link": "https://reviews.example/ridge?a=b",
    "calendar_link": "https://calendar.example/ridge",
    "booking_link": "https://booking.example/ridge",
    "from_email": "office@ridge.example",
    "from_name": "Ridge",
    "sms_number": "+13035550142",
    "alert_email": "boss@ridge.example",
    "won_stage": "sold",
    "attribution_days": 30,
    "daily_send_cap": 1000,
    "contact_daily_cap": 2,
}


async def test_settings_are_answered_as_they_were_sent(world: World) -> None:
    answer = await world.admin.patch("/settings", SETTINGS)
    assert {name: answer["settings"][name] for name in SETTINGS} == SETTINGS
    assert await world.admin.get("/settings") == answer
    for other in (world.manager, world.staff):
        seen = (await other.get("/settings"))["settings"]
        assert {name: seen[name] for name in SETTINGS} == SETTINGS
        assert seen["webhook_secret"] is None
    assert answer["settings"]["webhook_secret"].startswith("whsec_")


async def test_settings_of_a_new_company_attribute_for_ninety_days(world: World) -> None:
    settings = (await world.admin.get("/settings"))["settings"]
    assert (settings["attribution_days"], settings["won_stage"]) == (90, "won")
    assert settings["daily_send_cap"] is settings["contact_daily_cap"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Mars/Olympus"),
        ("timezone", None),
        ("review_link", "reviews"),
        ("review_link", "javascript:alert(1)"),
        ("from_email", "office"),
        ("sms_number", "12"),
        ("alert_email", "boss"),
        ("won_stage", ""),
        ("won_stage", None),
        ("attribution_days", -1),
        ("attribution_days", None),
        ("daily_send_cap", 0),
        ("contact_daily_cap", 0),
        ("contact_daily_cap", "2"),
        ("webhook_secret", "whsec_mine"),
        ("name", "Other"),
        ("company_name", ""),
        ("company_name", "  "),
        ("company_name", None),
        *(
            (field, f"Ridge{character}Sons")
            for field in ("company_name", "from_name")
            for character in '\r\n\t\x7f\u0085\u2028"<>'
        ),
    ],
)
async def test_setting_that_makes_no_sense_is_named(
    world: World, field: str, value: object
) -> None:
    before = await world.admin.get("/settings")
    body = {"postal_address": "New", field: value}
    assert invalid_fields(await world.admin.request("PATCH", "/settings", json=body)) == {field}
    assert await world.admin.get("/settings") == before


@pytest.mark.parametrize("role", list(Role))
async def test_me_tells_who_asks(world: World, role: Role) -> None:
    me = await caller(world, role).get("/me")
    assert (me["role"], me["user"]["role"]) == (role, role)
    assert me["user"]["id"] == str(world.user_ids[role])
    assert me["tenant"] == {
        "id": str(world.tenant_id),
        "name": "Ridge Roofing",
        "timezone": "America/Denver",
    }
    assert "password_hash" not in me["user"]


async def test_user_is_created_read_and_changed(world: World) -> None:
    body = {"email": new_address(), "name": "Sue", "role": "manager", "phone": "+13035550177"}
    response = await world.admin.request("POST", "/users", json={**body, "password": "x" * 12})
    assert response.status_code == 201
    user = response.json()["user"]
    assert {name: user[name] for name in body} == body
    assert user["is_active"]
    assert not {"password", "password_hash"} & user.keys()
    assert await world.staff.get(f"/users/{user['id']}") == {"user": user}

    changed = (await world.admin.patch(f"/users/{user['id']}", {"role": "staff"}))["user"]
    assert changed == {**user, "role": "staff", "updated_at": changed["updated_at"]}
    listed = await world.staff.get("/users")
    assert (listed["users"][0], listed["total"]) == (changed, 1 + len(Role))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "sue"),
        ("name", ""),
        ("role", "owner"),
        ("phone", "12"),
        ("password", "x" * 11),
        ("password", "x" * 201),
        ("password_hash", "x"),
        ("tenant_id", NOBODY),
    ],
)
async def test_user_that_makes_no_sense_is_named(world: World, field: str, value: object) -> None:
    body = {"email": new_address(), "name": "Sue", "role": "staff", field: value}
    assert invalid_fields(await world.admin.request("POST", "/users", json=body)) == {field}
    path = f"/users/{world.user_ids[Role.STAFF]}"
    response = await world.admin.request("PATCH", path, json={field: value})
    assert invalid_fields(response) == {field}


async def test_address_is_had_by_one_user_of_a_company(world: World, stranger: World) -> None:
    body = {"email": new_address(), "name": "Sue", "role": "staff"}
    await world.admin.post("/users", body)
    again = {**body, "email": body["email"].upper()}
    problem(await world.admin.request("POST", "/users", json=again), 409, "already_exists")
    path = f"/users/{world.user_ids[Role.STAFF]}"
    response = await world.admin.request("PATCH", path, json={"email": body["email"]})
    problem(response, 409, "already_exists")
    await stranger.admin.post("/users", body)


@pytest.mark.parametrize("values", [{"role": "staff"}, {"is_active": False}])
async def test_last_admin_stays_one(world: World, values: Json) -> None:
    path = f"/users/{world.user_ids[Role.ADMIN]}"
    problem(await world.admin.request("PATCH", path, json=values), 409, "last_admin")
    assert (await world.admin.get("/me"))["user"]["role"] == "admin"

    await world.admin.post("/users", {"email": new_address(), "name": "Sue", "role": "admin"})
    await world.admin.patch(path, values)


async def test_key_of_a_deactivated_user_is_refused(world: World) -> None:
    await world.admin.patch(f"/users/{world.user_ids[Role.STAFF]}", {"is_active": False})
    problem(await world.staff.request("GET", "/me"), 401, "unauthorized")


async def test_new_key_works_is_shown_once_and_is_revoked_at_once(world: World) -> None:
    response = await world.admin.request("POST", "/api-keys", json={"name": "CRM", "role": "staff"})
    assert response.status_code == 201
    made = response.json()["api_key"]
    crm = Caller(world.admin.http, made["key"])
    me = await crm.get("/me")
    assert (me["role"], me["user"]["id"]) == ("staff", str(world.user_ids[Role.ADMIN]))

    listed = (await world.admin.get("/api-keys"))["api_keys"]
    (shown,) = (key for key in listed if key["id"] == made["id"])
    assert shown == {name: value for name, value in made.items() if name != "key"}
    assert made["key"].startswith(shown["prefix"])
    assert len(shown["prefix"]) < len(made["key"]) / 2
    assert made["key"] not in (await world.admin.request("GET", "/api-keys")).text

    revoked = await world.admin.request("DELETE", f"/api-keys/{made['id']}")
    assert revoked.status_code == 204
    problem(await crm.request("GET", "/me"), 401, "unauthorized")
    problem(await world.admin.request("DELETE", f"/api-keys/{made['id']}"), 404, "not_found")


async def test_key_acts_as_the_user_that_it_names(world: World) -> None:
    staff = str(world.user_ids[Role.STAFF])
    body = {"name": "CRM", "role": "staff", "user_id": staff}
    made = (await world.admin.post("/api-keys", body))["api_key"]
    assert made["user_id"] == staff
    assert (await Caller(world.admin.http, made["key"]).get("/me"))["user"]["id"] == staff


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("role", "owner"), ("user_id", NOBODY), ("key", "cb_mine")],
)
async def test_key_that_makes_no_sense_is_named(world: World, field: str, value: object) -> None:
    body = {"name": "CRM", "role": "staff", field: value}
    assert invalid_fields(await world.admin.request("POST", "/api-keys", json=body)) == {field}
