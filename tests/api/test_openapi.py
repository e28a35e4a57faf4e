"""The OpenAPI document, from which clients are generated."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.openapi.models import OpenAPI

from api.app import create_app
from services.settings import Settings

Json = dict[str, Any]

ERRORS = {"401", "403", "404", "409", "422", "429"}


@pytest.fixture(scope="module")
def document(settings: Settings) -> Json:
    return create_app(settings).openapi()


def operations(document: Json, prefix: str = "/") -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path.startswith(prefix):
                yield method, path, operation


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_document_is_valid_and_names_nothing_that_is_missing(document: Json) -> None:
    OpenAPI.model_validate(document)
    assert document["openapi"].startswith("3.1")
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= names


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is(document: Json) -> None:
    found = list(operations(document))
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    assert all(operation.get("description") for _, _, operation in found)


def test_every_answer_is_typed(document: Json) -> None:
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            if status in ("204", "302"):
                assert "content" not in response, (method, path)
                continue
            assert response["content"], (method, path, status)
            for media_type, content in response["content"].items():
                schema = content["schema"]
                known = media_type.startswith(("text/", "image/"))
                assert "$ref" in schema or known, (method, path, status)


def test_every_body_is_typed_and_refuses_unknown_fields(document: Json) -> None:
    for method, path, operation in operations(document, "/api/"):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schema = document["components"]["schemas"][name]
            assert schema["additionalProperties"] is False, (method, path)


def test_every_error_is_documented_as_a_problem(document: Json) -> None:
    for method, path, operation in operations(document, "/api/"):
        assert operation["responses"].keys() >= ERRORS, (method, path)
        for status in ERRORS:
            (media_type,) = operation["responses"][status]["content"]
            assert media_type == "application/problem+json", (method, path, status)
    problem = document["components"]["schemas"]["ProblemShape"]
    assert {"type", "title", "status", "code", "detail"} <= set(problem["required"])
    assert {"errors", "problems", "available_at", "retry_after"} <= problem["properties"].keys()


def test_every_operation_of_the_api_takes_a_key_or_a_session(document: Json) -> None:
    schemes = document["components"]["securitySchemes"]
    kinds = {name: (scheme["type"], scheme.get("in")) for name, scheme in schemes.items()}
    assert set(kinds.values()) == {("http", None), ("apiKey", "cookie")}
    for method, path, operation in operations(document, "/api/"):
        named = {name for way in operation["security"] for name in way}
        assert named == kinds.keys(), (method, path)


def test_every_post_takes_an_idempotency_key(document: Json) -> None:
    for method, path, operation in operations(document, "/api/"):
        headers = {
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "header"
        }
        assert headers == ({"Idempotency-Key"} if method == "post" else set()), (method, path)


def test_lists_take_their_limit_offset_and_cursor(document: Json) -> None:
    for method, path, operation in operations(document, "/api/"):
        name = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        schema = name.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if "next_cursor" in document["components"]["schemas"].get(schema, {}).get("properties", {}):
            parameters = {parameter["name"] for parameter in operation["parameters"]}
            assert {"limit", "offset", "cursor"} <= parameters, (method, path)


async def test_document_and_its_page_are_served(api: httpx.AsyncClient, document: Json) -> None:
    page = await api.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    needed = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert {path.rpartition(".")[2] for path in needed} == {"js", "css", "png"}
    for path in needed:
        assert path.startswith("/"), "it needs nothing from the internet"
        assert (await api.get(path)).status_code == 200
    assert "https://" not in page.text
    served = await api.get("/openapi.json")
    assert served.json()["paths"].keys() == document["paths"].keys()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_is_told_without_a_key(api: httpx.AsyncClient, path: str) -> None:
    response = await api.get(path)
    assert (response.status_code, response.json()["status"]) == (200, "ok")
