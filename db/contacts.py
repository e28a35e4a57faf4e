"""Statements about contacts."""

from uuid import UUID

from sqlalchemy import cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from db.paging import Page, Slice, page
from db.rows import explained
from db.session import Session
from db.tables import Contact, Project
from domain.fields import Entity


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
        name = func.concat_ws(" ", Contact.first_name, Contact.last_name)
        columns = (name, Contact.email, Contact.phone)
        query = query.where(or_(*(c.icontains(search, autoescape=True) for c in columns)))
    if stage:
        query = query.where(Contact.stage == stage)
    if tag:
        query = query.where(Contact.tags.contains([tag]))
    if assigned_to:
        query = query.where(Contact.assigned_to == assigned_to)
    return await page(session, query, wanted, Contact.created_at, Contact.id)


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
