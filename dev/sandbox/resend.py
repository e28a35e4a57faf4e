"""The part of Resend's API that we use: e-mails are sent, and those that came in are fetched.

https://resend.com/docs/api-reference/emails/send-email
https://resend.com/docs/api-reference/emails/retrieve-received-email
"""

import hashlib
import json
import re
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from dev.sandbox.callbacks import Callbacks
from dev.sandbox.faults import Fault, Mode, Switchboard, respond
from dev.sandbox.store import Message, Store

KEY_LIFETIME = timedelta(hours=24)
REFUSED_MAILBOX = "bounce"

_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_SENDER = re.compile(r"(?:[^<>\r\n]*<(?P<named>[^<>]+)>|(?P<bare>[^<>]+))")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


def resend_router(store: Store, switchboard: Switchboard, callbacks: Callbacks) -> APIRouter:
    """Routes to mount at `/resend`."""
    router = APIRouter()
    in_flight: set[str | None] = set()

    @router.post("/emails")
    async def send_email(request: Request) -> Response:
        body = await request.body()
        key = request.headers.get("idempotency-key")
        if not _has_key(request):
            return _no_key()
        if key is not None and key in in_flight:
            return _error(
                409,
                "concurrent_idempotent_requests",
                "The same idempotency key is being processed by another request.",
            )
        in_flight.add(key)
        try:
            fault = switchboard.take_resend()
            accept = partial(_accept, store, callbacks, body, key)
            return await respond(request, fault, accept, _REFUSALS)
        finally:
            in_flight.discard(key)

    @router.get("/emails/receiving/{email_id}")
    async def get_received(request: Request, email_id: str) -> Response:
        if not _has_key(request):
            return _no_key()
        message = store.get(email_id)
        if message is None or message.channel != "received_email":
            return _error(404, "not_found", "Email not found")
        return JSONResponse(_as_received(message))

    return router


def _has_key(request: Request) -> bool:
    return bool(request.headers.get("authorization", "").removeprefix("Bearer").strip())


def _accept(store: Store, callbacks: Callbacks, body: bytes, key: str | None) -> JSONResponse:
    try:
        email = json.loads(body)
    except ValueError:
        return _error(422, "validation_error", "The request body is not JSON.")
    if not isinstance(email, dict):
        return _error(422, "validation_error", "The request body must be an object.")
    if key is not None and not 1 <= len(key) <= 256:
        return _error(400, "invalid_idempotency_key", "The key must be 1 to 256 characters long.")
    refusal = _refusal(email)
    if refusal is not None:
        return refusal
    fingerprint = hashlib.sha256(json.dumps(email, sort_keys=True).encode()).hexdigest()
    if key is not None and (known := store.get_by_key(key, store.now() - KEY_LIFETIME)):
        if known.fingerprint != fingerprint:
            return _error(
                409,
                "invalid_idempotent_request",
                "This idempotency key has been used with a different request body.",
            )
        store.count_repeat(known.id)
        return JSONResponse({"id": known.id})
    message = store.add(
        "email",
        str(uuid.uuid4()),
        ", ".join(_recipients(email)),
        {
            "from": email["from"],
            "subject": email["subject"],
            "html": email.get("html"),
            "text": email.get("text"),
            "reply_to": email.get("reply_to"),
            "headers": email.get("headers") or {},
            "tags": {tag["name"]: tag["value"] for tag in email.get("tags") or []},
        },
        idempotency_key=key,
        fingerprint=fingerprint,
    )
    callbacks.follow_email(message)
    return JSONResponse({"id": message.id})


def _as_received(message: Message) -> dict[str, Any]:
    return {
        "object": "email",
        "id": message.id,
        "to": [message.recipient],
        "from": message.content["from"],
        "created_at": message.received_at.isoformat(),
        "subject": message.content["subject"],
        "html": message.content.get("html"),
        "text": message.content["text"],
        "headers": message.content.get("headers", {}),
        "bcc": [],
        "cc": [],
        "reply_to": [],
        "received_for": [message.recipient],
        "message_id": message.content["message_id"],
        "attachments": [],
    }


def _refusal(email: dict[str, Any]) -> JSONResponse | None:
    for name in ("from", "to", "subject"):
        if not email.get(name):
            return _error(422, "missing_required_field", f"Missing `{name}` field.")
    if not (email.get("html") or email.get("text")):
        return _error(422, "missing_required_field", "Missing `html` or `text` field.")
    recipients = _recipients(email)
    if not _is_sender(email["from"]) or not all(map(_is_sender, recipients)):
        wrong = "to" if _is_sender(email["from"]) else "from"
        return _error(
            422,
            "validation_error",
            f"Invalid `{wrong}` field. The email address needs to follow the `email@example.com`"
            " or `Name <email@example.com>` format.",
        )
    if any(each.lower().startswith(f"{REFUSED_MAILBOX}@") for each in recipients):
        return _error(422, "validation_error", "Invalid `to` field. The address does not exist.")
    for tag in email.get("tags") or []:
        if not (_TAG.fullmatch(tag["name"]) and _TAG.fullmatch(tag["value"])):
            return _error(
                422,
                "validation_error",
                "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
            )
    return None


def _recipients(email: dict[str, Any]) -> list[str]:
    to = email["to"]
    return to if isinstance(to, list) else [to]


def _is_sender(value: object) -> bool:
    match = _SENDER.fullmatch(value) if isinstance(value, str) else None
    return match is not None and bool(_ADDRESS.fullmatch(match["named"] or match["bare"]))


def _error(
    status: int, name: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    body = {"statusCode": status, "name": name, "message": message}
    return JSONResponse(body, status, headers)


def _no_key() -> JSONResponse:
    return _error(401, "missing_api_key", "Missing API Key")


def _too_many(fault: Fault) -> JSONResponse:
    return _error(
        429,
        "rate_limit_exceeded",
        "Too many requests. You can only make 2 requests per second.",
        {"retry-after": str(fault.retry_after)},
    )


_REFUSALS = {
    Mode.REFUSE_429: _too_many,
    Mode.ERROR_500: lambda _: _error(500, "application_error", "An unexpected error occurred."),
    Mode.BAD_REQUEST: lambda _: _error(422, "validation_error", "Invalid `to` field."),
}
