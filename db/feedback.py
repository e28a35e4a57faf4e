"""Statements about what became of a message: a campaign's, or one written by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from db.session import Session
from db.tables import Enrollment, Execution, Message, WebhookReceipt
from domain.enums import Channel, ExecutionStatus, StepType

Provider = Literal["resend", "twilio", "twilio_text"]
"""Who tells; `twilio_text` is what people text."""
Kind = type[Execution] | type[Message]

RECEIPTS_KEPT = timedelta(days=30)
"""Resend delivers again for ten hours; Twilio's callbacks carry no time, so that an old one stays valid."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, as it was read, and whose it is."""

    row: Execution | Message
    contact_id: UUID
    project_id: UUID | None = None

    @property
    def channel(self) -> Channel:
        """How it was sent."""
        if isinstance(self.row, Message):
            return Channel(self.row.channel)
        return Channel.EMAIL if self.row.step_type == StepType.SEND_EMAIL else Channel.SMS

    @property
    def address(self) -> str | None:
        """Where it was sent to, whatever the contact's address is by now."""
        address: str | None = (self.row.content or {}).get("to")
        return address


async def find_sent(session: Session, kind: Kind, row_id: UUID) -> Sent | None:
    """A message that was sent, or tried to; None if there is none."""
    if kind is Message:
        message = await session.get(Message, row_id)
        return Sent(message, message.contact_id) if message else None
    found = (
        await session.execute(
            select(Execution, Enrollment.contact_id, Enrollment.project_id)
            .join(Enrollment, Enrollment.id == Execution.enrollment_id)
            .where(
                Execution.id == row_id,
                Execution.step_type.in_((StepType.SEND_EMAIL, StepType.SEND_SMS)),
            )
        )
    ).one_or_none()
    if found is None:
        return None
    execution, contact_id, project_id = found
    return Sent(execution, contact_id, project_id)


async def claim_receipt(session: Session, provider: Provider, receipt: str) -> bool:
    """Whether a webhook is heard for the first time; a second one waits here until the first is done."""
    claimed = await session.scalar(
        insert(WebhookReceipt)
        .values(tenant_id=session.scope.tenant_id, provider=provider, receipt=receipt)
        .on_conflict_do_nothing()
        .returning(WebhookReceipt.receipt)
    )
    return claimed is not None


async def forget_old_receipts(session: Session) -> None:
    """Forget webhooks that nobody delivers again.

    What people text is kept for good: it carries no time, and an old START would undo the STOP after it.
    """
    await session.execute(
        delete(WebhookReceipt).where(
            WebhookReceipt.created_at < func.now() - RECEIPTS_KEPT,
            WebhookReceipt.provider != "twilio_text",
        )
    )


async def note_time(
    session: Session,
    sent: Sent,
    column: Literal["delivered_at", "bounced_at", "unsubscribed_at"],
    at: datetime,
) -> bool:
    """Note when that happened to a message, the earliest time that is told; whether it is news."""
    table = type(sent.row)
    time: InstrumentedAttribute[datetime | None] = getattr(table, column)
    this = update(table).where(table.id == sent.row.id).values({time: at})
    unsynchronised = this.execution_options(synchronize_session=False)
    if await session.scalar(unsynchronised.where(time.is_(None)).returning(table.id)):
        return True
    await session.execute(unsynchronised.where(time > at))
    return False


async def note_error(session: Session, sent: Sent, error: str, *, final: bool) -> None:
    """Note what went wrong with a message; what is not final does not hide what was noted before."""
    table = type(sent.row)
    noted = error if final else func.coalesce(table.error_message, error)
    await session.execute(
        update(table)
        .where(table.id == sent.row.id)
        .values(error_message=noted)
        .execution_options(synchronize_session=False)
    )


async def note_provider_id(session: Session, sent: Sent, provider_id: str) -> None:
    """Note under which id the provider took a message, if that is not known yet."""
    table = type(sent.row)
    await session.execute(
        update(table)
        .where(table.id == sent.row.id, table.provider_id.is_(None))
        .values(provider_id=provider_id)
        .execution_options(synchronize_session=False)
    )


async def settle_unknown(session: Session, sent: Sent, status: ExecutionStatus) -> None:
    """What nobody could tell is known now."""
    table = type(sent.row)
    known = {"status": status, "error_message": None}
    if table is Execution:
        known["why"] = None
    await session.execute(
        update(table)
        .where(table.id == sent.row.id, table.status == ExecutionStatus.UNKNOWN)
        .values(known)
        .execution_options(synchronize_session=False)
    )
