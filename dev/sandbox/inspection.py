"""What the sandbox tells about itself: the messages and faults as JSON, and pages for people."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import HTMLResponse

from dev.sandbox import page
from dev.sandbox.faults import Control, Switchboard
from dev.sandbox.store import Channel, Message, Store

SHOWN_ON_PAGE = 100


def messages_router(store: Store) -> APIRouter:
    """What was received, as JSON."""
    router = APIRouter()

    @router.get("/messages")
    async def list_messages(
        channel: Channel | None = None,
        to: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100_000)] = 50,
    ) -> dict[str, Any]:
        messages = store.newest(channel=channel, recipient=to, limit=limit)
        return {"messages": [message.as_json() for message in messages], "total": store.count()}

    @router.get("/messages/{message_id}")
    async def get_message(message_id: str) -> dict[str, Any]:
        return _found(store, message_id).as_json()

    @router.delete("/messages", status_code=204)
    async def clear() -> Response:
        store.clear()
        return Response(status_code=204)

    return router


def control_router(switchboard: Switchboard) -> APIRouter:
    """The faults, and a sign of life."""
    router = APIRouter()

    @router.get("/control")
    async def get_control() -> Control:
        return switchboard.control

    @router.put("/control")
    async def set_control(control: Control) -> Control:
        switchboard.set(control)
        return switchboard.control

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return router


def pages_router(store: Store, switchboard: Switchboard) -> APIRouter:
    """The pages."""
    router = APIRouter()

    @router.get("/")
    async def index() -> HTMLResponse:
        messages = store.newest(limit=SHOWN_ON_PAGE)
        html = page.index(messages, store.count(), switchboard.control)
        return HTMLResponse(html, headers={"content-security-policy": page.PAGE_POLICY})

    @router.get("/emails/{message_id}")
    async def show_email(message_id: str) -> HTMLResponse:
        html = page.email(_found_email(store, message_id))
        return HTMLResponse(html, headers={"content-security-policy": page.PAGE_POLICY})

    @router.get("/emails/{message_id}/html")
    async def show_email_html(message_id: str) -> HTMLResponse:
        html = page.email_html(_found_email(store, message_id))
        return HTMLResponse(html, headers={"content-security-policy": page.EMAIL_POLICY})

    return router


def _found(store: Store, message_id: str) -> Message:
    message = store.get(message_id)
    if message is None:
        raise HTTPException(404, "no such message")
    return message


def _found_email(store: Store, message_id: str) -> Message:
    message = _found(store, message_id)
    if message.channel != "email":
        raise HTTPException(404, "not an e-mail")
    return message
