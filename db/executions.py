"""Statements about executions: what they wait for, and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from db.session import Session
from db.tables import Enrollment, Execution
from domain.enums import ExecutionStatus, StepType


def pending(enrollment: Enrollment, step_type: StepType, scheduled_at: datetime) -> Execution:
    """What an enrollment waits for at its current visit; add it to the session."""
    return Execution(
        tenant_id=enrollment.tenant_id,
        campaign_id=enrollment.campaign_id,
        enrollment_id=enrollment.id,
        step_id=enrollment.current_step_id,
        step_type=step_type,
        visit=enrollment.visit,
        scheduled_at=scheduled_at,
    )


async def record_late(
    session: Session,
    execution_id: UUID,
    *,
    result: Mapping[str, Any] | None,
    provider_id: str | None,
    counts: str | None,
) -> None:
    """An answer that came when its step had been given up as `unknown`: it was sent after all."""
    found = await session.scalar(
        update(Execution)
        .where(Execution.id == execution_id, Execution.status == ExecutionStatus.UNKNOWN)
        .values(
            status=ExecutionStatus.COMPLETED,
            result_data=result,
            error_message=None,
            why=None,
            provider_id=provider_id,
        )
        .returning(Execution.enrollment_id)
    )
    if found and counts:
        counter = getattr(Enrollment, counts)
        await session.execute(
            update(Enrollment).where(Enrollment.id == found).values({counter: counter + 1})
        )


async def note_trouble(session: Session, enrollment_id: UUID, visit: int, error: str) -> None:
    """Why the current attempt at a step did not come to an end."""
    await session.execute(
        update(Execution)
        .where(
            Execution.enrollment_id == enrollment_id,
            Execution.visit == visit,
            Execution.status.in_((ExecutionStatus.PENDING, ExecutionStatus.RUNNING)),
        )
        .values(error_message=error)
    )
