"""The company's conversations, one with each contact that has written or was written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from db.contacts import goes_by
from db.conversations import ConversationMessage
from db.lists import among
from db.paging import Page, Slice
from db.planner import avoiding
from db.session import Session
from db.tables import Contact, Conversation


@dataclass(frozen=True, slots=True)
class Exchange:
    """A conversation, as the inbox shows it. `unread` counts what the contact wrote and nobody has looked at."""

    contact: Contact
    last_message: ConversationMessage
    unread: int


async def list_conversations(
    session: Session, wanted: Slice, *, unread: bool | None, search: str | None
) -> Page[Exchange]:
    """The conversations with contacts that are not deleted: what is unread first, then the newest.

    `search` looks into names, e-mail and phone.
    """
    query = select(Conversation)
    if unread is not None:
        query = query.where(Conversation.is_unread.is_(unread))
    if search:
        query = query.join(Contact, Contact.id == Conversation.contact_id).where(goes_by(search))
    # By an index, which asks once whose rows they are; a scan of the table asks for each.
    async with avoiding(session, "seqscan"):
        total = await session.scalar(
            query.with_only_columns(func.count(), maintain_column_froms=True)
        )
    ordered = query.order_by(
        Conversation.is_unread.desc(), Conversation.last_at.desc(), Conversation.contact_id.desc()
    )
    found = await session.scalars(ordered.limit(wanted.limit).offset(wanted.offset))
    rows = await _exchanges(session, found.all())
    return Page(rows, total or 0, wanted.limit, wanted.offset, None)


async def mark_read(session: Session, contact_id: UUID) -> None:
    """Note that somebody of the company has looked at what the contact wrote."""
    await session.execute(
        update(Conversation)
        .where(Conversation.contact_id == contact_id, Conversation.is_unread)
        .values(unread=0)
        .execution_options(synchronize_session=False)
    )


async def _exchanges(session: Session, found: Sequence[Conversation]) -> list[Exchange]:
    """With whom they are and what was said last, by their ids: each is one row of an index."""
    contacts = await session.scalars(
        select(Contact).where(among(Contact.id, [each.contact_id for each in found]))
    )
    messages = await session.scalars(
        select(ConversationMessage).where(
            among(ConversationMessage.id, [each.last_message_id for each in found])
        )
    )
    contact_by_id = {contact.id: contact for contact in contacts}
    message_by_id = {message.id: message for message in messages}
    return [
        Exchange(contact_by_id[each.contact_id], message_by_id[each.last_message_id], each.unread)
        for each in found
    ]
