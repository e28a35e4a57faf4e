"""Errors as `application/problem+json` (RFC 9457), with the stable `code` that clients decide by."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from api.schemas.campaigns import ReadinessProblem
from api.schemas.common import Time
from domain.errors import Invalid, Location, Problem
from domain.validation import field_problems

_log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_CODES = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
}


class FieldErrorShape(BaseModel):
    """What is wrong with one field: `field` is its path, `step_config.subject`."""

    field: str
    message: str


class ProblemShape(BaseModel):
    """An error. `code` is for programs, `detail` for people.

    `errors` name the fields of a `validation_error`, `problems` what makes a campaign `not_ready`, `available_at`
    the end of `re_enrollment_too_soon` and of `outside_texting_hours`, `retry_after` that of `rate_limited`, in
    seconds.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldErrorShape] | None = None
    problems: list[ReadinessProblem] | None = None
    available_at: Time | None = None
    retry_after: int | None = None


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemShape, "description": HTTPStatus(status).phrase}
    for status in (401, 403, 404, 409, 413, 422, 429)
}
"""The errors of every route, for the OpenAPI document."""


def problem_response(problem: Problem, framework: Mapping[str, str] | None = None) -> JSONResponse:
    """A refusal as it is answered, with the headers that the framework wants in it."""
    extra = dict(problem.extra)
    if isinstance(problem, Invalid):
        extra["errors"] = [
            {"field": ".".join(map(str, error.location)), "message": error.message}
            for error in problem.errors
        ]
    shape = ProblemShape.model_validate(
        {
            "type": "about:blank",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "code": problem.code,
            "detail": problem.detail,
            **extra,
        },
        from_attributes=True,
    )
    headers = dict(framework or {})
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    body = shape.model_dump(mode="json", exclude_unset=True)
    return JSONResponse(body, problem.status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI) -> None:
    """Answer every error this way."""

    @app.exception_handler(Problem)
    async def refused(_request: Request, problem: Problem) -> JSONResponse:
        return problem_response(problem)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors: list[Any] = [{**each, "loc": _location(each)} for each in error.errors()]
        return problem_response(Invalid(*field_problems(errors)))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if (
            error.status_code == HTTPStatus.BAD_REQUEST
        ):  # what FastAPI says of a body it cannot read
            return problem_response(Invalid.field("body", str(error.detail)))
        problem = Problem(str(error.detail))
        problem.status = error.status_code
        problem.code = _CODES.get(error.status_code, "http_error")
        headers = dict(error.headers or {})
        if "Allow" in headers:
            headers["Allow"] = _allowed(request) or headers["Allow"]
        return problem_response(problem, headers)

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: ClientDisconnect) -> Response:
        # Nobody reads it; without it, this would be our error in the log.
        return Response(status_code=HTTPStatus.BAD_REQUEST)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.error("request failed", path=request.url.path, exc_info=error)
        return problem_response(Problem("Something went wrong on our side."))


def _allowed(request: Request) -> str:
    """The methods of a path; the framework names those of its first route only."""

    def takes(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    return ", ".join(filter(takes, ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")))


def _location(error: Mapping[str, Any]) -> Location:
    """The path of a field below `body`, `query` or `path`; of text that is no JSON, `body`."""
    within = () if error["type"] == "json_invalid" else error["loc"][1:]
    return tuple(within or error["loc"][:1])
