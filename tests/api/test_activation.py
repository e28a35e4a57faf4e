"""A campaign that could not run does not start, and a running one cannot be edited into that."""

from itertools import product
from typing import Any

import pytest

from tests.api.client import problem
from tests.world import EMAIL, TEXT, World

Json = dict[str, Any]

ALLOWED = {
    ("draft", "active"),
    ("active", "paused"),
    ("paused", "active"),
    ("draft", "archived"),
    ("active", "archived"),
    ("paused", "archived"),
}
WAYS: dict[str, list[str]] = {
    "draft": [],
    "active": ["active"],
    "paused": ["active", "paused"],
    "archived": ["archived"],
}
WAIT = {"step_type": "wait", "delay_value": 1, "delay_unit": "days"}
ALWAYS_TRUE: Json = {"step_type": "conditional", "conditions": {"all": []}}


async def set_status(world: World, campaign: Json, status: str) -> Any:
    return await world.admin.request(
        "PATCH", f"/campaigns/{campaign['id']}", json={"status": status}
    )


@pytest.mark.parametrize(("before", "after"), list(product(WAYS, WAYS)))
async def test_status_goes_the_ways_of_the_contract_only(
    world: World, before: str, after: str
) -> None:
    campaign = await world.create_campaign(WAIT, activate=False)
    for status in WAYS[before]:
        assert (await set_status(world, campaign, status)).status_code == 200

    response = await set_status(world, campaign, after)

    if (before, after) in ALLOWED or before == after:
        changed = response.json()["campaign"]
        assert changed["status"] == after
        assert changed["updated_at"] > campaign["updated_at"]
    else:
        problem(response, 409, "invalid_status_change")
        answer = await world.admin.get(f"/campaigns/{campaign['id']}")
        assert answer["campaign"]["status"] == before


async def test_campaign_without_steps_is_not_ready(world: World) -> None:
    campaign = await world.create_campaign(activate=False)

    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")

    listed = await world.admin.get(f"/campaigns/{campaign['id']}/problems")
    assert body["problems"] == listed["problems"]
    assert [found["code"] for found in body["problems"]] == ["no_steps"]
    assert listed["total"] == 1
    assert (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]["status"] == "draft"


async def test_ready_campaign_has_no_problems(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, TEXT, activate=False)
    assert await world.admin.get(f"/campaigns/{campaign['id']}/problems") == {
        "problems": [],
        "total": 0,
    }


async def test_paths_that_lead_back_are_a_cycle(world: World) -> None:
    campaign = await world.create_campaign(WAIT, activate=False)
    fork = await world.add_step(campaign, **ALWAYS_TRUE)
    first = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"][0]
    await world.admin.patch(
        f"/campaigns/{campaign['id']}/steps/{fork['id']}", {"true_path_step_id": first["id"]}
    )

    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")

    assert [found["code"] for found in body["problems"]] == ["cycle"]
    assert body["problems"][0]["step_id"] in (first["id"], fork["id"])


async def test_fork_that_jumps_to_itself_is_a_cycle(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    fork = await world.add_step(campaign, **ALWAYS_TRUE)
    await world.admin.patch(
        f"/campaigns/{campaign['id']}/steps/{fork['id']}", {"false_path_step_id": fork["id"]}
    )
    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")
    assert [found["code"] for found in body["problems"]] == ["cycle"]


async def test_jump_ahead_is_no_cycle(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    fork = await world.add_step(campaign, **ALWAYS_TRUE)
    await world.add_step(campaign, **WAIT)
    last = await world.add_step(campaign, **WAIT)
    await world.admin.patch(
        f"/campaigns/{campaign['id']}/steps/{fork['id']}", {"true_path_step_id": last["id"]}
    )
    assert (await world.activate(campaign))["status"] == "active"


async def test_path_to_a_deleted_step_is_not_ready(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    fork = await world.add_step(campaign, **ALWAYS_TRUE)
    target = await world.add_step(campaign, **WAIT)
    await world.admin.patch(
        f"/campaigns/{campaign['id']}/steps/{fork['id']}", {"true_path_step_id": target["id"]}
    )
    await world.admin.delete(f"/campaigns/{campaign['id']}/steps/{target['id']}")

    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")

    (found,) = body["problems"]
    assert (found["step_id"], found["field"]) == (fork["id"], "true_path_step_id")


async def test_email_without_a_postal_address_is_not_ready(world: World) -> None:
    await world.admin.patch("/settings", {"postal_address": None})
    campaign = await world.create_campaign(EMAIL, activate=False)

    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")

    assert [found["field"] for found in body["problems"]] == ["settings.postal_address"]
    await world.admin.patch("/settings", {"postal_address": "1 Ridge Road, Denver"})
    assert (await world.activate(campaign))["status"] == "active"


async def test_link_that_the_settings_lack_is_not_ready(world: World) -> None:
    await world.admin.patch("/settings", {"review_link": None})
    text = {"step_type": "send_sms", "step_config": {"body": "Rate us: {{ review_link }}"}}
    campaign = await world.create_campaign(text, activate=False)

    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")

    assert [found["field"] for found in body["problems"]] == ["settings.review_link"]
    assert body["problems"][0]["step_id"]


async def test_hours_in_which_no_text_may_go_out_are_not_ready(world: World) -> None:
    night = {"start": 0, "end": 5, "days": ["Mon", "Tue"], "timezone": "America/Denver"}
    settings = {"respect_business_hours": True, "business_hours": night}
    campaign = await world.create_campaign(TEXT, activate=False, **settings)
    body = problem(await set_status(world, campaign, "active"), 409, "not_ready")
    assert [found["code"] for found in body["problems"]] == ["no_send_window"]

    by_email = await world.create_campaign(EMAIL, activate=False, **settings)
    assert (await world.activate(by_email))["status"] == "active"


async def test_edit_that_would_break_a_running_campaign_changes_nothing(world: World) -> None:
    campaign = await world.create_campaign(ALWAYS_TRUE, WAIT, {**EMAIL, "delay_value": 1})
    path = f"/campaigns/{campaign['id']}"
    before = await world.admin.get(f"{path}/steps")
    fork, target, email = before["steps"]
    await world.admin.patch(f"{path}/steps/{fork['id']}", {"true_path_step_id": target["id"]})
    before = await world.admin.get(f"{path}/steps")
    night = {"start": 0, "end": 5, "days": ["Mon"], "timezone": "America/Denver"}
    edits: list[tuple[str, str, Json | None]] = [
        ("PATCH", f"{path}/steps/{fork['id']}", {"false_path_step_id": fork["id"]}),
        ("DELETE", f"{path}/steps/{target['id']}", None),
        ("PUT", f"{path}/steps/order", {"step_ids": [target["id"], email["id"], fork["id"]]}),
        ("POST", f"{path}/steps", {**ALWAYS_TRUE, "true_path_step_id": fork["id"]}),
    ]
    for method, where, body in edits:
        answer = problem(await world.admin.request(method, where, json=body), 409, "not_ready")
        assert answer["problems"], (method, where)
    assert await world.admin.get(f"{path}/steps") == before

    await world.add_step(campaign, **TEXT)
    settings = {"respect_business_hours": True, "business_hours": night}
    problem(await world.admin.request("PATCH", path, json=settings), 409, "not_ready")
    assert (await world.admin.get(path))["campaign"]["business_hours"] is None


async def test_last_step_of_a_running_campaign_stays(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    path = f"/campaigns/{campaign['id']}/steps"
    (step,) = (await world.admin.get(path))["steps"]

    problem(await world.admin.request("DELETE", f"{path}/{step['id']}"), 409, "not_ready")

    assert (await world.admin.get(path))["total"] == 1


async def test_paused_campaign_may_be_broken_but_not_resumed_so(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    path = f"/campaigns/{campaign['id']}"
    await world.admin.patch(path, {"status": "paused"})
    (step,) = (await world.admin.get(f"{path}/steps"))["steps"]
    await world.admin.delete(f"{path}/steps/{step['id']}")

    problem(await set_status(world, campaign, "active"), 409, "not_ready")

    await world.add_step(campaign, **WAIT)
    assert (await world.activate(campaign))["status"] == "active"


async def test_settings_and_status_in_one_patch_are_taken_together_or_not_at_all(
    world: World,
) -> None:
    campaign = await world.create_campaign(activate=False)
    path = f"/campaigns/{campaign['id']}"
    body = {"name": "Renamed", "status": "active"}

    problem(await world.admin.request("PATCH", path, json=body), 409, "not_ready")
    assert (await world.admin.get(path))["campaign"]["name"] == "Storm follow-up"

    await world.add_step(campaign, **WAIT)
    changed = (await world.admin.patch(path, body))["campaign"]
    assert (changed["name"], changed["status"]) == ("Renamed", "active")
