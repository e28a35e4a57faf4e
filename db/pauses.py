"""Statements that resume: what becomes of what came due while nobody might send.

The clock of an enrollment can be ahead of the wall's where time is skipped, so whoever has parked has come due.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, update

from db.enrollments import LIVE, hold_all
from db.session import Session
from db.tables import Campaign, Enrollment, Execution
from domain.enums import EnrollmentStatus, ExecutionStatus, StepType


def goes_on(now: datetime) -> Mapping[str, Any]:
    """Columns of an enrollment that is resumed: what came due is due now, together with that of all the others."""
    return {
        "resumed_at": now,
        "next_step_scheduled_at": func.greatest(Enrollment.next_step_scheduled_at, now),
    }


async def resume_parked(session: Session, campaign_id: UUID, now: datetime) -> None:
    """Let what those who woke under the pause wait for be due now."""
    parked = (Enrollment.campaign_id == campaign_id) & Enrollment.parked
    await hold_all(session, parked)
    await session.execute(
        update(Enrollment)
        .where(parked)
        .values(goes_on(now))
        .execution_options(synchronize_session=False)
    )


async def shift_by_pause(session: Session, campaign: Campaign, now: datetime) -> None:
    """Move everything that was waited for by the length of the pause, or of the wait where that is shorter.

    What had come due before the pause still is, now.
    """
    length = _length(campaign, now, Enrollment.waiting_since)
    live = (Enrollment.campaign_id == campaign.id) & Enrollment.status.in_(LIVE)
    await hold_all(session, live)
    begun = (Execution.status == ExecutionStatus.RUNNING) & (Execution.step_type == StepType.WAIT)
    await session.execute(
        update(Execution)
        .where(
            live,
            Execution.enrollment_id == Enrollment.id,
            Execution.visit == Enrollment.visit,
            (Execution.status == ExecutionStatus.PENDING) | begun,
        )
        # A wait for an event that has begun counts its time limit from its start.
        .values(
            scheduled_at=Execution.scheduled_at + length, started_at=Execution.started_at + length
        )
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Enrollment)
        .where(live)
        .values(
            waiting_since=Enrollment.waiting_since + length,
            next_step_scheduled_at=Enrollment.next_step_scheduled_at + length,
            resumed_at=Enrollment.resumed_at + _length(campaign, now, Enrollment.resumed_at),
        )
        .execution_options(synchronize_session=False)
    )
    await resume_parked(session, campaign.id, now)


def _length(campaign: Campaign, now: datetime, since: Any) -> Any:  # noqa: ANN401 — SQL expressions
    """What of a campaign's pause lies behind that time."""
    length = literal(now) - func.greatest(campaign.paused_at, since)
    return func.greatest(length, timedelta(0))


async def skip_what_came_due(session: Session, campaign: Campaign, now: datetime) -> None:
    """Note on those for whom a step came due in the pause that it is skipped."""
    scheduled_at = Enrollment.next_step_scheduled_at
    live = (Enrollment.campaign_id == campaign.id) & Enrollment.status.in_(LIVE)
    reached = live & (Enrollment.parked | scheduled_at.between(campaign.paused_at, now))
    await hold_all(session, reached)
    await session.execute(
        update(Enrollment)
        .where(reached, scheduled_at >= campaign.paused_at)
        .values(skips_until=func.greatest(now, scheduled_at))
        .execution_options(synchronize_session=False)
    )


async def ask_parked_to_refresh(session: Session, campaign_id: UUID) -> list[UUID]:
    """Note on those who woke while the campaign was paused that it goes on."""
    rows = await session.scalars(
        update(Enrollment)
        .where(
            Enrollment.campaign_id == campaign_id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Enrollment.parked,
        )
        .values(refresh_requested_at=func.now())
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    )
    return list(rows)
