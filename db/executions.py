"""Statements about executions: claims, marks, and what providers call them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from db.session import Session
from db.tables import Enrollment, Execution
from domain.enums import ExecutionStatus, StepType


def wall_clock() -> Any:  # noqa: ANN401 — an SQL expression in place of a time
    """The database's clock, the one that a pause compares marks with."""
    return func.clock_timestamp()


async def insert_pending(
    session: Session, enrollment: Enrollment, step_type: StepType, scheduled_at: datetime
) -> None:
    """What an enrollment waits for at its current visit."""
    await session.execute(
        insert(Execution).values(
            tenant_id=enrollment.tenant_id,
            campaign_id=enrollment.campaign_id,
            enrollment_id=enrollment.id,
            step_id=enrollment.current_step_id,
            step_type=step_type,
            visit=enrollment.visit,
            scheduled_at=scheduled_at,
        )
    )


async def release_mark(
    session: Session, execution_id: UUID, *, error: str | None, ambiguous: bool
) -> None:
    """Note that an attempt is over, and whether nobody knows how it ended."""
    values: Mapping[str, Any] = {
        "attempting_since": None,
        **({"error_message": error} if error else {}),
        **(
            {
                "ambiguous_since": func.coalesce(
                    Execution.ambiguous_since, Execution.attempting_since
                )
            }
            if ambiguous
            else {}
        ),
    }
    await session.execute(update(Execution).where(Execution.id == execution_id).values(values))


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


async def note_provider_id(session: Session, execution_id: UUID, provider_id: str) -> None:
    """Note under which id the provider took a message, if that is not known yet."""
    await session.execute(
        update(Execution)
        .where(Execution.id == execution_id, Execution.provider_id.is_(None))
        .values(provider_id=provider_id)
    )


async def recent_text_ids(session: Session, now: datetime) -> frozenset[str]:
    """Twilio's ids of the texts of the last day that are accounted for."""
    ids = await session.scalars(
        select(Execution.provider_id).where(
            Execution.provider_id.is_not(None),
            Execution.step_type == StepType.SEND_SMS,
            Execution.started_at > now - timedelta(days=1),
        )
    )
    return frozenset(sid for sid in ids if sid)
