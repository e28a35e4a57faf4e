"""Statements that end enrollments: one, or all that something has ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, select, update

from db.enrollments import LIVE, hold_all
from db.lists import among
from db.session import Session
from db.tables import CampaignStep, Enrollment, Execution
from domain.enums import (
    EnrollmentStatus,
    ExecutionStatus,
    ExitReason,
    StepType,
)
from domain.why import ENDED

ENDED_AS: Final[Mapping[ExitReason, EnrollmentStatus]] = {
    ExitReason.COMPLETED: EnrollmentStatus.COMPLETED,
    ExitReason.ERROR: EnrollmentStatus.FAILED,
}
"""What an enrollment is that has ended so; for all other reasons it is `exited`."""


def end(enrollment: Enrollment, reason: ExitReason, now: datetime) -> None:
    """End one that is held."""
    enrollment.status = ENDED_AS.get(reason, EnrollmentStatus.EXITED)
    enrollment.exit_reason = reason
    enrollment.why = ENDED[reason]
    enrollment.next_step_scheduled_at = None
    enrollment.parked = False
    if reason is ExitReason.COMPLETED:
        enrollment.completed_at = now
    else:
        enrollment.exited_at = now
    if reason is ExitReason.GOAL_ACHIEVED and not enrollment.goal_achieved:
        enrollment.goal_achieved, enrollment.goal_achieved_at = True, now


async def withdraw(session: Session, enrollment_ids: Sequence[UUID], now: datetime) -> None:
    """Take back what ended enrollments waited for.

    A pending execution did not happen, so it goes. One between two attempts stays as what is known of
    it; one in the middle of an attempt is recorded by that attempt.
    """
    await session.execute(
        delete(Execution).where(
            among(Execution.enrollment_id, enrollment_ids),
            Execution.status == ExecutionStatus.PENDING,
        )
    )
    await session.execute(
        update(Execution)
        .where(
            among(Execution.enrollment_id, enrollment_ids),
            Execution.status == ExecutionStatus.RUNNING,
            Execution.attempting_since.is_(None),
        )
        .values(
            status=case(
                (Execution.ambiguous_since.is_not(None), ExecutionStatus.UNKNOWN),
                else_=ExecutionStatus.SKIPPED,
            ),
            completed_at=now,
            error_message=func.coalesce(Execution.error_message, "the enrollment ended first"),
        )
    )


async def end_all_of_campaign(session: Session, campaign_id: UUID, now: datetime) -> list[UUID]:
    """End the live enrollments of an archived campaign."""
    return await end_all(
        session, Enrollment.campaign_id == campaign_id, ExitReason.CAMPAIGN_ARCHIVED, now
    )


async def end_these(
    session: Session, ids: Sequence[UUID], reason: ExitReason, now: datetime
) -> list[UUID]:
    """End those of these that are live, whatever the reason is."""
    more: dict[str, Any] = {}
    if reason is ExitReason.COMPLETED:
        more = {"completed_at": now, "exited_at": None}
    elif reason is ExitReason.GOAL_ACHIEVED:
        reached_at = func.coalesce(Enrollment.goal_achieved_at, now)
        more = {"goal_achieved": True, "goal_achieved_at": reached_at}
    return await end_all(session, among(Enrollment.id, ids), reason, now, **more)


async def end_all_of_contact(session: Session, contact_id: UUID, now: datetime) -> list[UUID]:
    """End the live enrollments of a deleted contact."""
    return await end_all(
        session, Enrollment.contact_id == contact_id, ExitReason.CONTACT_DELETED, now
    )


async def end_all_by_opt_out(
    session: Session, contact_ids: Sequence[UUID], step_type: StepType, now: datetime
) -> list[UUID]:
    """End the live enrollments of contacts in campaigns that send what they have opted out of."""
    sends = (
        select(CampaignStep.id)
        .where(
            CampaignStep.campaign_id == Enrollment.campaign_id,
            CampaignStep.step_type == step_type,
            ~CampaignStep.is_deleted,
        )
        .exists()
    )
    which = among(Enrollment.contact_id, contact_ids) & sends
    return await end_all(session, which, ExitReason.UNSUBSCRIBED, now)


async def end_all(
    session: Session,
    which: ColumnElement[bool],
    reason: ExitReason,
    now: datetime,
    **values: object,
) -> list[UUID]:
    """End the live enrollments among these, and set further columns of theirs."""
    live = which & Enrollment.status.in_(LIVE)
    await hold_all(session, live)
    rows = await session.scalars(
        update(Enrollment)
        .where(live)
        .values(
            {
                "status": ENDED_AS.get(reason, EnrollmentStatus.EXITED),
                "exit_reason": reason,
                "why": ENDED[reason],
                "exited_at": now,
                "next_step_scheduled_at": None,
                "parked": False,
                **values,
            }
        )
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    )
    ended = list(rows)
    await withdraw(session, ended, now)
    return ended
