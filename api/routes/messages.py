"""`/api/contacts/{id}/messages`: the conversation with a contact."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Db, Now, State, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import NO_FIELDS
from api.schemas.messages import MessageAnswer, MessageCreate, MessageList
from db import rows
from db.conversations import list_conversation
from db.inbox import mark_read
from db.tables import Contact
from domain.enums import Channel, Direction
from services import conversations

router = APIRouter(
    prefix="/contacts/{contact_id}/messages", tags=["messages"], route_class=TransactionalRoute
)


@router.get("")
async def list_messages(
    db: Db,
    wanted: Wanted,
    contact_id: UUID,
    channel: Channel | None = None,
    direction: Direction | None = None,
) -> MessageList:
    """What campaigns and people wrote to a contact, and what it wrote."""
    await rows.find(db, Contact, contact_id)
    found = await list_conversation(db, wanted, contact_id, channel=channel, direction=direction)
    return MessageList.model_validate({"messages": found.rows, **found.position})


@router.post("", status_code=201)
async def write_message(
    db: Db, state: State, now: Now, contact_id: UUID, body: MessageCreate
) -> MessageAnswer:
    """Write to a contact by hand; it is sent within a second, and once.

    It passes the gates that a step's message passes, and what cannot go now is refused: the code of the 409 says why
    (`sms_opt_out`, `no_sms_consent`, `suppressed`, `provider_not_configured`, …), and of `outside_texting_hours` also
    when it may.
    """
    given = body.given()
    message = await conversations.write(
        db, contact_id, given.pop("channel"), given, state.envelopes, state.links, now
    )
    return MessageAnswer.model_validate({"message": message})


@router.post("/read", status_code=204, dependencies=[NO_FIELDS])
async def read_messages(db: Db, contact_id: UUID) -> None:
    """Somebody of the company has looked at what the contact wrote: it is unread for nobody any more."""
    await rows.find(db, Contact, contact_id)
    await mark_read(db, contact_id)
