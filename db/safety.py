"""Statements about how the messages of a campaign went lately, and whether it moves at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.session import Session
from db.tables import Campaign, Enrollment, Execution
from domain.enums import EnrollmentStatus, ExecutionStatus, StepType
from domain.safety import LAST, Tally

_SENDS = (StepType.SEND_EMAIL, StepType.SEND_SMS)
_ATTEMPTED = (ExecutionStatus.COMPLETED, ExecutionStatus.FAILED, ExecutionStatus.UNKNOWN)
_FAILED = (Execution.status == ExecutionStatus.FAILED) | Execution.bounced_at.is_not(None)


async def last_sends(session: Session, campaign: Campaign) -> Tally:
    """A campaign's last sends since it was last resumed; those that bounced for good have failed."""
    query = _settled(campaign.id, _FAILED).where(Execution.status.in_(_ATTEMPTED)).limit(LAST)
    if campaign.resumed_at:
        query = query.where(Execution.completed_at > campaign.resumed_at)
    return await _tally(session, query)


async def failures_since(session: Session, campaign_id: UUID, length: timedelta) -> Tally:
    """A campaign's sends of so long until now that failed, or bounced, for good."""
    return await _tally(
        session,
        _settled(campaign_id, _FAILED).where(_FAILED, Execution.completed_at > func.now() - length),
    )


async def last_texts(session: Session, campaign_id: UUID, skip: str) -> Tally:
    """A campaign's last texts; those that were skipped for that reason went wrong."""
    skipped = Execution.result_data["skipped"].astext
    query = _settled(campaign_id, func.coalesce(skipped, "") == skip)
    return await _tally(session, query.where(Execution.step_type == StepType.SEND_SMS).limit(LAST))


def _settled(campaign_id: UUID, wrong: ColumnElement[bool]) -> Select[bool, str | None]:
    return (
        select(wrong, Execution.error_message)
        .where(
            Execution.campaign_id == campaign_id,
            Execution.step_type.in_(_SENDS),
            Execution.completed_at.is_not(None),
        )
        .order_by(Execution.completed_at.desc())
    )


async def _tally(session: Session, query: Select[bool, str | None]) -> Tally:
    rows = (await session.execute(query)).all()
    errors = [error for is_wrong, error in rows if is_wrong]
    return Tally(len(rows), len(errors), next(iter(errors), None))


@dataclass(frozen=True, slots=True)
class Suspect:
    """A campaign in which something is overdue."""

    tenant_id: UUID
    campaign_id: UUID


async def overdue_campaigns(gateway: AsyncSession, after: timedelta) -> Sequence[Suspect]:
    """The campaigns in which an enrollment should have moved on so long ago."""
    rows = await gateway.execute(
        select(Enrollment.tenant_id, Enrollment.campaign_id).where(_is_overdue(after)).distinct()
    )
    return [Suspect(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Stall:
    """So many are overdue in a campaign; `error` is what one of them met with last."""

    overdue: int
    error: str | None


async def find_stall(session: Session, campaign_id: UUID, after: timedelta) -> Stall | None:
    """Whether somebody in a campaign is overdue by so much, and nobody has moved on since then.

    Who was resumed meanwhile has had less time.
    """
    then = func.now() - after
    moved = select(Enrollment.id).where(
        Enrollment.campaign_id == campaign_id, Enrollment.last_step_executed_at > then
    )
    if await session.scalar(moved.limit(1)):
        return None
    late = (
        Enrollment.campaign_id == campaign_id,
        _is_overdue(after),
        func.coalesce(Enrollment.resumed_at, Enrollment.enrolled_at) < then,
    )
    count = await session.scalar(select(func.count()).select_from(Enrollment).where(*late))
    error = await session.scalar(
        select(Execution.error_message)
        .join(Enrollment, Enrollment.id == Execution.enrollment_id)
        .where(*late, Execution.visit == Enrollment.visit, Execution.error_message.is_not(None))
        .order_by(Execution.started_at.desc().nulls_last())
        .limit(1)
    )
    return Stall(count, error) if count else None


def _is_overdue(after: timedelta) -> ColumnElement[bool]:
    return (
        (Enrollment.status == EnrollmentStatus.ACTIVE)
        & (Enrollment.workflow_status == "running")
        & ~Enrollment.parked
        & (Enrollment.next_step_scheduled_at < func.now() - after)
    )
