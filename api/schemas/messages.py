"""The conversation with a contact."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from api.schemas.common import Body, Page, Part, Shape, Time
from api.schemas.crm import ContactSummary
from domain.enums import Channel, Direction
from domain.plain_text import plain_text

MessageStatus = Literal[
    "queued", "sent", "delivered", "bounced", "failed", "skipped", "unknown", "received"
]


class MessageCreate(Body):
    """An e-mail (`subject`, `html`, `body` for its plain text) or a text (`body`, `media_urls`).

    Or a `template_id` in place of all these. Texts take `{{ variables }}`, as those of steps do.
    """

    channel: Channel
    subject: str | None = None
    html: str | None = None
    body: str | None = None
    media_urls: list[str] = []
    template_id: UUID | None = None


class Message(Shape):
    """An e-mail or a text, as it was sent or received.

    `html` is as its writer made it, a stranger's too: to be shown in a sandbox only. `body` is the text, and of an
    e-mail the plain text. `campaign_id`, `enrollment_id` and `step_id` name what sent it, `user_id` who wrote it by
    hand; what a contact wrote has neither. `error_message` says why it failed, or was skipped.
    """

    id: UUID
    contact_id: UUID
    channel: Channel
    direction: Direction
    status: MessageStatus
    subject: str | None
    body: str | None
    html: str | None
    media_urls: list[str]
    from_address: str | None
    to_address: str | None
    at: Time
    delivered_at: Time | None
    opened_at: Time | None
    clicked_at: Time | None
    error_message: str | None
    campaign_id: UUID | None
    enrollment_id: UUID | None
    step_id: UUID | None
    user_id: UUID | None

    @model_validator(mode="after")
    def _in_words(self) -> Self:
        if self.body is None and self.html is not None:
            self.body = plain_text(self.html)
        return self


class MessageAnswer(Shape):
    """One message."""

    message: Message


class MessageList(Page):
    """Messages, newest first."""

    messages: list[Message]


class Conversation(Shape):
    """With whom, what was written last, and how many messages of the contact's nobody of the company has looked at."""

    contact: ContactSummary
    last_message: Message
    unread: int


class ConversationList(Part):
    """Conversations: those with unread replies first, then the newest."""

    conversations: list[Conversation]
