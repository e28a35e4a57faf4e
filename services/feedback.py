"""What became of a message, as a provider tells it: in any order, repeatedly, and about messages that are gone.

| report | message | address | event |
| --- | --- | --- | --- |
| delivered | `delivered_at` | | |
| bounced for good | `bounced_at`, `error_message` | suppressed as `hard_bounce` | `email_bounced` |
| bounced for now | `error_message` | | |
| never sent | `error_message` | | |
| complaint | | suppressed as `complaint`, and opted out | `email_complained` |
| opened, clicked | see `services.engagement` | | |

Whatever tells that the provider had the message also settles one that nobody could account for. Nothing is undone by
a later report: of two times the earlier one holds.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from db.consents import suppress
from db.engagements import hold_enrollment
from db.executions import record_late
from db.feedback import (
    Kind,
    Provider,
    Sent,
    claim_receipt,
    find_sent,
    note_error,
    note_provider_id,
    note_time,
    settle_unknown,
)
from db.session import Database, Session, engine
from db.tables import Execution
from domain.enums import Channel, ExecutionStatus
from domain.reports import Report
from services.consent import Because, opt_out, opt_out_address
from services.engagement import on_its_clock, raise_event, record_engagement
from services.safety import heed_failure
from services.temporal import Dispatcher

_log = structlog.get_logger(__name__)

_COUNTS = {Channel.EMAIL: "emails_sent", Channel.SMS: "sms_sent"}
_ID = {Channel.EMAIL: "email_id", Channel.SMS: "sms_id"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider calls one of its webhooks, each time that it delivers it."""

    provider: Provider
    id: str


async def hear(
    database: Database,
    dispatcher: Dispatcher,
    tenant_id: UUID,
    kind: Kind,
    message_id: UUID,
    receipt: Receipt,
    report: Report,
) -> None:
    """Take note of a report, once. One about a message that we do not know is forgotten."""
    async with database.transaction(engine(tenant_id)) as session:
        failed = await _hear(session, kind, message_id, receipt, report)
    await dispatcher.deliver(tenant_id, session.outbox)
    if failed:
        await heed_failure(database, tenant_id, failed.campaign_id)


async def _hear(
    session: Session, kind: Kind, message_id: UUID, receipt: Receipt, report: Report
) -> Execution | None:
    """A campaign's send, if it is news that it has failed for good."""
    sent = await find_sent(session, kind, message_id)
    if sent is None:
        _log.info("report on an unknown message", provider=receipt.provider, id=str(message_id))
        return None
    if not await claim_receipt(session, receipt.provider, receipt.id):
        return None
    if report.engagement:
        await record_engagement(session, sent, report.engagement, report.at)
    at = on_its_clock(sent, report.at)
    # Whoever opts out holds enrollments before contacts, as the engine does; the event takes the contact.
    await _settle(session, sent, receipt.provider, report, at)
    if sent.address:
        await _protect(session, sent, sent.address, report)
    bounced = await _note(session, sent, report, at)
    return sent.row if bounced and isinstance(sent.row, Execution) else None


async def unsubscribe(
    session: Session, contact_id: UUID, execution_id: UUID | None, now: datetime
) -> None:
    """Let a contact go by the link of an e-mail, and the address that got it, whoever has that by now."""
    because = Because("unsubscribe_link")
    await opt_out(session, Channel.EMAIL, [contact_id], because)
    if execution_id and (sent := await find_sent(session, Execution, execution_id)):
        if sent.address:
            await opt_out_address(session, Channel.EMAIL, sent.address, because)
        await note_time(session, sent, "unsubscribed_at", on_its_clock(sent, now))


async def _settle(
    session: Session, sent: Sent, provider: Provider, report: Report, at: datetime
) -> None:
    """Account for a message that was given up as `unknown`, or that still waits for its answer."""
    row = sent.row
    if report.provider_id:
        await note_provider_id(session, sent, report.provider_id)
    if row.status != ExecutionStatus.UNKNOWN:
        return
    if not report.went_out:
        await settle_unknown(session, sent, ExecutionStatus.FAILED)
    elif isinstance(row, Execution):
        await hold_enrollment(session, row.enrollment_id)
        provider_id = report.provider_id or row.provider_id
        sent_at = (row.completed_at or at).isoformat().replace("+00:00", "Z")
        await record_late(
            session,
            row.id,
            result={_ID[sent.channel]: provider_id, "sent_at": sent_at, "provider": provider},
            provider_id=provider_id,
            counts=_COUNTS[sent.channel],
        )
    else:
        await settle_unknown(session, sent, ExecutionStatus.COMPLETED)


async def _note(session: Session, sent: Sent, report: Report, at: datetime) -> bool:
    """Whether it is news that the message will not arrive."""
    if report.delivered:
        await note_time(session, sent, "delivered_at", at)
    news = report.bounced and await note_time(session, sent, "bounced_at", at)
    if report.error:
        await note_error(session, sent, report.error, final=report.bounced or not report.went_out)
    if report.event_name and (news or not report.bounced):
        reason = {"reason": report.error} if report.error else {}
        await raise_event(session, sent, report.event_name, at, **reason)
    return news


async def _protect(session: Session, sent: Sent, address: str, report: Report) -> None:
    """Send nothing more to whom nothing reaches, or who does not want it."""
    if report.suppresses:
        await suppress(session, sent.channel, address, report.suppresses)
    if report.opted_out_by:
        await opt_out_address(session, sent.channel, address, Because(report.opted_out_by))
