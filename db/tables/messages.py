"""The conversation with a contact, what became of messages, and what contacts allow."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, SentRow, TenantRow, generated


class Message(SentRow):
    """What a contact wrote, or a person of the company wrote to it; campaigns' own are executions.

    `is_automatic`: an answering machine wrote it.
    """

    __tablename__ = "messages"

    contact_id: Mapped[UUID]
    channel: Mapped[str]
    direction: Mapped[str]
    from_address: Mapped[str | None]
    to_address: Mapped[str | None]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    html: Mapped[str | None]
    media_urls: Mapped[Any] = mapped_column(JSONB, server_default="[]")
    user_id: Mapped[UUID | None]
    is_automatic: Mapped[bool] = generated()
    workflow_status: Mapped[str] = generated()


class Conversation(Base):
    """That a contact has written or was written to; kept by the database.

    `unread` is how many messages of the contact's nobody of the company has looked at.
    """

    __tablename__ = "conversations"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_message_id: Mapped[UUID]
    last_at: Mapped[datetime]
    unread: Mapped[int] = generated()
    is_unread: Mapped[bool] = generated()


class TestMessage(SentRow):
    """What a test run or a preview has sent to an address that an admin named; nobody's, and soon forgotten.

    A preview is of no step yet.
    """

    __tablename__ = "test_messages"

    step_id: Mapped[UUID | None]
    channel: Mapped[str]


class Engagement(TenantRow):
    """An open or a click. `machine` names the rule that took it for a machine's: it does not count."""

    __tablename__ = "engagements"

    execution_id: Mapped[UUID]
    kind: Mapped[str]
    url: Mapped[str | None]
    user_agent: Mapped[str | None]
    machine: Mapped[str | None]
    occurred_at: Mapped[datetime] = generated()


class WebhookReceipt(Base):
    """A provider's webhook that has been dealt with."""

    __tablename__ = "webhook_receipts"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = generated()


class Suppression(TenantRow):
    """An address to which nothing may go, whichever contact has it."""

    __tablename__ = "suppressions"

    channel: Mapped[str]
    address: Mapped[str]
    reason: Mapped[str]


class Consent(TenantRow):
    """A change of what a contact allows; written by the database whenever a contact's flags change."""

    __tablename__ = "consents"

    contact_id: Mapped[UUID]
    channel: Mapped[str]
    action: Mapped[str]
    source: Mapped[str]
    wording: Mapped[str | None]
    recorded_by: Mapped[UUID | None]
    given_at: Mapped[datetime]
