"""Everything that was written to and by a contact: what campaigns sent it, and `messages`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Base
from domain.enums import Channel, Direction

# The two sides have columns of the same types, so that PostgreSQL asks each of them for one contact alone.
_CONVERSATION = text(
    """
    select m.id, m.contact_id, m.channel::text, m.direction::text,
           case when m.direction = 'inbound' then 'received'
                when m.status in ('pending', 'running') then 'queued'
                when m.status <> 'completed' then m.status
                when m.bounced_at is not null then 'bounced'
                when m.delivered_at is not null then 'delivered'
                else 'sent' end::text as status,
           m.subject, m.body, m.html, m.media_urls,
           m.from_address::text, m.to_address::text, m.created_at as at,
           m.delivered_at, null::timestamptz as opened_at, null::timestamptz as clicked_at, m.error_message,
           null::uuid as campaign_id, null::uuid as enrollment_id, null::uuid as step_id, m.user_id
    from messages m
    union all
    select x.id, e.contact_id, case x.step_type when 'send_email' then 'email' else 'sms' end, 'outbound',
           case when x.status <> 'completed' then x.status
                when x.bounced_at is not null then 'bounced'
                when x.delivered_at is not null then 'delivered'
                else 'sent' end::text,
           x.content ->> 'subject', coalesce(x.content ->> 'body', x.content ->> 'text'),
           x.content ->> 'html', coalesce(x.content -> 'media_urls', '[]'),
           coalesce(x.content ->> 'from_address', x.content ->> 'from_number'), x.content ->> 'to', x.completed_at,
           x.delivered_at, x.opened_at, x.clicked_at, x.error_message,
           x.campaign_id, x.enrollment_id, x.step_id, null
    from campaign_step_executions x join campaign_enrollments e on e.id = x.enrollment_id
    where x.step_type in ('send_email', 'send_sms')
      and (x.status in ('completed', 'unknown') or x.status = 'failed' and x.attempts > 0)
    """
).columns(
    id=Uuid, contact_id=Uuid, channel=Text, direction=Text, status=Text,
    subject=Text, body=Text, html=Text, media_urls=JSONB,
    from_address=Text, to_address=Text, at=DateTime(timezone=True),
    delivered_at=DateTime(timezone=True), opened_at=DateTime(timezone=True), clicked_at=DateTime(timezone=True),
    error_message=Text, campaign_id=Uuid, enrollment_id=Uuid, step_id=Uuid, user_id=Uuid,
).subquery("conversation")  # fmt: skip


class ConversationMessage(Base):
    """An e-mail or a text, as people look at it. `at` is when it was written, or sent by a campaign."""

    __table__ = _CONVERSATION
    __mapper_args__ = {"primary_key": [_CONVERSATION.c.id]}  # noqa: RUF012 — SQLAlchemy's own way

    if TYPE_CHECKING:
        id: Mapped[UUID]
        contact_id: Mapped[UUID]
        channel: Mapped[str]
        direction: Mapped[str]
        status: Mapped[str]
        subject: Mapped[str | None]
        body: Mapped[str | None]
        html: Mapped[str | None]
        media_urls: Mapped[Any]
        from_address: Mapped[str | None]
        to_address: Mapped[str | None]
        at: Mapped[datetime]
        delivered_at: Mapped[datetime | None]
        opened_at: Mapped[datetime | None]
        clicked_at: Mapped[datetime | None]
        error_message: Mapped[str | None]
        campaign_id: Mapped[UUID | None]
        enrollment_id: Mapped[UUID | None]
        step_id: Mapped[UUID | None]
        user_id: Mapped[UUID | None]


async def list_conversation(
    session: Session,
    wanted: Slice,
    contact_id: UUID,
    *,
    channel: Channel | None,
    direction: Direction | None,
) -> Page[ConversationMessage]:
    """What was written to and by a contact."""
    query = select(ConversationMessage).where(ConversationMessage.contact_id == contact_id)
    if channel:
        query = query.where(ConversationMessage.channel == channel)
    if direction:
        query = query.where(ConversationMessage.direction == direction)
    return await page(session, query, wanted, ConversationMessage.at, ConversationMessage.id)


async def find_in_conversation(
    session: Session, contact_id: UUID, message_id: UUID
) -> ConversationMessage:
    """One message of a contact's, which is there."""
    query = select(ConversationMessage).where(
        ConversationMessage.contact_id == contact_id, ConversationMessage.id == message_id
    )
    return (await session.scalars(query)).one()
