"""Providers on a bad day: the faults that tests and people switch on with `PUT /control`.

| mode | accepted | answer |
| --- | --- | --- |
| `ok` | yes | the provider's own |
| `refuse_429` | no | 429 with `Retry-After` |
| `error_500` | no | 500 |
| `accept_then_500` | yes | 500 |
| `accept_then_hang` | yes | none; the connection stays open |
| `hang` | no | none; the connection stays open |
| `bad_request` | no | 422 of Resend, 400 of Twilio |
| `reset` | no | none; the connection is cut |

A fault meets the next `count` sends, or all until it is changed. Look-ups are not affected.
"""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from operator import attrgetter

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send


class Mode(StrEnum):
    """What happens to a send."""

    OK = "ok"
    REFUSE_429 = "refuse_429"
    ERROR_500 = "error_500"
    ACCEPT_THEN_500 = "accept_then_500"
    ACCEPT_THEN_HANG = "accept_then_hang"
    HANG = "hang"
    BAD_REQUEST = "bad_request"
    RESET = "reset"


class Fault(BaseModel):
    """A mode, for `count` sends or for good, each `delay_ms` late. `retry_after` in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Mode = Mode.OK
    retry_after: int = Field(default=1, ge=0)
    count: int | None = Field(default=None, ge=0)
    delay_ms: int = Field(default=0, ge=0, le=60_000)


class Control(BaseModel):
    """The faults of both providers; what `PUT /control` leaves out stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    resend: Fault = Fault()
    twilio: Fault = Fault()


Refusals = Mapping[Mode, Callable[[Fault], Response]]


class Switchboard:
    """The faults as they are set now."""

    def __init__(self) -> None:
        self.control = Control()

    def set(self, control: Control) -> None:
        """Change the faults that are named, and only those."""
        changes = {name: getattr(control, name) for name in control.model_fields_set}
        self.control = self.control.model_copy(update=changes)

    def take_resend(self) -> Fault:
        """The fault that the next e-mail meets."""
        fault, rest = _taken(self.control.resend)
        self.control = self.control.model_copy(update={"resend": rest})
        return fault

    def take_twilio(self) -> Fault:
        """The fault that the next text meets."""
        fault, rest = _taken(self.control.twilio)
        self.control = self.control.model_copy(update={"twilio": rest})
        return fault


async def respond(
    request: Request, fault: Fault, accept: Callable[[], Response], refusals: Refusals
) -> Response:
    """Answer a send whose body has been read: accept it or not, and say so or not."""
    await asyncio.sleep(fault.delay_ms / 1000)
    if fault.mode in refusals:
        return refusals[fault.mode](fault)
    if fault.mode is Mode.RESET:
        request.scope["cut"]()
    if fault.mode in {Mode.RESET, Mode.HANG}:
        return await _until_gone(request)
    response = accept()
    if fault.mode is Mode.ACCEPT_THEN_500:
        return refusals[Mode.ERROR_500](fault)
    if fault.mode is Mode.ACCEPT_THEN_HANG:
        return await _until_gone(request)
    return response


class CuttableApp(FastAPI):
    """Gives each request the means to cut its connection, which ASGI has no word for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put uvicorn's transport within reach of the request."""
        scope["cut"] = lambda: attrgetter("__self__.transport")(send).abort()
        await super().__call__(scope, receive, send)


def _taken(fault: Fault) -> tuple[Fault, Fault]:
    if fault.count is None:
        return fault, fault
    if fault.count == 0:
        return Fault(), Fault()
    return fault, fault.model_copy(update={"count": fault.count - 1})


async def _until_gone(request: Request) -> Response:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()
