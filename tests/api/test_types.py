"""A value of another type is refused, not guessed at; each error is told once, at its field."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.app import create_app
from services.settings import Settings
from tests.api.client import invalid_fields, problem
from tests.api.routes import api_routes, create_things
from tests.world import World

Json = dict[str, Any]

LOOSE: dict[str, list[object]] = {
    "boolean": ["yes", "true", 1, 0],
    "integer": [True, "5", 5.5],
    "date-time": [1700000000, "1700000000", True],
}
"""What a lenient reader would take for a value of each type."""


def kinds(schema: Json) -> Iterator[str]:
    for option in (schema, *schema.get("anyOf", ())):
        yield option.get("format") or option.get("type", "")


async def test_value_of_another_type_is_refused_in_every_field_of_every_body(
    world: World, settings: Settings
) -> None:
    app = create_app(settings)
    document, things = app.openapi(), await create_things(world)
    tried = set()
    for key in api_routes(app):
        operation = document["paths"][f"/api{key[1]}"][key[0].lower()]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for field, schema in document["components"]["schemas"][name]["properties"].items():
            for kind in LOOSE.keys() & set(kinds(schema)):
                tried.add(kind)
                for value in LOOSE[kind]:
                    body = {**(things.body(key) or {}), field: value}
                    response = await world.admin.request(key[0], things.path(key[1]), json=body)
                    assert invalid_fields(response) == {field}, (key, field, value)
    assert tried == LOOSE.keys()


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (
            {
                "step_type": "create_task",
                "step_config": {"title": "Call", "task_type": "call", "due_in_days": True},
            },
            "due_in_days",
        ),
        (
            {
                "step_type": "notify",
                "step_config": {"assignee": "yes", "title": "Hi", "message": "Hi"},
            },
            "assignee",
        ),
        (
            {
                "step_type": "wait",
                "step_config": {
                    "until": {
                        "event": "signed",
                        "timeout": {"delay_value": "1", "delay_unit": "days"},
                    }
                },
            },
            "until.timeout.delay_value",
        ),
    ],
)
async def test_value_of_another_type_is_refused_in_a_step(
    world: World, step: Json, field: str
) -> None:
    campaign = await world.create_campaign(activate=False)
    response = await world.admin.request("POST", f"/campaigns/{campaign['id']}/steps", json=step)
    assert invalid_fields(response) == {f"step_config.{field}"}


async def errors_of(world: World, path: str, body: Json) -> list[Json]:
    response = await world.admin.request("POST", path, json=body)
    errors: list[Json] = problem(response, 422, "validation_error")["errors"]
    return errors


async def test_value_that_fits_none_of_several_types_is_one_error(world: World) -> None:
    body = {"custom": {"roof": {"age": 12}, "layers": [1, 2], "color": "red"}}
    errors = await errors_of(world, "/contacts", body)
    assert {error["field"] for error in errors} == {"custom.roof", "custom.layers"}
    assert len(errors) == 2


async def test_name_that_is_too_long_is_told_at_its_own_path(world: World) -> None:
    name = "x" * 101
    [error] = await errors_of(world, "/contacts", {"custom": {name: 1}})
    assert error["field"] == f"custom.{name}"


async def test_error_is_in_words_of_ours(world: World) -> None:
    [error] = await errors_of(world, "/contacts", {"timezone": "Mars/Olympus"})
    assert error["message"].startswith("'Mars/Olympus' is not a time zone")


async def test_tag_takes_no_variables(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    body = {"step_type": "manage_tags", "step_config": {"add": ["from {{ contact.state }}"]}}
    [error] = await errors_of(world, f"/campaigns/{campaign['id']}/steps", body)
    assert error["field"] == "step_config.add.0"
    assert "takes no {{ variables }}" in error["message"]
