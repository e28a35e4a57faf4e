"""Statements that count the messages of a day: those of a company, and those to a contact."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Date, Uuid, cast, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from db.lists import among
from db.session import Session
from db.tables import Campaign, Contact, DailySends, Enrollment, Execution
from domain.enums import CampaignStatus, EnrollmentStatus, ExecutionStatus, StepType

MESSAGES: Final = (StepType.SEND_EMAIL, StepType.SEND_SMS)
"""The steps that caps count."""

_KEPT_FOR: Final = timedelta(days=8)


async def take_place(session: Session, day: date, cap: int) -> bool:
    """Count one message more on a day of the tenant, unless `cap` are counted: whether there was room.

    Holds the count until the transaction is over, so that nobody else takes the same place.
    """
    # Those who see that there is none left do not wait for each other.
    is_full = select(DailySends.day).where(DailySends.day == day, DailySends.sent >= cap).exists()
    first = select(literal(session.scope.tenant_id, Uuid), literal(day, Date), literal(1))
    sent = await session.scalar(
        insert(DailySends)
        .from_select(["tenant_id", "day", "sent"], first.where(~is_full))
        .on_conflict_do_update(
            index_elements=[DailySends.tenant_id, DailySends.day],
            set_={"sent": DailySends.sent + 1},
            where=DailySends.sent < cap,
        )
        .returning(DailySends.sent)
    )
    if sent == 1:
        # By the real calendar: where time is skipped, the days of others are yet to come.
        long_ago = cast(func.now() - _KEPT_FOR, Date)
        await session.execute(delete(DailySends).where(DailySends.day < long_ago))
    return sent is not None


async def give_place_back(session: Session, day: date, execution_id: UUID) -> None:
    """Count one message less, as this one has not gone out; one that may have keeps its place."""
    in_doubt = select(Execution.id).where(
        Execution.id == execution_id, Execution.ambiguous_since.is_not(None)
    )
    await session.execute(
        update(DailySends)
        .where(DailySends.day == day, ~in_doubt.exists())
        .values(sent=DailySends.sent - 1)
    )


async def hold_contact(session: Session, contact_id: UUID) -> None:
    """Hold the contact until the transaction is over, so that nobody else is writing to it."""
    await session.execute(
        select(Contact.id).where(Contact.id == contact_id).with_for_update(key_share=True)
    )


async def messages_of_contact(
    session: Session,
    contact_ids: Sequence[UUID],
    day: tuple[datetime, datetime],
    priority: int,
) -> tuple[int, int]:
    """How many messages of campaigns these get on a day, and how many more are due in higher ones.

    The first may have arrived between the two moments of `day`; the others are due between them, in active
    campaigns above `priority`.
    """
    begins, ends = day
    in_doubt = or_(Execution.attempting_since.is_not(None), Execution.ambiguous_since.is_not(None))
    sent = (
        or_(
            Execution.status.in_((ExecutionStatus.COMPLETED, ExecutionStatus.UNKNOWN)),
            (Execution.status == ExecutionStatus.RUNNING) & in_doubt,
        )
        & (Execution.started_at < ends)
        & or_(Execution.completed_at.is_(None), Execution.completed_at >= begins)
    )
    ahead = (
        Execution.status.in_((ExecutionStatus.PENDING, ExecutionStatus.RUNNING))
        & ~in_doubt
        & (Execution.scheduled_at >= begins)
        & (Execution.scheduled_at < ends)
        & (Enrollment.status == EnrollmentStatus.ACTIVE)
        & (Campaign.status == CampaignStatus.ACTIVE)
        & (Campaign.priority > priority)
    )
    counted = await session.execute(
        select(func.count().filter(sent), func.count().filter(ahead))
        .select_from(Execution)
        .join(Enrollment, Enrollment.id == Execution.enrollment_id)
        .join(Campaign, Campaign.id == Enrollment.campaign_id)
        .where(
            among(Enrollment.contact_id, contact_ids),
            Execution.step_type.in_(MESSAGES),
        )
    )
    already_sent, still_due = counted.one()
    return already_sent, still_due
