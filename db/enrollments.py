"""Statements about enrollments and their executions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true

from db.consents import why_suppressed
from db.contacts import goes_by
from db.lists import among
from db.paging import Page, Slice, page, page_of_search
from db.session import Session
from db.tables import Campaign, Contact, Enrollment, Execution
from domain.enums import (
    CampaignStatus,
    Channel,
    EnrollmentStatus,
    StepType,
)
from domain.errors import NotFound

Columns = TypeVarTuple("Columns")

LIVE = (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)


ATTEMPT_LIMIT = timedelta(seconds=45)
"""Longer than an attempt at a step may take: an older mark was left by a worker that died."""


def in_turn(enrollments: Select[*Columns]) -> Select[*Columns]:
    """These enrollments, to be locked in the order of their ids, as everybody does who takes several.

    With `key_share`, as all locks of ours: whoever adds a row that refers to one need not wait, nor whoever changes
    such a row twice, for which PostgreSQL looks at what it refers to again.
    """
    return enrollments.order_by(Enrollment.id).with_for_update(key_share=True, of=Enrollment)


async def hold_all(session: Session, which: ColumnElement[bool]) -> None:
    """Lock these enrollments until the transaction is over, without fetching them."""
    held = in_turn(select(Enrollment.id).where(which))
    await session.execute(select(func.count()).select_from(held.subquery()))


async def hold_live(session: Session, contact_ids: Sequence[UUID]) -> None:
    """Lock the live enrollments of contacts, which comes before the contacts are locked or changed."""
    await hold_all(session, among(Enrollment.contact_id, contact_ids) & Enrollment.status.in_(LIVE))


async def list_enrollments(
    session: Session,
    wanted: Slice,
    campaign_id: UUID,
    *,
    status: EnrollmentStatus | None,
    contact_id: UUID | None,
    search: str | None,
) -> Page[Enrollment]:
    """The enrollments of a campaign; `search` looks into names, e-mail and phone of their contacts."""
    query = select(Enrollment).where(Enrollment.campaign_id == campaign_id)
    if status:
        query = query.where(Enrollment.status == status)
    if contact_id:
        query = query.where(Enrollment.contact_id == contact_id)
    if search:
        query = query.join(Contact, Contact.id == Enrollment.contact_id).where(goes_by(search))
        return await page_of_search(session, query, wanted, Enrollment.enrolled_at, Enrollment.id)
    return await page(session, query, wanted, Enrollment.enrolled_at, Enrollment.id)


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


async def may_still_send(
    session: Session, enrollment_id: UUID, step_type: StepType, to: str | None
) -> bool:
    """Whether enrollment, campaign and consent allow a send at this moment, and the address is still the contact's.

    Read after the claim is committed: whoever pauses commits first and then waits for claims, so one
    of the two sees the other.
    """
    reachable = {
        StepType.SEND_EMAIL: (Contact.email == to)
        & ~Contact.email_opt_out
        & why_suppressed(Channel.EMAIL).is_(None),
        StepType.SEND_SMS: (Contact.phone == to)
        & ~Contact.sms_opt_out
        & Contact.sms_consent
        & why_suppressed(Channel.SMS).is_(None),
    }.get(step_type, true())
    allowed = await session.scalar(
        select(
            (Enrollment.status == EnrollmentStatus.ACTIVE)
            & (Campaign.status == CampaignStatus.ACTIVE)
            & reachable
        )
        .join(Campaign, Campaign.id == Enrollment.campaign_id)
        .join(Contact, Contact.id == Enrollment.contact_id)
        .where(Enrollment.id == enrollment_id)
    )
    return bool(allowed)


async def attempts_under_way(
    session: Session, campaign_id: UUID, enrollment_ids: Sequence[UUID] | None = None
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
    if enrollment_ids is not None:
        query = query.where(among(Execution.enrollment_id, enrollment_ids))
    return await session.scalar(query) or 0


async def find_enrollment(
    session: Session, campaign_id: UUID, enrollment_id: UUID, *, lock: bool = False
) -> Enrollment:
    """An enrollment of the campaign, held until the end of the transaction if `lock`. Raises NotFound."""
    held = {"key_share": True} if lock else None
    enrollment = await session.get(Enrollment, enrollment_id, with_for_update=held)
    if enrollment is None or enrollment.campaign_id != campaign_id:
        raise NotFound("There is no such enrollment in this campaign.")
    return enrollment


async def timeline(session: Session, enrollment: Enrollment) -> Sequence[Execution]:
    """What an enrollment's steps did and what it waits for, in the order of the visits.

    Reads the enrollment again with it: both are of one moment.
    """
    rows = await session.execute(
        select(Execution, Enrollment)
        .join(Enrollment, Enrollment.id == Execution.enrollment_id)
        .where(Execution.enrollment_id == enrollment.id)
        .order_by(Execution.visit)
        .execution_options(populate_existing=True)
    )
    return [execution for execution, _ in rows]
