"""Message templates: content that several steps share."""

from typing import Any

import pytest

from tests.api.client import invalid_fields, problem
from tests.world import World

Json = dict[str, Any]

EMAIL: Json = {
    "name": "Thanks",
    "channel": "email",
    "subject": "Thanks, {{ first_name }}",
    "html": "<p>{{ company_name }}</p>",
}
TEXT: Json = {"name": "Hi", "channel": "sms", "body": "Hi {{ first_name }}"}


async def create(world: World, **values: Any) -> Json:
    created: Json = (await world.admin.post("/message-templates", values))["message_template"]
    return created


@pytest.mark.parametrize("body", [EMAIL, TEXT, {**EMAIL, "html": None, "body": "Plain"}])
async def test_template_is_created_read_changed_and_deleted(world: World, body: Json) -> None:
    response = await world.admin.request("POST", "/message-templates", json=body)
    assert response.status_code == 201
    template = response.json()["message_template"]
    assert template == {"subject": None, "html": None, "body": None, **template, **body}
    path = f"/message-templates/{template['id']}"
    assert await world.staff.get(path) == {"message_template": template}
    listed = await world.staff.get("/message-templates")
    assert (listed["message_templates"], listed["total"]) == ([template], 1)

    changed = (await world.admin.patch(path, {"name": "New"}))["message_template"]
    assert changed == {**template, "name": "New", "updated_at": changed["updated_at"]}

    assert (await world.admin.request("DELETE", path)).status_code == 204
    problem(await world.admin.request("GET", path), 404, "not_found")
    assert (await world.staff.get("/message-templates"))["total"] == 0


async def test_list_is_filtered_by_channel(world: World) -> None:
    email, text = await create(world, **EMAIL), await create(world, **TEXT)
    for channel, template in (("email", email), ("sms", text)):
        answer = await world.staff.get("/message-templates", channel=channel)
        assert answer["message_templates"] == [template]


@pytest.mark.parametrize(
    ("good", "values", "field"),
    [
        (EMAIL, {"name": ""}, "name"),
        (EMAIL, {"subject": None}, "subject"),
        (EMAIL, {"html": None}, "html"),
        (EMAIL, {"html": "{{ first_name"}, "html"),
        (EMAIL, {"html": "{{ frist_name }}"}, "html"),
        (EMAIL, {"subject": "{{ frist_name }}"}, "subject"),
        (TEXT, {"body": None}, "body"),
        (TEXT, {"subject": "Hi"}, "subject"),
        (TEXT, {"html": "<p>Hi</p>"}, "html"),
        (TEXT, {"body": "{% if %}"}, "body"),
        (TEXT, {"body": "x" * 100_001}, "body"),
    ],
)
async def test_template_that_makes_no_sense_is_named_and_not_stored(
    world: World, good: Json, values: Json, field: str
) -> None:
    body = {**good, **values}
    response = await world.admin.request("POST", "/message-templates", json=body)
    assert invalid_fields(response) == {field}
    template = await create(world, **good)
    path = f"/message-templates/{template['id']}"
    assert invalid_fields(await world.admin.request("PATCH", path, json=values)) == {field}
    assert (await world.admin.get(path))["message_template"] == template


async def test_channel_is_one_of_two_and_stays(world: World) -> None:
    body = {**TEXT, "channel": "fax"}
    response = await world.admin.request("POST", "/message-templates", json=body)
    assert invalid_fields(response) == {"channel"}
    template = await create(world, **TEXT)
    path = f"/message-templates/{template['id']}"
    response = await world.admin.request("PATCH", path, json={"channel": "email"})
    assert invalid_fields(response) == {"channel"}


async def test_template_that_a_step_names_cannot_be_deleted(world: World) -> None:
    template = await create(world, **TEXT)
    step = {"step_type": "send_sms", "step_config": {"template_id": template["id"]}}
    campaign = await world.create_campaign(step)
    path = f"/message-templates/{template['id']}"

    problem(await world.admin.request("DELETE", path), 409, "in_use")

    await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": "archived"})
    assert (await world.admin.request("DELETE", path)).status_code == 204


@pytest.mark.parametrize("step_type", ["send_email", "send_sms"])
async def test_step_that_names_a_template_of_nobody_is_refused(
    world: World, stranger: World, step_type: str
) -> None:
    """Another company's template, a deleted one, and one of the other channel."""
    mine, other = (EMAIL, TEXT) if step_type == "send_email" else (TEXT, EMAIL)
    deleted = await create(world, **mine)
    await world.admin.delete(f"/message-templates/{deleted['id']}")
    campaign = await world.create_campaign(activate=False)
    for template in (await create(stranger, **mine), deleted, await create(world, **other)):
        body = {"step_type": step_type, "step_config": {"template_id": template["id"]}}
        response = await world.admin.request(
            "POST", f"/campaigns/{campaign['id']}/steps", json=body
        )
        assert invalid_fields(response) == {"step_config.template_id"}
