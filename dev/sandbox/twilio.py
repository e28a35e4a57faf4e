"""The part of Twilio's API that we use: messages are created, listed and fetched.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from dev.sandbox.callbacks import Callbacks
from dev.sandbox.faults import Fault, Mode, Switchboard, respond
from dev.sandbox.store import Message, Store

# https://www.twilio.com/docs/iam/test-credentials#test-sms-messages
MAGIC_NUMBERS = {
    "+15005550001": (21211, "The 'To' number is not a valid phone number."),
    "+15005550002": (21612, "The message cannot be routed to this number."),
    "+15005550003": (21408, "Permission to send to this region has not been enabled."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient."),
    "+15005550009": (21614, "The 'To' number cannot receive messages."),
}
MAX_BODY = 1600

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def twilio_router(store: Store, switchboard: Switchboard, callbacks: Callbacks) -> APIRouter:
    """Routes to mount at `/twilio`."""
    router = APIRouter(prefix="/2010-04-01/Accounts/{account_sid}")

    @router.post("/Messages.json")
    async def create(request: Request, account_sid: str) -> Response:
        token = _auth_token(request, account_sid)
        if token is None:
            return _unauthorized()
        form = await request.form()
        media = [str(url) for url in form.getlist("MediaUrl")]
        fields = {name: str(value) for name, value in form.items()}

        def accept() -> JSONResponse:
            refusal = _refusal(fields, media)
            if refusal is not None:
                return refusal
            message = _keep(store, account_sid, fields, media)
            callbacks.follow_text(message, token)
            return JSONResponse(_as_twilio(message), 201)

        return await respond(request, switchboard.take_twilio(), accept, _REFUSALS)

    @router.get("/Messages.json")
    async def list_messages(request: Request, account_sid: str) -> JSONResponse:
        if _auth_token(request, account_sid) is None:
            return _unauthorized()
        query = request.query_params
        size = min(int(query.get("PageSize", 50)), 1000)
        found = store.newest(channel="sms", recipient=query.get("To"), limit=1000)
        chosen = [message for message in found if _is_wanted(message, query)][:size]
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
        return JSONResponse(
            {
                "messages": [_as_twilio(message) for message in chosen],
                "page": 0,
                "page_size": size,
                "start": 0,
                "end": max(len(chosen) - 1, 0),
                "uri": uri,
                "first_page_uri": uri,
                "next_page_uri": None,
                "previous_page_uri": None,
            }
        )

    @router.get("/Messages/{sid}.json")
    async def fetch(request: Request, account_sid: str, sid: str) -> JSONResponse:
        if _auth_token(request, account_sid) is None:
            return _unauthorized()
        message = store.get(sid)
        if message is None or message.channel != "sms":
            return _error(404, 20404, "The requested resource was not found")
        return JSONResponse(_as_twilio(message))

    return router


def _auth_token(request: Request, account_sid: str) -> str | None:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, token = base64.b64decode(credentials).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return token if scheme.lower() == "basic" and user == account_sid and token else None


def _refusal(fields: Mapping[str, str], media: list[str]) -> JSONResponse | None:
    to = fields.get("To", "")
    if not to:
        return _error(400, 21604, "A 'To' phone number is required.")
    if not fields.get("From"):
        return _error(400, 21603, "A 'From' phone number is required.")
    if not fields.get("Body") and not media:
        return _error(400, 21602, "Message body is required.")
    if len(fields.get("Body", "")) > MAX_BODY:
        return _error(400, 21617, "The message body exceeds the 1600 character limit.")
    if to in MAGIC_NUMBERS:
        return _error(400, *MAGIC_NUMBERS[to])
    if not _NUMBER.fullmatch(to):
        return _error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    return None


def _keep(store: Store, account_sid: str, fields: Mapping[str, str], media: list[str]) -> Message:
    content = {
        "account_sid": account_sid,
        "from": fields["From"],
        "body": fields.get("Body", ""),
        "media_urls": media,
        "status_callback": fields.get("StatusCallback"),
        "validity_period": fields.get("ValidityPeriod"),
        "status": "queued",
    }
    return store.add("sms", f"SM{uuid.uuid4().hex}", fields["To"], content)


def _is_wanted(message: Message, query: Mapping[str, str]) -> bool:
    sender, after = query.get("From"), query.get("DateSent>")
    if sender is not None and message.content["from"] != sender:
        return False
    return after is None or message.received_at.date() >= _read_date(after).date()


def _read_date(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _as_twilio(message: Message) -> dict[str, Any]:
    account_sid, media = message.content["account_sid"], message.content["media_urls"]
    at = format_datetime(message.received_at)
    is_queued = message.content["status"] == "queued"
    return {
        "sid": message.id,
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": message.content["body"],
        "date_created": at,
        "date_sent": None if is_queued else at,
        "date_updated": at,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": message.content["from"],
        "messaging_service_sid": None,
        "num_media": str(len(media)),
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "status": message.content["status"],
        "subresource_uris": {},
        "to": message.recipient,
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{message.id}.json",
    }


def _error(
    status: int, code: int, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return JSONResponse(body, status, headers)


def _unauthorized() -> JSONResponse:
    return _error(401, 20003, "Authenticate")


def _too_many(fault: Fault) -> JSONResponse:
    return _error(429, 20429, "Too Many Requests", {"retry-after": str(fault.retry_after)})


_REFUSALS: Mapping[Mode, Callable[[Fault], JSONResponse]] = {
    Mode.REFUSE_429: _too_many,
    Mode.ERROR_500: lambda _: _error(500, 20500, "An internal server error has occurred"),
    Mode.BAD_REQUEST: lambda _: _error(400, 21211, "The 'To' number is not valid."),
}
