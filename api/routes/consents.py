"""`/api/contacts/{id}/consents`: the proof of what a contact allows."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Db, Now, TransactionalRoute
from api.paging import Wanted
from api.schemas.consents import ConsentAnswer, ConsentBody, ConsentList
from db import rows
from db.consents import Because
from db.consents import list_consents as find_consents
from db.tables import Contact
from domain.errors import Invalid
from services import contacts

router = APIRouter(
    prefix="/contacts/{contact_id}/consents", tags=["contacts"], route_class=TransactionalRoute
)


@router.get("")
async def list_consents(db: Db, wanted: Wanted, contact_id: UUID) -> ConsentList:
    """What the contact has allowed and stopped allowing, by whichever way we heard of it."""
    await rows.find(db, Contact, contact_id)
    found = await find_consents(db, wanted, contact_id)
    return ConsentList.model_validate({"consents": found.rows, **found.position})


@router.post("", status_code=201)
async def record_consent(db: Db, now: Now, contact_id: UUID, body: ConsentBody) -> ConsentAnswer:
    """Take down what the contact has said; it holds from now on."""
    if body.given_at and body.given_at > now:
        raise Invalid.field("given_at", "must not be in the future")
    because = Because(body.source, body.wording, body.given_at)
    consent = await contacts.record_consent(db, contact_id, body.channel, body.action, because)
    return ConsentAnswer.model_validate({"consent": consent})
