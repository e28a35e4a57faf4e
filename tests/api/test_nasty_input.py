"""Whatever a client sends, it is told what is wrong: nothing answers 500.

The client of these tests raises what the application does not handle, so that a fault shows where it is.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from api.app import create_app
from services.settings import Settings
from tests.api.client import invalid_fields, problem
from tests.api.routes import Key, api_routes, create_things
from tests.world import World

Json = dict[str, Any]
JSON = {"content-type": "application/json"}


def nested(depth: int) -> object:
    value: object = "deep"
    for _ in range(depth):
        value = [value]
    return value


NASTY: list[object] = [
    None,
    10**400,
    "a\0b",
    "0001-01-01T00:00:00+14:00",
    {"a": "b\0c"},
]


async def test_nasty_value_in_any_field_is_refused_or_taken_but_is_never_a_fault(
    world: World, settings: Settings
) -> None:
    app = create_app(settings)
    things = await create_things(world)
    for key in api_routes(app):
        for field in _fields(app.openapi(), key):
            for value in NASTY:
                body = {**(things.body(key) or {}), field: value}
                response = await world.admin.request(
                    key[0], things.path(key[1]), content=json.dumps(body), headers=JSON
                )
                assert response.status_code in (200, 201, 202, 404, 409, 422), (key, field, value)


def _fields(schema: Json, key: Key) -> Iterator[str]:
    """The fields of a route's body."""
    operation = schema["paths"][f"/api{key[1]}"][key[0].lower()]
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        yield from schema["components"]["schemas"][name]["properties"]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"roof": "b\0c"}, "custom.roof"),
        ({"roof": "half a character \ud83c"}, "custom.roof"),
        ({"roof": float("nan")}, "custom.roof"),
        ({"roof": float("-inf")}, "custom.roof"),
        ({"roof": 10**31}, "custom.roof"),
        ({"roof": ["fine", "b\0c"]}, "custom.roof.1"),
        ({"a\0b": 1}, "custom"),
        ({"\ud83c": 1}, "custom"),
    ],
)
async def test_value_that_cannot_be_stored_is_named_by_its_path(
    world: World, value: object, field: str
) -> None:
    response = await world.admin.request(
        "POST", "/contacts", content=json.dumps({"custom": value}), headers=JSON
    )
    assert invalid_fields(response) == {field}


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (
            {
                "step_type": "webhook",
                "step_config": {"url": "https://a.example", "body": {"x": "\0"}},
            },
            "step_config.body.x",
        ),
        (
            {
                "step_type": "webhook",
                "step_config": {"url": "https://a.example", "body": {"x": float("nan")}},
            },
            "step_config.body.x",
        ),
        (
            {"step_type": "manage_tags", "step_config": {"add": ["hail", "a\0b"]}},
            "step_config.add.1",
        ),
        (
            {
                "step_type": "conditional",
                "conditions": [{"field": "contact.stage", "operator": "equals", "value": "\0"}],
            },
            "conditions.0.value",
        ),
    ],
)
async def test_step_that_cannot_be_stored_is_named_by_its_path(
    world: World, step: Json, field: str
) -> None:
    campaign = await world.create_campaign(activate=False)
    response = await world.admin.request(
        "POST", f"/campaigns/{campaign['id']}/steps", content=json.dumps(step), headers=JSON
    )
    assert invalid_fields(response) == {field}


@pytest.mark.parametrize("depth", [31, 300, 100_000])
async def test_body_nested_too_deeply_is_refused(world: World, depth: int) -> None:
    campaign = await world.create_campaign(activate=False)
    body = '{"step_type": "webhook", "step_config": {"url": "https://a.example", "body": '
    response = await world.admin.request(
        "POST",
        f"/campaigns/{campaign['id']}/steps",
        content=body + "[" * depth + "]" * depth + "}}",
        headers=JSON,
    )
    assert invalid_fields(response)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b'{"first_name": }', "application/json"),
        (b'{"first_name": "\xff\xfe"}', "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"12", "application/json"),
        (b"first_name=Ann", "application/x-www-form-urlencoded"),
        (b'{"first_name": "Ann"}', "text/plain"),
    ],
)
async def test_body_that_is_no_json_object_is_refused(
    world: World, content: bytes, content_type: str
) -> None:
    response = await world.admin.request(
        "POST", "/contacts", content=content, headers={"content-type": content_type}
    )
    assert invalid_fields(response) == {"body"}


async def test_unknown_field_is_refused_by_every_route_with_a_json_body(
    world: World, settings: Settings
) -> None:
    app = create_app(settings)
    things = await create_things(world)
    for key in api_routes(app):
        operation = app.openapi()["paths"][f"/api{key[1]}"][key[0].lower()]
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            body = {**(things.body(key) or {}), "surprise": 1}
            response = await world.admin.request(key[0], things.path(key[1]), json=body)
            assert "surprise" in invalid_fields(response), key


async def test_id_in_a_path_that_is_none_is_never_a_fault(world: World, settings: Settings) -> None:
    things = await create_things(world)
    for key in api_routes(create_app(settings)):
        for name in things.ids:
            if f"{{{name}}}" in key[1]:
                for wrong in ("7", "%00", "..%2f..", "x" * 4000, f"{uuid4()}x"):
                    path = things.path(key[1].replace(f"{{{name}}}", wrong))
                    response = await world.admin.request(key[0], path, json=things.body(key))
                    assert response.status_code in (404, 405, 422), (key, wrong)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        (f"offset={10**30}", "offset"),
        ("cursor=x", "cursor"),
        ("cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIl0=", "cursor"),
        ("cursor=WzEsMl0=", "cursor"),
        ("search=a%00b", "search"),
        ("stage=a%00b", "stage"),
        ("tag=a%00b", "tag"),
        ("assigned_to=nobody", "assigned_to"),
    ],
)  # fmt: skip
async def test_query_that_makes_no_sense_names_its_parameter(
    world: World, query: str, field: str
) -> None:
    assert invalid_fields(await world.admin.request("GET", f"/contacts?{query}")) == {field}


async def test_path_and_method_that_do_not_exist_are_problems_too(world: World) -> None:
    problem(await world.admin.request("GET", "/nothing"), 404, "not_found")
    refused = await world.admin.request("PUT", "/campaigns")
    problem(refused, 405, "method_not_allowed")
    assert refused.headers["allow"] == "GET, POST"
