"""Campaigns: what they are made of, and how they are found, copied and deleted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.enums import Role
from tests.api.client import invalid_fields, problem
from tests.world import EMAIL, World

Json = dict[str, Any]

EVERYTHING: Json = {
    "name": "Hail season",
    "description": "For those whose roofs were hit",
    "campaign_type": "event",
    "goal_type": "deals",
    "goal_target": 20,
    "allow_re_enrollment": True,
    "re_enrollment_delay_days": 30,
    "respect_business_hours": True,
    "business_hours": {
        "start": 8.0,
        "end": 17.5,
        "days": ["Mon", "Sat"],
        "timezone": "America/Chicago",
    },
    "enrollment_type": "manual",
    "max_enrollments": 500,
    "holidays": ["2027-07-04"],
    "on_resume": "shift",
    "exit_on_reply": False,
    "exit_on_stages": ["won", "lost"],
    "holdout_percent": 10,
    "priority": -5,
}
DEFAULTS: Json = {
    "description": None,
    "goal_type": None,
    "goal_target": None,
    "allow_re_enrollment": False,
    "re_enrollment_delay_days": None,
    "respect_business_hours": True,
    "business_hours": None,
    "enrollment_type": "automatic",
    "max_enrollments": None,
    "holidays": None,
    "on_resume": "send",
    "exit_on_reply": True,
    "exit_on_stages": [],
    "holdout_percent": 0,
    "priority": 0,
}
READ_ONLY = {
    "id",
    "status",
    "total_enrolled",
    "total_completed",
    "total_revenue",
    "created_by",
    "created_at",
    "updated_at",
}


async def create(world: World, **values: Any) -> Json:
    body: Json = await world.admin.post(
        "/campaigns", {"name": "Drip", "campaign_type": "drip", **values}
    )
    campaign: Json = body["campaign"]
    return campaign


async def test_campaign_with_every_setting_is_answered_as_it_was_sent(world: World) -> None:
    response = await world.admin.request("POST", "/campaigns", json=EVERYTHING)

    assert response.status_code == 201
    campaign = response.json()["campaign"]
    assert EVERYTHING.keys() | READ_ONLY <= campaign.keys()
    assert {name: campaign[name] for name in EVERYTHING} == EVERYTHING
    assert campaign["status"] == "draft"
    assert (campaign["total_enrolled"], campaign["total_completed"]) == (0, 0)
    assert campaign["total_revenue"] == "0.00"
    assert campaign["created_by"] == str(world.user_ids[Role.ADMIN])
    for name in ("created_at", "updated_at"):
        assert campaign[name].endswith("Z")
        age = datetime.now(UTC) - datetime.fromisoformat(campaign[name])
        assert 0 <= age.total_seconds() < 60
    assert await world.admin.get(f"/campaigns/{campaign['id']}") == {"campaign": campaign}


async def test_campaign_with_the_least_gets_the_defaults(world: World) -> None:
    campaign = await create(world)
    assert {name: campaign[name] for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("campaign_type", ["drip", "event", "reengagement", "retention", "nurture"]),
        ("goal_type", ["appointments", "deals", "reviews", "engagement"]),
        ("enrollment_type", ["automatic", "manual"]),
        ("on_resume", ["send", "shift", "skip"]),
        ("holidays", ["us_federal", [], ["2027-12-24", "2027-12-31"], None]),
        ("business_hours", [{"start": 0, "end": 24, "days": ["Sun"], "timezone": "contact"}]),
    ],
)
async def test_each_value_of_the_contract_is_taken(
    world: World, field: str, values: list[object]
) -> None:
    campaign = await create(world)
    for value in values:
        answer = await world.admin.patch(f"/campaigns/{campaign['id']}", {field: value})
        assert answer["campaign"][field] == value


async def test_patch_changes_what_it_names_and_nothing_else(world: World) -> None:
    campaign = await create(world, goal_type="deals", exit_on_stages=["won"])

    answer = await world.admin.patch(
        f"/campaigns/{campaign['id']}", {"name": "Renamed", "goal_type": None}
    )

    changed = answer["campaign"]
    assert changed["updated_at"] > campaign["updated_at"]
    assert changed == {
        **campaign,
        "name": "Renamed",
        "goal_type": None,
        "updated_at": changed["updated_at"],
    }


HOURS: Json = {"start": 9, "end": 17, "days": ["Mon"]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": None}, "name"),
        ({"campaign_type": "newsletter"}, "campaign_type"),
        ({"campaign_type": None}, "campaign_type"),
        ({"goal_type": "world_peace"}, "goal_type"),
        ({"goal_target": 0}, "goal_target"),
        ({"goal_target": 2**31}, "goal_target"),
        ({"max_enrollments": 0}, "max_enrollments"),
        ({"max_enrollments": -1}, "max_enrollments"),
        ({"re_enrollment_delay_days": -1}, "re_enrollment_delay_days"),
        ({"allow_re_enrollment": None}, "allow_re_enrollment"),
        ({"enrollment_type": "sometimes"}, "enrollment_type"),
        ({"on_resume": "burst"}, "on_resume"),
        ({"holdout_percent": 101}, "holdout_percent"),
        ({"priority": None}, "priority"),
        ({"priority": 2**31}, "priority"),
        ({"exit_on_stages": [""]}, "exit_on_stages.0"),
        ({"exit_on_stages": None}, "exit_on_stages"),
        ({"business_hours": {**HOURS, "start": 17}}, "business_hours.end"),
        ({"business_hours": {**HOURS, "start": 18}}, "business_hours.end"),
        ({"business_hours": {**HOURS, "start": -1}}, "business_hours.start"),
        ({"business_hours": {**HOURS, "end": 24.5}}, "business_hours.end"),
        ({"business_hours": {**HOURS, "start": "9"}}, "business_hours.start"),
        ({"business_hours": {**HOURS, "days": []}}, "business_hours.days"),
        ({"business_hours": {**HOURS, "days": ["Mon", "Mon"]}}, "business_hours.days"),
        ({"business_hours": {**HOURS, "days": ["Monday"]}}, "business_hours.days.0"),
        ({"business_hours": {"start": 9, "end": 17}}, "business_hours.days"),
        ({"business_hours": {**HOURS, "timezone": "Mars/Olympus"}}, "business_hours.timezone"),
        ({"business_hours": {**HOURS, "timezone": "localtime"}}, "business_hours.timezone"),
        ({"business_hours": {**HOURS, "lunch": 12}}, "business_hours.lunch"),
        ({"status": "running"}, "status"),
        ({"id": "7c2f1b7e-0000-4000-8000-000000000000"}, "id"),
        ({"total_revenue": "1.00"}, "total_revenue"),
        ({"tenant_id": "7c2f1b7e-0000-4000-8000-000000000000"}, "tenant_id"),
    ],
)
async def test_setting_that_makes_no_sense_is_named_and_nothing_is_stored(
    world: World, values: Json, field: str
) -> None:
    good = {"name": "Drip", "campaign_type": "drip"}
    created = await world.admin.request("POST", "/campaigns", json={**good, **values})
    assert invalid_fields(created) == {field}
    assert (await world.admin.get("/campaigns"))["total"] == 0

    campaign = await create(world)
    path = f"/campaigns/{campaign['id']}"
    changed = await world.admin.request("PATCH", path, json={"description": "new", **values})
    assert invalid_fields(changed) == {field}
    assert await world.admin.get(path) == {"campaign": campaign}


async def test_holidays_that_are_none_are_refused(world: World) -> None:
    bad: list[object] = ["us_state", ["2027-02-30"], [7], 7, {}]
    for holidays in bad:
        body = {"name": "Drip", "campaign_type": "drip", "holidays": holidays}
        fields = invalid_fields(await world.admin.request("POST", "/campaigns", json=body))
        assert all(field.split(".")[0] == "holidays" for field in fields)


async def test_missing_name_and_type_are_both_named(world: World) -> None:
    response = await world.admin.request("POST", "/campaigns", json={})
    assert invalid_fields(response) == {"name", "campaign_type"}


async def test_new_campaign_cannot_bring_its_status(world: World) -> None:
    body = {"name": "Drip", "campaign_type": "drip", "status": "active"}
    assert invalid_fields(await world.admin.request("POST", "/campaigns", json=body)) == {"status"}


async def test_list_is_filtered_by_status_and_type(world: World) -> None:
    drip = await create(world)
    nurture = await create(world, campaign_type="nurture")
    await world.admin.patch(f"/campaigns/{nurture['id']}", {"status": "archived"})

    async def ids(**filters: str) -> list[str]:
        answer = await world.admin.get("/campaigns", **filters)
        assert answer["total"] == len(answer["campaigns"])
        return [campaign["id"] for campaign in answer["campaigns"]]

    assert await ids() == [nurture["id"], drip["id"]]
    assert await ids(status="draft") == [drip["id"]]
    assert await ids(campaign_type="nurture") == [nurture["id"]]
    assert await ids(status="draft", campaign_type="nurture") == []
    problem(await world.admin.request("GET", "/campaigns?status=running"), 422, "validation_error")


async def test_deleted_campaign_is_gone_but_for_those_who_ask_for_deleted_ones(
    world: World,
) -> None:
    campaign = await create(world)
    path = f"/campaigns/{campaign['id']}"

    response = await world.admin.request("DELETE", path)

    assert (response.status_code, response.content) == (204, b"")
    problem(await world.admin.request("GET", path), 404, "not_found")
    problem(await world.admin.request("PATCH", path, json={"name": "x"}), 404, "not_found")
    problem(await world.admin.request("DELETE", path), 404, "not_found")
    problem(await world.admin.request("GET", f"{path}/steps"), 404, "not_found")
    assert (await world.admin.get("/campaigns"))["total"] == 0
    (kept,) = (await world.admin.get("/campaigns", include_deleted="true"))["campaigns"]
    assert (kept["id"], kept["status"], kept["is_deleted"]) == (campaign["id"], "archived", True)


async def test_deleting_a_campaign_ends_its_enrollments(world: World) -> None:
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 5})
    enrollment = await world.enroll(campaign, await world.create_contact())

    await world.admin.delete(f"/campaigns/{campaign['id']}")

    (ended,) = (await world.admin.get(f"/campaigns/{campaign['id']}/enrollments"))["enrollments"]
    assert (ended["id"], ended["status"]) == (enrollment["id"], "exited")
    assert ended["exit_reason"] == "campaign_archived"
    assert ended["exited_at"]


async def test_duplicate_is_a_draft_with_the_same_settings_and_steps(world: World) -> None:
    original = await create(world, **EVERYTHING)
    fork = await world.add_step(
        original,
        step_type="conditional",
        conditions=[{"field": "contact.stage", "operator": "equals", "value": "new"}],
    )
    inside = await world.add_step(original, **EMAIL, parent_step_id=fork["id"], branch="true")
    after = await world.add_step(original, **EMAIL, on_failure="exit", delay_value=2)
    await world.admin.patch(
        f"/campaigns/{original['id']}/steps/{fork['id']}", {"false_path_step_id": after["id"]}
    )

    response = await world.admin.request("POST", f"/campaigns/{original['id']}/duplicate")

    assert response.status_code == 201
    copy = response.json()["campaign"]
    assert (copy["status"], copy["id"] != original["id"]) == ("draft", True)
    assert copy["name"] != original["name"]
    assert copy["name"].startswith("Hail season")
    assert {**EVERYTHING, "name": copy["name"]} == {name: copy[name] for name in EVERYTHING}
    copied_fork, copied_after, copied_inside = (
        await world.admin.get(f"/campaigns/{copy['id']}/steps")
    )["steps"]
    assert copied_inside["parent_step_id"] == copied_fork["id"] != fork["id"]
    assert copied_fork["false_path_step_id"] == copied_after["id"] != after["id"]
    assert copied_inside["step_config"] == inside["step_config"]
    assert (copied_after["on_failure"], copied_after["delay_value"]) == ("exit", 2)
