"""Statements that let contacts into campaigns."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert

from db.enrollments import LIVE
from db.lists import among
from db.session import Session
from db.tables import Contact, Enrollment, Project


async def hold_contacts(session: Session, contact_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these contacts there are; nobody else enrolls them until the transaction is over."""
    rows = await session.scalars(
        select(Contact.id)
        .where(among(Contact.id, contact_ids), ~Contact.is_deleted)
        .order_by(Contact.id)
        .with_for_update(key_share=True)
    )
    return set(rows)


async def projects_among(
    session: Session, pairs: Sequence[tuple[UUID, UUID]]
) -> set[tuple[UUID, UUID]]:
    """Which of these (project, contact) are a contact's project."""
    if not pairs:
        return set()
    rows = await session.execute(
        select(Project.id, Project.contact_id).where(
            tuple_(Project.id, Project.contact_id).in_(pairs)
        )
    )
    return {(project_id, contact_id) for project_id, contact_id in rows}


async def latest_of(
    session: Session, campaign_id: UUID, contact_ids: Sequence[UUID]
) -> dict[UUID, Enrollment]:
    """Each contact's enrollment in the campaign that is live, else the one that was made last."""
    rows = await session.scalars(
        select(Enrollment)
        .where(Enrollment.campaign_id == campaign_id, among(Enrollment.contact_id, contact_ids))
        .ext(distinct_on(Enrollment.contact_id))
        .order_by(
            Enrollment.contact_id,
            Enrollment.status.in_(LIVE).desc(),
            Enrollment.enrolled_at.desc(),
        )
    )
    return {enrollment.contact_id: enrollment for enrollment in rows}


async def enrolled_since(
    session: Session, campaign_id: UUID, contact_ids: Sequence[UUID], since: datetime
) -> dict[UUID, int]:
    """How often each contact has been enrolled in the campaign since then."""
    rows = await session.execute(
        select(Enrollment.contact_id, func.count().label("times"))
        .where(
            Enrollment.campaign_id == campaign_id,
            among(Enrollment.contact_id, contact_ids),
            Enrollment.enrolled_at > since,
        )
        .group_by(Enrollment.contact_id)
    )
    return {row.contact_id: row.times for row in rows}


async def insert_enrollments(
    session: Session, values: Sequence[Mapping[str, Any]]
) -> dict[UUID, UUID]:
    """New enrollments, by contact; who has a live one in the campaign gets none."""
    if not values:
        return {}
    tenant_id = session.scope.tenant_id
    rows = await session.execute(
        insert(Enrollment).on_conflict_do_nothing().returning(Enrollment.contact_id, Enrollment.id),
        [{**row, "tenant_id": tenant_id} for row in values],
    )
    return {row.contact_id: row.id for row in rows}
