"""What the tests of the API read out of answers."""

from typing import Any

import httpx

from domain.enums import Role
from tests.world import Caller, World

ORIGIN = "http://campaigns.test"


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of a refusal, which must be this one (RFC 9457)."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["code"] == code, body
    assert body["title"]
    assert body["detail"]
    return body


def invalid_fields(response: httpx.Response) -> set[str]:
    """The fields that a 422 names."""
    body = problem(response, 422, "validation_error")
    assert all(error["message"] for error in body["errors"])
    return {error["field"] for error in body["errors"]}


def caller(world: World, role: Role) -> Caller:
    return {Role.ADMIN: world.admin, Role.MANAGER: world.manager, Role.STAFF: world.staff}[role]
