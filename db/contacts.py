"""Statements about contacts."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from db.condition_sql import compile_condition
from db.crm import newest_project
from db.lists import among
from db.paging import Page, Slice, page, page_of_search
from db.rows import explained
from db.session import Session
from db.tables import Contact, Project
from domain.conditions import Condition
from domain.fields import Entity

Columns = TypeVarTuple("Columns")


async def list_contacts(
    session: Session,
    wanted: Slice,
    *,
    search: str | None = None,
    stage: str | None = None,
    tag: str | None = None,
    assigned_to: UUID | None = None,
) -> Page[Contact]:
    """The company's contacts; `search` looks into names, e-mail and phone."""
    query = select(Contact).where(~Contact.is_deleted)
    if search:
        query = query.where(goes_by(search))
    if stage:
        query = query.where(Contact.stage == stage)
    if tag:
        query = query.where(Contact.tags.contains([tag]))
    if assigned_to:
        query = query.where(Contact.assigned_to == assigned_to)
    look = page_of_search if search else page
    return await look(session, query, wanted, Contact.created_at, Contact.id)


async def find_contacts(session: Session, contact_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """These contacts, deleted or not."""
    rows = await session.scalars(select(Contact).where(among(Contact.id, contact_ids)))
    return {contact.id: contact for contact in rows}


async def search_contacts(
    session: Session, wanted: Slice, condition: Condition, now: datetime
) -> Page[Contact]:
    """The company's contacts that fit a condition."""
    return await page(
        session, fitting(select(Contact), condition, now), wanted, Contact.created_at, Contact.id
    )


def fitting(query: Select[*Columns], condition: Condition, now: datetime) -> Select[*Columns]:
    """Of a query from `Contact` those that fit and are not deleted. Their project is the newest."""
    project = aliased(Project)
    return query.join_from(
        Contact, project, project.id == newest_project(Contact.id), isouter=True
    ).where(~Contact.is_deleted, compile_condition(condition, now, project=project))


def goes_by(text: str) -> ColumnElement[bool]:
    """Within a statement about contacts: the text is part of the name, the e-mail address or the phone number."""
    name = func.concat_ws(" ", Contact.first_name, Contact.last_name)
    columns = (name, Contact.email, Contact.phone)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


async def set_field(
    session: Session, entity: Entity, row_id: UUID, field: str, value: object
) -> None:
    """Set a field of a contact or of a project; `custom.<key>` sets one key and leaves the others."""
    table = Contact if entity == "contact" else Project
    column, _, key = field.partition(".")
    new = table.custom.op("||")(cast({key: value}, JSONB)) if key else value
    with explained():
        await session.execute(
            update(table).where(table.id == row_id).values({column: new, "updated_at": func.now()})
        )
