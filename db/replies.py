"""Statements about what a contact's reply is to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from db.enrollments import LIVE, hold_all
from db.lists import among
from db.sends import WENT_OUT
from db.session import Session
from db.tables import Campaign, Enrollment, Execution
from domain.enums import StepType


@dataclass(frozen=True, slots=True)
class Answered:
    """An enrollment whose contact has written, with its last message if it has sent one that way."""

    enrollment_id: UUID
    campaign_id: UUID
    contact_id: UUID
    live: bool
    campaign_creator: UUID | None
    execution_id: UUID | None


async def enrollments_answered(
    session: Session, contact_ids: Sequence[UUID], step_type: StepType
) -> list[Answered]:
    """What a reply of these contacts is to: their running enrollments, and the newest that wrote to them so."""
    last_message = (
        select(Execution.id)
        .where(
            Execution.enrollment_id == Enrollment.id,
            Execution.step_type == step_type,
            Execution.status.in_(WENT_OUT),
        )
        .order_by(Execution.visit.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            Enrollment.id,
            Enrollment.campaign_id,
            Enrollment.contact_id,
            Enrollment.status.in_(LIVE),
            Campaign.created_by,
            last_message,
        )
        .join(Campaign, Campaign.id == Enrollment.campaign_id)
        .where(among(Enrollment.contact_id, contact_ids))
        .order_by(Enrollment.enrolled_at.desc())
    )
    found = [Answered(*row) for row in rows]
    live = [each for each in found if each.live]
    wrote = next((each for each in found if each.execution_id), None)
    return live if any(each.execution_id for each in live) or wrote is None else [*live, wrote]


async def count_replies(
    session: Session, answered: Sequence[Answered], counter: str | None
) -> None:
    """Note on each of these messages that it was replied to, and count it once, where it is counted."""
    # Enrollments are locked before their executions, as the engine does it.
    await hold_all(session, among(Enrollment.id, [each.enrollment_id for each in answered]))
    replied = await session.scalars(
        update(Execution)
        .where(
            among(Execution.id, [each.execution_id for each in answered if each.execution_id]),
            Execution.replied_at.is_(None),
        )
        # An enrollment's clock can be ahead, and no reply comes before what it replies to.
        .values(replied_at=func.greatest(func.now(), Execution.completed_at))
        .returning(Execution.enrollment_id)
    )
    if counter:
        column = getattr(Enrollment, counter)
        await session.execute(
            update(Enrollment)
            .where(among(Enrollment.id, list(replied)))
            .values({column: column + 1})
        )
