"""Campaign templates: what is refused when one is saved, and when a campaign is made from it."""

from typing import Any
from uuid import uuid4

import pytest

from db.campaign_templates import find_campaign_template
from db.session import person
from domain.enums import Role
from tests.api.client import invalid_fields, problem
from tests.api.test_campaign_templates import (
    BUILTIN,
    CATEGORY,
    FROM_TEMPLATE,
    TEMPLATES,
    revise,
    save,
)
from tests.world import EMAIL, TEXT, Json, World


async def change_stored(world: World, template: Json, index: int, **values: Any) -> None:
    """As if the template had been saved by another version of the product."""
    scope = person(world.tenant_id, world.user_ids[Role.ADMIN], Role.ADMIN)
    async with world.database.transaction(scope) as session:
        row = await find_campaign_template(session, template["id"])
        steps = [dict(step) for step in row.definition["steps"]]
        steps[index] |= values
        row.definition = {**row.definition, "steps": steps, "colour": "added later"}


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "99999999", ""])
async def test_cursor_of_another_list_is_refused(world: World, cursor: str) -> None:
    response = await world.staff.request("GET", TEMPLATES, params={"cursor": cursor})
    assert invalid_fields(response) == {"cursor"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": None}, "name"),
        ({"category": "  "}, "category"),
        ({"category": "x" * 51}, "category"),
        ({"category": 5}, "category"),
        ({"description": "x" * 20_001}, "description"),
        ({"campaign_id": "hail"}, "campaign_id"),
        ({"campaign_id": None}, "campaign_id"),
        ({"steps": []}, "steps"),
    ],
)
async def test_wrong_field_of_a_template_is_named(world: World, changes: Json, field: str) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    template = await save(world, campaign)
    body = {"campaign_id": campaign["id"], **CATEGORY, **changes}
    for method, path in (("POST", TEMPLATES), ("PUT", f"{TEMPLATES}/{template['id']}")):
        response = await world.admin.request(method, path, json=body)
        assert invalid_fields(response) == {field}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "template_id"),
        ({"template_id": None}, "template_id"),
        ({"template_id": ""}, "template_id"),
        ({"template_id": "storm-damage", "version": 0}, "version"),
        ({"template_id": "storm-damage", "version": "1"}, "version"),
        ({"template_id": "storm-damage", "version": 2**31}, "version"),
        ({"template_id": "storm-damage", "name": ""}, "name"),
        ({"template_id": "storm-damage", "status": "active"}, "status"),
    ],
)
async def test_wrong_field_of_a_campaign_from_a_template_is_named(
    world: World, body: Json, field: str
) -> None:
    assert invalid_fields(await world.admin.request("POST", FROM_TEMPLATE, json=body)) == {field}


@pytest.mark.parametrize(
    "body",
    [
        {"template_id": "hurricane"},
        {"template_id": str(uuid4())},
        {"template_id": "../storm-damage"},
        {"template_id": "storm-damage", "version": 2},
    ],
)
async def test_unknown_template_or_version_is_not_found(world: World, body: Json) -> None:
    problem(await world.admin.request("POST", FROM_TEMPLATE, json=body), 404, "not_found")


async def test_campaign_that_is_unknown_or_a_strangers_makes_no_template(
    world: World, stranger: World
) -> None:
    theirs = await stranger.create_campaign(EMAIL, activate=False)
    saved = await save(stranger, theirs)
    for campaign_id in (theirs["id"], str(uuid4())):
        body = {"campaign_id": campaign_id, **CATEGORY}
        problem(await world.admin.request("POST", TEMPLATES, json=body), 404, "not_found")
    body = {"template_id": saved["id"]}
    problem(await world.admin.request("POST", FROM_TEMPLATE, json=body), 404, "not_found")
    assert (await world.staff.get(TEMPLATES))["total"] == len(BUILTIN)


async def test_message_template_that_is_gone_is_named(world: World) -> None:
    shared = (
        await world.admin.post("/message-templates", {"name": "Hi", "channel": "sms", "body": "Hi"})
    )["message_template"]
    text = {"step_type": "send_sms", "step_config": {"template_id": shared["id"]}}
    campaign = await world.create_campaign(EMAIL, text, activate=False)
    template = await save(world, campaign)
    await revise(world, template, await world.create_campaign(EMAIL, activate=False))
    await world.admin.delete(f"/campaigns/{campaign['id']}")
    await world.admin.delete(f"/message-templates/{shared['id']}")

    body = {"template_id": template["id"], "version": 1}
    path = f"{TEMPLATES}/{template['id']}/restore"
    for response in (
        await world.admin.request("POST", FROM_TEMPLATE, json=body),
        await world.admin.request("POST", path, json={"version": 1}),
    ):
        assert invalid_fields(response) == {"steps.1.step_config.template_id"}
    campaigns = (await world.admin.get("/campaigns"))["campaigns"]
    assert [each["name"] for each in campaigns] == ["Storm follow-up"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"step_type": "send_pigeon"}, "step_type"),
        ({"step_config": {"body": "Hi {{ first_nam }}"}}, "step_config.body"),
        ({"step_config": {"body": "Hi", "colour": "red"}}, "step_config.colour"),
        ({"parent_step_id": "nobody", "branch": "true"}, "parent_step_id"),
        ({"conditions": {"all": []}}, "conditions"),
        ({"true_path_step_id": "nobody"}, "true_path_step_id"),
        ({"id": "step-1"}, "id"),
        (
            {
                "step_type": "create_task",
                "step_config": {"title": "x", "task_type": "call", "assigned_to": str(uuid4())},
            },
            "step_config.assigned_to",
        ),
        (
            {
                "step_type": "notify",
                "step_config": {"title": "x", "message": "x", "user_ids": [str(uuid4())]},
            },
            "step_config.user_ids.0",
        ),
        (
            {
                "step_type": "conditional",
                "step_config": {},
                "conditions": [{"field": "contact.shoes", "operator": "is_set"}],
            },
            "conditions.0.field",
        ),
    ],
)
async def test_what_a_stored_template_names_and_is_gone_is_refused_at_its_place(
    world: World, values: Json, field: str
) -> None:
    template = await save(world, await world.create_campaign(EMAIL, TEXT, activate=False))
    await change_stored(world, template, 1, **values)

    response = await world.admin.request(
        "POST", FROM_TEMPLATE, json={"template_id": template["id"]}
    )

    assert invalid_fields(response) == {f"steps.1.{field}"}
    shown = (await world.staff.get(TEMPLATES))["templates"][0]
    assert (shown["id"], shown["steps_count"]) == (template["id"], 2)
    assert (await world.admin.get("/campaigns"))["total"] == 1
