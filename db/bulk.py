"""Statements about many enrollments at once: whom a job is about, and what it does to them.

Whom a job is about is collected once, so that a job ends however many come to fit its filter meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Select,
    Uuid,
    bindparam,
    column,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from db.contacts import fitting
from db.enrollments import LIVE, in_turn
from db.lists import among
from db.pauses import goes_on
from db.session import Session
from db.tables import Contact, Enrollment, JobItem
from domain.conditions import Condition
from domain.enums import EnrollmentStatus

_LEFT_TO_THE_JOB = timedelta(minutes=5)
"""For so long the reconciler tells a workflow nothing: it has been told, and may stand in a long queue."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of those whom a job is about. `number` counts from 1, in the order in which they have their turn."""

    number: int
    id: UUID


async def add_items(session: Session, job_id: UUID, ids: Sequence[UUID]) -> None:
    """Let a job be about these, in this order."""
    given = func.unnest(bindparam(None, list(ids), ARRAY(Uuid)))
    listed = given.table_valued(column("id", Uuid), with_ordinality="number").render_derived()
    await _add(session, job_id, select(listed.c.number, listed.c.id))


async def add_new_items(session: Session, job_id: UUID, ids: Mapping[int, UUID]) -> int:
    """Let a job be about these, too, by their numbers; how many it was not about yet."""
    given = func.unnest(
        bindparam(None, list(ids), ARRAY(BigInteger)),
        bindparam(None, list(ids.values()), ARRAY(Uuid)),
    )
    listed = given.table_valued(column("number", BigInteger), column("id", Uuid)).render_derived()
    return await _add(session, job_id, select(listed.c.number, listed.c.id))


async def collect_contacts(
    session: Session, job_id: UUID, condition: Condition, now: datetime
) -> int:
    """Let a job be about the contacts that fit, the oldest first; how many they are."""
    turn = func.row_number().over(order_by=(Contact.created_at, Contact.id))
    return await _add(session, job_id, fitting(select(turn, Contact.id), condition, now))


async def collect_enrollments(
    session: Session, job_id: UUID, campaign_id: UUID, condition: Condition, now: datetime
) -> int:
    """Let a job be about a campaign's live enrollments whose contacts fit, the oldest first; how many they are."""
    turn = func.row_number().over(order_by=(Enrollment.enrolled_at, Enrollment.id))
    live = fitting(select(turn, Enrollment.id), condition, now).where(
        Enrollment.contact_id == Contact.id,
        Enrollment.campaign_id == campaign_id,
        Enrollment.status.in_(LIVE),
    )
    return await _add(session, job_id, live)


async def _add(session: Session, job_id: UUID, numbered: Select[int, UUID]) -> int:
    of_job = numbered.add_columns(literal(session.scope.tenant_id), literal(job_id))
    result = await session.execute(
        insert(JobItem)
        .from_select(["number", "item_id", "tenant_id", "job_id"], of_job)
        .on_conflict_do_nothing(index_elements=["tenant_id", "job_id", "item_id"])
    )
    count: int = result.rowcount  # type: ignore[attr-defined] # of a CursorResult, as every insert's is
    return count


async def items_after(session: Session, job_id: UUID, number: int, limit: int) -> list[Item]:
    """The next of those whom a job is about."""
    rows = await session.execute(
        select(JobItem.number, JobItem.item_id)
        .where(JobItem.job_id == job_id, JobItem.number > number)
        .order_by(JobItem.number)
        .limit(limit)
    )
    return [Item(*row) for row in rows]


async def delete_items(session: Session, job_id: UUID) -> None:
    """The job is over."""
    await session.execute(delete(JobItem).where(JobItem.job_id == job_id))


async def hold_enrollments(
    session: Session, campaign_id: UUID, ids: Sequence[UUID]
) -> Mapping[UUID, EnrollmentStatus]:
    """How those of these that are the campaign's stand, held until the transaction is over."""
    found = select(Enrollment.id, Enrollment.status).where(
        Enrollment.campaign_id == campaign_id, among(Enrollment.id, ids)
    )
    rows = await session.execute(in_turn(found))
    return {enrollment_id: EnrollmentStatus(status) for enrollment_id, status in rows}


async def pause_all(session: Session, ids: Sequence[UUID]) -> None:
    """Pause enrollments that are held."""
    await session.execute(
        update(Enrollment)
        .where(among(Enrollment.id, ids))
        .values(status=EnrollmentStatus.PAUSED)
        .execution_options(synchronize_session=False)
    )


async def resume_all(session: Session, ids: Sequence[UUID], now: datetime) -> None:
    """Let paused enrollments that are held go on; what came due meanwhile is due now."""
    await session.execute(
        update(Enrollment)
        .where(among(Enrollment.id, ids))
        .values(status=EnrollmentStatus.ACTIVE, **goes_on(now))
        .execution_options(synchronize_session=False)
    )


async def ask_to_look(session: Session, ids: Sequence[UUID]) -> None:
    """Note on these that their workflows are to look; the job tells them, unless it dies before it can."""
    await session.execute(
        update(Enrollment)
        .where(among(Enrollment.id, ids))
        .values(refresh_requested_at=func.now() + _LEFT_TO_THE_JOB)
        .execution_options(synchronize_session=False)
    )


async def still_to_look(session: Session, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Which of these have not looked yet."""
    rows = await session.scalars(
        update(Enrollment)
        .where(among(Enrollment.id, ids), Enrollment.refresh_requested_at.is_not(None))
        .values(refresh_requested_at=func.now() + _LEFT_TO_THE_JOB)
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    )
    return rows.all()
