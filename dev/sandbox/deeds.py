"""What the homeowner does, by a button or by a program: `POST /messages/{id}/{deed}`, `POST /texts`.

A body of JSON is answered with `{status, location?}`: what the product answered. A form, which is how
the pages ask, is led back to its page, where the outcome is noted.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from dev.sandbox.homeowner import BROWSER, Homeowner
from dev.sandbox.product import Answer, Json, UnplayableError, UnreachableError
from dev.sandbox.store import Channel, Message, Store

EMAIL_PAGE = "/emails/"
TEXT_PAGE = "/texts/"


class Body(BaseModel):
    """What is posted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reading(Body):
    """`user_agent` is a browser's, unless a scanner is to be played."""

    user_agent: str = BROWSER


class Clicking(Reading):
    """A link by its `url`, or by its `index` among those that lead to the product."""

    url: str | None = None
    index: int = 0

    @property
    def link(self) -> int | str:
        """The one that is clicked."""
        return self.index if self.url is None else self.url


class Bouncing(Body):
    """How for good it is, in Resend's words."""

    type: Literal["Permanent", "Transient", "Undetermined"] = "Permanent"


class Writing(Body):
    """What the homeowner writes."""

    body: str


class Texting(Writing):
    """A text from any number to any number."""

    sender: str = Field(alias="from")
    to: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done with a message of these channels, and what has to be posted for it."""

    do: Callable[[Homeowner, Json, Any], Awaitable[Answer]]
    body: type[Body] = Body
    channels: tuple[Channel, ...] = ("email",)


DEEDS: Mapping[str, Deed] = {
    "open": Deed(lambda who, email, body: who.open(email, user_agent=body.user_agent), Reading),
    "click": Deed(
        lambda who, email, body: who.click(email, body.link, user_agent=body.user_agent), Clicking
    ),
    "unsubscribe": Deed(lambda who, email, _: who.unsubscribe(email)),
    "deliver": Deed(lambda who, email, _: who.deliver(email)),
    "bounce": Deed(lambda who, email, body: who.bounce(email, body.type), Bouncing),
    "complain": Deed(lambda who, email, _: who.complain(email)),
    "reply": Deed(
        lambda who, message, body: who.reply(message, body.body), Writing, ("email", "sms")
    ),
}

B = TypeVar("B", bound=Body)


def deeds_router(store: Store, homeowner: Homeowner | None) -> APIRouter:
    """The routes; without a homeowner each answers 409."""
    router = APIRouter()

    def playing() -> Homeowner:
        if homeowner is None:
            raise HTTPException(409, "the sandbox does not know where the product is")
        return homeowner

    @router.post("/messages/{message_id}/{name}")
    async def do(request: Request, message_id: str, name: str) -> Response:
        message, deed = store.get(message_id), DEEDS.get(name)
        if message is None or deed is None:
            raise HTTPException(404, "no such message" if message is None else "no such deed")
        if message.channel not in deed.channels:
            raise HTTPException(409, f"{name} is not for {message.channel}")
        body = await _read(request, deed.body)
        doing = deed.do(playing(), message.as_json(), body)
        return await _outcome(request, doing, _page(message))

    @router.post("/texts")
    async def text(request: Request) -> Response:
        body = await _read(request, Texting)
        doing = playing().text(body.sender, body.to, body.body)
        return await _outcome(request, doing, "/")

    return router


async def _read(request: Request, kind: type[B]) -> B:
    try:
        if _is_form(request):
            return kind.model_validate(dict(await request.form()))
        return kind.model_validate(json.loads(await request.body() or b"{}"))
    except ValueError as error:
        raise HTTPException(422, str(error)) from error


async def _outcome(request: Request, doing: Awaitable[Answer], page: str) -> Response:
    try:
        answer = await doing
    except UnplayableError as error:
        raise HTTPException(409, str(error)) from error
    except UnreachableError as error:
        if _is_form(request):
            return RedirectResponse(page, 303)
        raise HTTPException(502, f"the product does not answer: {error}") from error
    if _is_form(request):
        return RedirectResponse(page, 303)
    location = {} if answer.location is None else {"location": answer.location}
    return JSONResponse({"status": answer.status, **location})


def _page(message: Message) -> str:
    return (EMAIL_PAGE if message.channel == "email" else TEXT_PAGE) + message.id


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
