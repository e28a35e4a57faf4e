"""What Resend and Twilio post, read: which message it is about, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
)

from domain.enums import EngagementKind, SuppressionReason
from domain.events import EMAIL_BOUNCED, EMAIL_COMPLAINED
from domain.reports import Engagement, Report

_MAX_TEXT = 2000
_MAX_ID = 255

_DEAD_NUMBERS = frozenset({21211, 21214, 21217, 21401, 21407, 21614, 21635, 30005, 30006})
"""Not a number, no telephone, a landline. 30003 is not among them: it may be switched on again.

https://www.twilio.com/docs/api/errors
"""
_OPTED_OUT = 21610


def _cleaned(text: str) -> str:
    """As PostgreSQL can store it."""
    return text.replace("\0", "")[:_MAX_TEXT]


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is too far away") from error


def _tags(raw: object) -> object:
    """They are sent as a list and come back as an object; other applications' may be anything."""
    pairs: list[tuple[object, object]] = []
    if isinstance(raw, dict):
        pairs = list(raw.items())
    elif isinstance(raw, list):
        pairs = [(tag.get("name"), tag.get("value")) for tag in raw if isinstance(tag, dict)]
    return {
        name: value for name, value in pairs if isinstance(name, str) and isinstance(value, str)
    }


def _listed(raw: object) -> object:
    return [raw] if isinstance(raw, str) else raw


def _id_of(text: str) -> str:
    return _cleaned(text)[:_MAX_ID]


Text = Annotated[str, AfterValidator(_cleaned)]
Id = Annotated[str, AfterValidator(_id_of)]
Time = Annotated[AwareDatetime, AfterValidator(_utc)]
_ids: TypeAdapter[UUID] = TypeAdapter(UUID)


class _Engagement(BaseModel):
    """https://resend.com/docs/webhooks/emails/clicked."""

    ipAddress: Text | None = None  # noqa: N815 — Resend's name
    link: Text | None = None
    timestamp: Time | None = None
    userAgent: Text | None = None  # noqa: N815 — Resend's name


class _Why(BaseModel):
    """What a bounce, a failure or a suppression has to say."""

    type: Text | None = None
    message: Text | None = None
    reason: Text | None = None

    def __str__(self) -> str:
        return self.message or self.reason or self.type or "no reason given"


class _Data(BaseModel):
    email_id: Id | None = None
    sender: Annotated[Text, Field(alias="from")] = ""
    to: Annotated[list[Text], BeforeValidator(_listed)] = []
    subject: Text | None = None
    tags: Annotated[dict[str, str], BeforeValidator(_tags)] = {}
    bounce: _Why | None = None
    failed: _Why | None = None
    suppressed: _Why | None = None
    click: _Engagement | None = None
    open: _Engagement | None = None


class ResendWebhook(BaseModel):
    """An event of Resend: https://resend.com/docs/webhooks/event-types."""

    type: Text
    created_at: Time
    data: _Data


@dataclass(frozen=True, slots=True)
class Named:
    """The message that a report is about, as its tags name it."""

    tenant_id: UUID
    execution_id: UUID | None
    message_id: UUID | None


def named_by(webhook: ResendWebhook) -> Named | None:
    """Which message of ours it is; None for what others send with the same account."""
    ids = {name: _id(webhook.data.tags.get(name)) for name in Named.__slots__}
    tenant_id = ids["tenant_id"]
    if tenant_id is None or not (ids["execution_id"] or ids["message_id"]):
        return None
    return Named(tenant_id, ids["execution_id"], ids["message_id"])


@dataclass(frozen=True, slots=True)
class Arrival:
    """An e-mail that came in, as its webhook announces it: without what it says."""

    email_id: str
    sender: str
    to: list[str]
    subject: str


def arrival_in(webhook: ResendWebhook) -> Arrival | None:
    """The e-mail that came in: https://resend.com/docs/webhooks/emails/received; None if none did."""
    data = webhook.data
    if webhook.type != "email.received" or not data.email_id:
        return None
    return Arrival(data.email_id, data.sender, data.to, data.subject or "")


def from_resend(webhook: ResendWebhook, now: datetime) -> Report | None:
    """What became of an e-mail; None where nothing has. A time that is yet to come is now."""
    data, at = webhook.data, min(webhook.created_at, now)
    known: dict[str, Any] = {"at": at, "provider_id": data.email_id}
    match webhook.type:
        case "email.sent" | "email.delivery_delayed":
            return Report(**known)
        case "email.delivered":
            return Report(**known, delivered=True)
        case "email.opened":
            return _engaged(EngagementKind.OPEN, data.open or _Engagement(), known, now)
        case "email.clicked":
            return _engaged(EngagementKind.CLICK, data.click or _Engagement(), known, now)
        case "email.bounced":
            why = data.bounce or _Why()
            # Transient and Undetermined are soft: https://resend.com/docs/dashboard/emails/email-bounces
            if why.type != "Permanent":
                return Report(**known, error=f"bounced for now ({why.type}): {why}")
            return _dead(f"bounced: {why}", known)
        case "email.suppressed":
            # Resend knows that the address bounces, and did not try it.
            return _dead(f"suppressed by Resend: {data.suppressed or _Why()}", known)
        case "email.complained":
            return Report(
                **known,
                suppresses=SuppressionReason.COMPLAINT,
                opted_out_by="complaint",
                event_name=EMAIL_COMPLAINED,
            )
        case "email.failed":
            return Report(**known, went_out=False, error=f"not sent: {data.failed or _Why()}")
    return None


def twilio_receipt(form: Mapping[str, str]) -> str:
    """What stands for the id that a callback has not got."""
    return _id_of(f"{form.get('MessageSid', '')}:{form.get('MessageStatus', '')}")


def from_twilio(form: Mapping[str, str], now: datetime) -> Report:
    """What became of a text: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks.

    `undelivered` went to the carrier and did not arrive, `failed` never left Twilio.
    """
    status, code = form.get("MessageStatus", ""), _number(form.get("ErrorCode", ""))
    known: dict[str, Any] = {"at": now, "provider_id": _id_of(form.get("MessageSid", "")) or None}
    if status in ("delivered", "read"):
        return Report(**known, delivered=True)
    if status not in ("undelivered", "failed"):
        return Report(**known)
    said = _cleaned(form.get("ErrorMessage", ""))
    return Report(
        **known,
        went_out=status == "undelivered",
        bounced=True,
        error=f"{status} ({code or 'no code'}){': ' if said else ''}{said}",
        suppresses=SuppressionReason.HARD_BOUNCE if code in _DEAD_NUMBERS else None,
        opted_out_by="carrier" if code == _OPTED_OUT else None,
    )


def _engaged(
    kind: EngagementKind, details: _Engagement, known: Mapping[str, Any], now: datetime
) -> Report:
    engagement = Engagement(
        kind=kind,
        url=details.link,
        user_agent=details.userAgent,
        address=details.ipAddress,
    )
    at = min(details.timestamp or known["at"], now)
    return Report(**{**known, "at": at}, engagement=engagement)


def _dead(error: str, known: Mapping[str, Any]) -> Report:
    return Report(
        **known,
        bounced=True,
        error=error,
        suppresses=SuppressionReason.HARD_BOUNCE,
        event_name=EMAIL_BOUNCED,
    )


def _id(text: str | None) -> UUID | None:
    try:
        return _ids.validate_python(text)
    except ValidationError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
