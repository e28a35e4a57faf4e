"""`/api/contacts`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import func, or_, select

from api.access import Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.crm import ContactAnswer, ContactBody, ContactList
from db import rows
from db.paging import page
from db.tables import Contact
from services import contacts

router = APIRouter(prefix="/contacts", tags=["contacts"], route_class=TransactionalRoute)


@router.get("")
async def list_contacts(
    db: Db,
    wanted: Wanted,
    search: Annotated[str | None, Query(max_length=100)] = None,
    stage: Annotated[str | None, Query(max_length=100)] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
    assigned_to: UUID | None = None,
) -> ContactList:
    """The company's contacts; `search` looks into names, e-mail and phone."""
    query = select(Contact).where(~Contact.is_deleted)
    if search:
        name = func.concat_ws(" ", Contact.first_name, Contact.last_name)
        query = query.where(
            or_(
                *(
                    column.icontains(search, autoescape=True)
                    for column in (name, Contact.email, Contact.phone)
                )
            )
        )
    if stage:
        query = query.where(Contact.stage == stage)
    if tag:
        query = query.where(Contact.tags.contains([tag]))
    if assigned_to:
        query = query.where(Contact.assigned_to == assigned_to)
    found = await page(db, query, wanted, Contact.created_at, Contact.id)
    return ContactList.model_validate({"contacts": found.rows, **found.position})


@router.post("", status_code=201)
async def create_contact(db: Db, body: ContactBody) -> ContactAnswer:
    """A new contact."""
    return ContactAnswer.model_validate({"contact": await rows.add(db, Contact, body.given())})


@router.get("/{contact_id}")
async def get_contact(db: Db, contact_id: UUID) -> ContactAnswer:
    """One contact."""
    return ContactAnswer.model_validate({"contact": await rows.find(db, Contact, contact_id)})


@router.patch("/{contact_id}")
async def change_contact(db: Db, contact_id: UUID, body: ContactBody) -> ContactAnswer:
    """Change a contact."""
    contact = await rows.change(db, Contact, contact_id, body.given())
    return ContactAnswer.model_validate({"contact": contact})


@router.delete("/{contact_id}", status_code=204)
async def delete_contact(db: Db, now: Now, contact_id: UUID) -> None:
    """Take a contact out of sight, and end its enrollments as `contact_deleted`."""
    await contacts.delete(db, contact_id, now)
