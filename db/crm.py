"""Statements about projects, tasks and notifications."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Notification, Project, Task


async def list_projects(
    session: Session, wanted: Slice, *, contact_id: UUID | None, stage: str | None
) -> Page[Project]:
    """The company's projects."""
    query = select(Project)
    if contact_id:
        query = query.where(Project.contact_id == contact_id)
    if stage:
        query = query.where(Project.stage == stage)
    return await page(session, query, wanted, Project.created_at, Project.id)


def newest_project(contact_id: InstrumentedAttribute[UUID]) -> ScalarSelect[UUID]:
    """The project that stands for a contact where none is named: its newest."""
    newest, around = aliased(Project), contact_id.class_
    return (
        select(newest.id)
        .where(newest.contact_id == contact_id, newest.tenant_id == around.tenant_id)
        .order_by(newest.created_at.desc(), newest.id.desc())
        .limit(1)
        .correlate(around)
        .scalar_subquery()
    )


async def list_tasks(
    session: Session,
    wanted: Slice,
    *,
    contact_id: UUID | None,
    assigned_to: UUID | None,
    status: str | None,
) -> Page[Task]:
    """The company's tasks."""
    query = select(Task)
    if contact_id:
        query = query.where(Task.contact_id == contact_id)
    if assigned_to:
        query = query.where(Task.assigned_to == assigned_to)
    if status:
        query = query.where(Task.status == status)
    return await page(session, query, wanted, Task.created_at, Task.id)


async def list_notifications(
    session: Session, wanted: Slice, user_id: UUID, *, unread: bool
) -> Page[Notification]:
    """What a user was told."""
    query = select(Notification).where(Notification.user_id == user_id)
    if unread:
        query = query.where(Notification.read_at.is_(None))
    return await page(session, query, wanted, Notification.created_at, Notification.id)


async def count_unread(session: Session, user_id: UUID) -> int:
    """How many notifications a user has not read."""
    count = await session.scalar(
        select(func.count())
        .select_from(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
    )
    return count or 0


async def notify(session: Session, user_ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """Tell each of these users the same."""
    tenant_id = session.scope.tenant_id
    await session.execute(
        insert(Notification),
        [{**values, "tenant_id": tenant_id, "user_id": user_id} for user_id in user_ids],
    )
