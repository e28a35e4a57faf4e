"""Statements about enrollments and their executions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, false, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.consents import why_suppressed
from db.lists import among
from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Campaign, CampaignStep, Contact, Enrollment, Execution
from domain.enums import (
    CampaignStatus,
    Channel,
    EnrollmentStatus,
    ExecutionStatus,
    ExitReason,
    StepType,
)
from domain.errors import NotFound

LIVE = (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)

ATTEMPT_LIMIT = timedelta(seconds=45)
"""Longer than an attempt at a step may take: an older mark was left by a worker that died."""


async def list_enrollments(
    session: Session,
    wanted: Slice,
    campaign_id: UUID,
    *,
    status: EnrollmentStatus | None,
    contact_id: UUID | None,
) -> Page[Enrollment]:
    """The enrollments of a campaign."""
    query = select(Enrollment).where(Enrollment.campaign_id == campaign_id)
    if status:
        query = query.where(Enrollment.status == status)
    if contact_id:
        query = query.where(Enrollment.contact_id == contact_id)
    return await page(session, query, wanted, Enrollment.enrolled_at, Enrollment.id)


async def insert_enrollment(session: Session, values: Mapping[str, Any]) -> UUID | None:
    """A new enrollment; None if the contact has a live one in the campaign."""
    return await session.scalar(
        insert(Enrollment)
        .values(**values, tenant_id=session.scope.tenant_id)
        .on_conflict_do_nothing()
        .returning(Enrollment.id)
    )


async def latest_of(session: Session, campaign_id: UUID, contact_id: UUID) -> Enrollment | None:
    """The contact's enrollment in the campaign that is live, else the one that ended last."""
    return await session.scalar(
        select(Enrollment)
        .where(Enrollment.campaign_id == campaign_id, Enrollment.contact_id == contact_id)
        .order_by(Enrollment.status.in_(LIVE).desc(), Enrollment.enrolled_at.desc())
        .limit(1)
    )


async def count_due_together(session: Session, at: datetime) -> int:
    """How many active enrollments of the tenant are scheduled for that very moment."""
    count = await session.scalar(
        select(func.count())
        .select_from(Enrollment)
        .where(
            Enrollment.tenant_id == session.scope.tenant_id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Enrollment.next_step_scheduled_at == at,
        )
    )
    return count or 0


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


async def may_still_send(session: Session, enrollment_id: UUID, step_type: StepType) -> bool:
    """Whether enrollment, campaign and consent allow a send at this moment.

    Read after the claim is committed: whoever pauses commits first and then waits for claims, so one
    of the two sees the other.
    """
    opted_out = {
        StepType.SEND_EMAIL: Contact.email_opt_out | why_suppressed(Channel.EMAIL).is_not(None),
        StepType.SEND_SMS: Contact.sms_opt_out
        | ~Contact.sms_consent
        | why_suppressed(Channel.SMS).is_not(None),
    }.get(step_type, false())
    allowed = await session.scalar(
        select(
            (Enrollment.status == EnrollmentStatus.ACTIVE)
            & (Campaign.status == CampaignStatus.ACTIVE)
            & ~opted_out
        )
        .join(Campaign, Campaign.id == Enrollment.campaign_id)
        .join(Contact, Contact.id == Enrollment.contact_id)
        .where(Enrollment.id == enrollment_id)
    )
    return bool(allowed)


async def attempts_under_way(
    session: Session, campaign_id: UUID, enrollment_id: UUID | None = None
) -> int:
    """How many requests to a provider may be on their way at this moment."""
    query = (
        select(func.count())
        .select_from(Execution)
        .where(
            Execution.campaign_id == campaign_id,
            Execution.attempting_since > func.now() - ATTEMPT_LIMIT,
            # A clock that runs ahead must not hold a pause up for as long as it does.
            Execution.attempting_since < func.now() + ATTEMPT_LIMIT,
        )
    )
    if enrollment_id:
        query = query.where(Execution.enrollment_id == enrollment_id)
    return await session.scalar(query) or 0


async def end_all_of_campaign(session: Session, campaign_id: UUID, now: datetime) -> list[UUID]:
    """End the live enrollments of an archived campaign."""
    return await _end_all(
        session, Enrollment.campaign_id == campaign_id, ExitReason.CAMPAIGN_ARCHIVED, now
    )


async def end_all_of_contact(session: Session, contact_id: UUID, now: datetime) -> list[UUID]:
    """End the live enrollments of a deleted contact."""
    return await _end_all(
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
    return await _end_all(session, which, ExitReason.UNSUBSCRIBED, now)


async def _end_all(
    session: Session, which: ColumnElement[bool], reason: ExitReason, now: datetime
) -> list[UUID]:
    rows = await session.scalars(
        update(Enrollment)
        .where(which, Enrollment.status.in_(LIVE))
        .values(
            status=EnrollmentStatus.EXITED,
            exit_reason=reason,
            exited_at=now,
            next_step_scheduled_at=None,
            parked=False,
        )
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    )
    ended = list(rows)
    await withdraw(session, ended, now)
    return ended


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


async def wake_forgotten(session: Session) -> None:
    """Ask those to look who parked at the very moment at which their campaign went on."""
    await session.execute(
        update(Enrollment)
        .where(
            Enrollment.parked,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Enrollment.refresh_requested_at.is_(None),
            Enrollment.campaign_id == Campaign.id,
            Campaign.status == CampaignStatus.ACTIVE,
        )
        .values(refresh_requested_at=func.now())
        .execution_options(synchronize_session=False)
    )


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
    """Note of those that are over that their workflow is so too."""
    if enrollment_ids:
        await session.execute(
            update(Enrollment)
            .where(
                among(Enrollment.id, enrollment_ids),
                Enrollment.status.not_in(LIVE),
                Enrollment.workflow_status == "running",
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

    Those of the last moments are left to whoever has just committed them.
    """
    rows = await gateway.execute(
        select(Enrollment.tenant_id, Enrollment.id, Enrollment.workflow_status == "unstarted")
        .where(
            or_(
                (Enrollment.workflow_status == "unstarted")
                & (Enrollment.enrolled_at < func.now() - after),
                Enrollment.refresh_requested_at < func.now() - after,
                (Enrollment.workflow_status == "running") & Enrollment.status.not_in(LIVE),
            )
        )
        .order_by(Enrollment.id)
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


async def find_enrollment(
    session: Session, campaign_id: UUID, enrollment_id: UUID, *, lock: bool = False
) -> Enrollment:
    """An enrollment of the campaign, held until the end of the transaction if `lock`. Raises NotFound."""
    enrollment = await session.get(Enrollment, enrollment_id, with_for_update=lock or None)
    if enrollment is None or enrollment.campaign_id != campaign_id:
        raise NotFound("There is no such enrollment in this campaign.")
    return enrollment


async def timeline(session: Session, enrollment_id: UUID) -> Sequence[Execution]:
    """What an enrollment's steps did and what it waits for, in the order of the visits."""
    rows = await session.scalars(
        select(Execution).where(Execution.enrollment_id == enrollment_id).order_by(Execution.visit)
    )
    return rows.all()
