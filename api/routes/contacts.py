"""`/api/contacts`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import NO_FIELDS, Filter
from api.schemas.crm import ContactAnswer, ContactBody, ContactList, ContactSearch, ContactsFound
from db import rows
from db.contacts import list_contacts as find_contacts
from db.contacts import search_contacts as find_fitting
from db.paging import Slice
from db.tables import Contact
from services import contacts
from services.bulk import parse_filter

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


@router.post("/search")
async def search_contacts(db: Db, now: Now, body: ContactSearch) -> ContactsFound:
    """The contacts that fit a filter, such as those that enroll many at once."""
    wanted = Slice(body.limit, body.offset)
    found = await find_fitting(db, wanted, parse_filter(body.filter), now)
    return ContactsFound.model_validate({"contacts": found.rows, **found.position})


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


@router.post("/{contact_id}/do-not-contact", dependencies=[NO_FIELDS])
async def do_not_contact(db: Db, contact_id: UUID) -> ContactAnswer:
    """The contact wants neither e-mails nor texts any more: as if it had opted out of both, at once.

    It holds for all who share its addresses, and ends the enrollments of campaigns that use them, as `unsubscribed`.
    """
    contact = await contacts.do_not_contact(db, contact_id)
    return ContactAnswer.model_validate({"contact": contact})
