"""Resend, as it tells of e-mails."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

from services.settings import Settings
from tests.api.sent import Sent
from tests.world import Json

PATH = "/webhooks/resend"
HARD = {"type": "Permanent", "subType": "General", "message": "The mailbox does not exist."}
SOFT = {"type": "Transient", "subType": "MailboxFull", "message": "The mailbox is full."}

Post = Callable[..., Awaitable[httpx.Response]]
Tell = Callable[..., Awaitable[None]]


def signed(
    secret: str | None, body: bytes, *, webhook_id: str | None = None, age: timedelta = timedelta(0)
) -> dict[str, str]:
    """The headers of a delivery."""
    assert secret
    webhook_id, at = webhook_id or f"msg_{uuid4().hex}", datetime.now(UTC) - age
    return {
        "svix-id": webhook_id,
        "svix-timestamp": str(int(at.timestamp())),
        "svix-signature": Webhook(secret).sign(webhook_id, at, body.decode()),
        "content-type": "application/json",
    }


def event(kind: str, tags: Any, at: datetime | None = None, **data: Any) -> Json:
    """An event as Resend's pages show it."""
    created_at = (at or datetime.now(UTC)).isoformat(timespec="milliseconds")
    return {
        "type": f"email.{kind}",
        "created_at": created_at.replace("+00:00", "Z"),
        "data": {
            "created_at": created_at,
            "email_id": str(uuid4()),
            "from": "Ridge <hello@ridge.example>",
            "to": ["someone@else.example"],
            "subject": "Hello",
            **({} if tags is None else {"tags": tags}),
            **data,
        },
    }


def tags(sent: Sent) -> dict[str, str]:
    return {"tenant_id": str(sent.world.tenant_id), "execution_id": str(sent.id)}


def poster(api: httpx.AsyncClient, settings: Settings) -> Post:
    """Posts events to the API of the tests, signed."""

    async def post(body: Json, **how: Any) -> httpx.Response:
        content = json.dumps(body).encode()
        headers = signed(settings.resend_webhook_secret, content, **how)
        return await api.post(PATH, content=content, headers=headers)

    return post


def teller(post: Post, sent: Sent) -> Tell:
    """Tells something of one e-mail."""

    async def tell(kind: str, at: datetime | None = None, **data: Any) -> None:
        response = await post(event(kind, tags(sent), at, **data))
        assert (response.status_code, response.content) == (204, b"")

    return tell
