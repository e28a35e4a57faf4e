"""`/api/contacts`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import Filter
from api.schemas.crm import ContactAnswer, ContactBody, ContactList
from db import rows
from db.contacts import list_contacts as find_contacts
from db.tables import Contact
from services import contacts

router = APIRouter(prefix="/contacts", tags=["contacts"], route_class=TransactionalRoute)


@router.get("")
async def list_contacts(
    db: Db,
    wanted: Wanted,
    search: Filter | None = None,
    stage: Filter | None = None,
    tag: Filter | None = None,
    assigned_to: UUID | None = None,
) -> ContactList:
    """The company's contacts; `search` looks into names, e-mail and phone."""
    found = await find_contacts(
        db, wanted, search=search, stage=stage, tag=tag, assigned_to=assigned_to
    )
    return ContactList.model_validate({"contacts": found.rows, **found.position})


@router.post("", status_code=201)
async def create_contact(db: Db, body: ContactBody) -> ContactAnswer:
    """A new contact."""
    return ContactAnswer.model_validate({"contact": await contacts.create(db, body.given())})


@router.get("/{contact_id}")
async def get_contact(db: Db, contact_id: UUID) -> ContactAnswer:
    """One contact."""
    return ContactAnswer.model_validate({"contact": await rows.find(db, Contact, contact_id)})


@router.patch("/{contact_id}")
async def change_contact(db: Db, contact_id: UUID, body: ContactBody) -> ContactAnswer:
    """Change a contact."""
    contact = await contacts.change(db, contact_id, body.given())
    return ContactAnswer.model_validate({"contact": contact})


@router.delete("/{contact_id}", status_code=204)
async def delete_contact(db: Db, now: Now, contact_id: UUID) -> None:
    """Take a contact out of sight, and end its enrollments as `contact_deleted`."""
    await contacts.delete(db, contact_id, now)
