"""Companies, their people, and how those prove who they are."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, EditableRow, SentRow, TenantRow, generated
from domain.enums import Channel


class Tenant(Base):
    """A company. Its columns are what `/api/settings` reads and writes."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = generated(primary_key=True)
    name: Mapped[str]
    company_name: Mapped[str | None]
    postal_address: Mapped[str | None]
    timezone: Mapped[str] = generated()
    review_link: Mapped[str | None]
    calendar_link: Mapped[str | None]
    booking_link: Mapped[str | None]
    from_email: Mapped[str | None]
    from_name: Mapped[str | None]
    sms_number: Mapped[str | None]
    won_stage: Mapped[str] = generated()
    attribution_days: Mapped[int] = generated()
    daily_send_cap: Mapped[int | None]
    contact_daily_cap: Mapped[int | None]
    alert_email: Mapped[str | None]
    created_at: Mapped[datetime] = generated()
    updated_at: Mapped[datetime] = generated()


class User(EditableRow):
    """A person of the company."""

    __tablename__ = "users"

    email: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str | None]
    role: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    is_active: Mapped[bool] = generated()


class ApiKey(TenantRow):
    """A key that acts as `user_id` in `role`. Only its SHA-256 is kept; it is 256 random bits."""

    __tablename__ = "api_keys"

    user_id: Mapped[UUID]
    name: Mapped[str]
    role: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[bytes]


class SignIn(Base):
    """A browser's session."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID]
    created_at: Mapped[datetime] = generated()
    expires_at: Mapped[datetime]


class PasswordLink(Base):
    """A link by which its user chooses a password, once."""

    __tablename__ = "password_links"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    user_id: Mapped[UUID]
    created_at: Mapped[datetime] = generated()
    expires_at: Mapped[datetime]


class AccountMail(SentRow):
    """What the installation writes to a user about their account, as long as it is worth sending."""

    __tablename__ = "account_mails"

    channel: ClassVar[Channel] = Channel.EMAIL

    user_id: Mapped[UUID]
    worth_until: Mapped[datetime]
    workflow_status: Mapped[str] = generated()


class IdempotencyKey(Base):
    """What a POST with an `Idempotency-Key` answered, so that its repeat answers the same."""

    __tablename__ = "idempotency_keys"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status_code: Mapped[int | None]
    response: Mapped[bytes | None]
    created_at: Mapped[datetime] = generated()
