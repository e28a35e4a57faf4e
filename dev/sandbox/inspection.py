"""What the sandbox tells about itself: the messages and faults as JSON, and pages for people."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import HTMLResponse

from dev.sandbox import message_page, page
from dev.sandbox.faults import Control, Switchboard
from dev.sandbox.homeowner import Homeowner
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


def pages_router(store: Store, switchboard: Switchboard, homeowner: Homeowner | None) -> APIRouter:
    """The pages."""
    router = APIRouter()

    @router.get("/")
    async def index() -> HTMLResponse:
        messages, plays = store.newest(limit=SHOWN_ON_PAGE), homeowner is not None
        return _page(page.index(messages, store.count(), switchboard.control, plays=plays))

    @router.get("/emails/{message_id}")
    async def show_email(message_id: str) -> HTMLResponse:
        return _page(message_page.email(_found(store, message_id, "email"), homeowner))

    @router.get("/emails/{message_id}/html")
    async def show_email_html(message_id: str) -> HTMLResponse:
        html = message_page.email_html(_found(store, message_id, "email"), homeowner)
        return _page(html, page.EMAIL_POLICY)

    @router.get("/texts/{message_id}")
    async def show_text(message_id: str) -> HTMLResponse:
        return _page(message_page.text(_found(store, message_id, "sms"), homeowner))

    return router


def _page(html: str, policy: str = page.PAGE_POLICY) -> HTMLResponse:
    return HTMLResponse(html, headers={"content-security-policy": policy})


def _found(store: Store, message_id: str, channel: Channel | None = None) -> Message:
    message = store.get(message_id)
    if message is None:
        raise HTTPException(404, "no such message")
    if channel is not None and message.channel != channel:
        raise HTTPException(404, f"not of the kind {channel}")
    return message
