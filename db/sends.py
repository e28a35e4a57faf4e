"""Statements about whatever goes out once, executions and messages alike: marks, and what providers call them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all, update

from db.session import Session
from db.tables import Contact, Execution, Message, SentRow
from domain.enums import Channel, ExecutionStatus, StepType

WENT_OUT = (ExecutionStatus.RUNNING, ExecutionStatus.COMPLETED, ExecutionStatus.UNKNOWN)
"""What has reached somebody, or may yet have."""


def wall_clock() -> Any:  # noqa: ANN401 — an SQL expression in place of a time
    """The database's clock, the one that a pause compares marks with."""
    return func.clock_timestamp()


async def release_mark(
    session: Session, table: type[SentRow], row_id: UUID, *, error: str | None, ambiguous: bool
) -> None:
    """Note that an attempt is over, and whether nobody knows how it ended."""
    since = func.coalesce(table.ambiguous_since, table.attempting_since)
    values: Mapping[str, Any] = {
        "attempting_since": None,
        **({"error_message": error} if error else {}),
        **({"ambiguous_since": since} if ambiguous else {}),
    }
    await session.execute(update(table).where(table.id == row_id).values(values))


async def recent_text_ids(session: Session, now: datetime) -> frozenset[str]:
    """Twilio's ids of the texts of the last day that are accounted for."""
    yesterday = now - timedelta(days=1)
    by_campaigns = select(Execution.provider_id).where(
        Execution.provider_id.is_not(None),
        Execution.step_type == StepType.SEND_SMS,
        Execution.started_at > yesterday,
    )
    by_hand = select(Message.provider_id).where(
        Message.provider_id.is_not(None),
        Message.channel == Channel.SMS,
        Message.started_at > yesterday,
    )
    ids = await session.scalars(union_all(by_campaigns, by_hand))
    return frozenset(sid for sid in ids if sid)


_CLOCKS_APART = timedelta(minutes=1)
"""Whoever waited for the lock may have looked at the clock before the one who had it."""


async def hold_number(session: Session, phone: str) -> None:
    """Hold all who have the number until the transaction is over, so that nobody else is texting it."""
    await session.execute(
        select(Contact.id)
        .where(Contact.phone == phone)
        .order_by(Contact.id)
        .with_for_update(key_share=True)
    )


async def texts_of_campaigns(
    session: Session, phone: str, after: datetime, now: datetime, *, other_than: UUID
) -> Sequence[datetime]:
    """When campaigns texted a number since `after`, whoever had it then, and those that are on their way."""
    times = await session.scalars(
        select(Execution.started_at).where(
            Execution.tenant_id == session.scope.tenant_id,
            Execution.sent_to == phone,
            Execution.step_type == StepType.SEND_SMS,
            Execution.status.in_(WENT_OUT),
            Execution.started_at > after,
            Execution.started_at <= now + _CLOCKS_APART,
            Execution.id != other_than,
        )
    )
    return [time for time in times if time]
