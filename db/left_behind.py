"""Statements that find what a crash left undone between the database and Temporal, and note what Temporal knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.enrollments import LIVE
from db.lists import among
from db.session import Session
from db.tables import CounterDelta, Enrollment, Execution
from domain.enums import EnrollmentStatus, ExecutionStatus

_BEING_STARTED = timedelta(seconds=10)
_ABANDONED = timedelta(minutes=2)


async def mark_started(session: Session, enrollment_ids: Sequence[UUID]) -> None:
    """Note that these have a workflow."""
    if enrollment_ids:
        await session.execute(
            update(Enrollment)
            .where(among(Enrollment.id, enrollment_ids), Enrollment.workflow_status == "unstarted")
            .values(workflow_status="running")
            .execution_options(synchronize_session=False)
        )


async def mark_closed(session: Session, enrollment_ids: Sequence[UUID]) -> None:
    """Note of those that are over, and that Temporal does not know, that their workflow is over too.

    Another worker may be about to start that of a young one; the next round knows.
    """
    if enrollment_ids:
        await session.execute(
            update(Enrollment)
            .where(
                among(Enrollment.id, enrollment_ids),
                Enrollment.status.not_in(LIVE),
                Enrollment.workflow_status == "running",
                Enrollment.enrolled_at < func.now() - _BEING_STARTED,
            )
            .values(workflow_status="closed", refresh_requested_at=None)
            .execution_options(synchronize_session=False)
        )


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An enrollment of which Temporal does not know what it should."""

    tenant_id: UUID
    enrollment_id: UUID
    unstarted: bool = False


async def undelivered(gateway: AsyncSession, limit: int, after: timedelta) -> list[Undelivered]:
    """Enrollments without a workflow, with a workflow that must look again, or that must end.

    Those of the last moments are left to whoever has just committed them. Of each company some are
    taken before more of any.
    """
    rows = await gateway.execute(
        select(Enrollment.tenant_id, Enrollment.id, Enrollment.workflow_status == "unstarted")
        .where(
            or_(
                (Enrollment.workflow_status == "unstarted")
                & (Enrollment.enrolled_at < func.now() - after),
                (Enrollment.workflow_status == "running")
                & (Enrollment.refresh_requested_at < func.now() - after),
                (Enrollment.workflow_status == "running")
                & Enrollment.status.not_in(LIVE)
                & Enrollment.refresh_requested_at.is_(None),
            )
        )
        .order_by(func.row_number().over(partition_by=Enrollment.tenant_id, order_by=Enrollment.id))
        .limit(limit)
    )
    return [Undelivered(*row) for row in rows]


async def overdue(gateway: AsyncSession, limit: int, after: timedelta) -> list[Undelivered]:
    """Some of the enrollments that should have moved on by now."""
    rows = await gateway.execute(
        select(Enrollment.tenant_id, Enrollment.id)
        .where(
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Enrollment.workflow_status == "running",
            ~Enrollment.parked,
            Enrollment.next_step_scheduled_at < func.now() - after,
        )
        .order_by(func.random())
        .limit(limit)
    )
    return [Undelivered(tenant_id, enrollment_id) for tenant_id, enrollment_id in rows]


async def mark_unstarted(session: Session, enrollment_id: UUID) -> None:
    """Note that Temporal has lost the workflow."""
    await session.execute(
        update(Enrollment)
        .where(Enrollment.id == enrollment_id, Enrollment.workflow_status == "running")
        .values(workflow_status="unstarted")
    )


async def still_open(session: Session, enrollment_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Which of these have a row that counts on its workflow."""
    rows = await session.scalars(
        select(Enrollment.id).where(
            among(Enrollment.id, enrollment_ids), Enrollment.workflow_status != "closed"
        )
    )
    return rows.all()


async def tenants_with_leftovers(gateway: AsyncSession) -> Sequence[UUID]:
    """Who has counters that are noted, or sends that nobody may come back to."""
    noted = select(CounterDelta.tenant_id)
    abandoned = select(Execution.tenant_id).where(
        Execution.status == ExecutionStatus.RUNNING, Execution.started_at < func.now() - _ABANDONED
    )
    rows = await gateway.scalars(noted.union(abandoned))
    return rows.all()


async def settle_abandoned(session: Session) -> int:
    """Close executions that nobody will come back to: their enrollment ended during an attempt."""
    result = await session.execute(
        text(
            """
            update campaign_step_executions x
            set status = case when coalesce(x.ambiguous_since, x.attempting_since) is null
                              then 'skipped' else 'unknown' end,
                attempting_since = null, completed_at = now(),
                error_message = coalesce(x.error_message, 'the enrollment ended first')
            from campaign_enrollments e
            where e.id = x.enrollment_id and e.status not in ('active', 'paused')
              and x.status = 'running'
              and coalesce(x.attempting_since, x.started_at) < now() - interval '2 minutes'
            returning x.id
            """
        )
    )
    return len(result.all())
