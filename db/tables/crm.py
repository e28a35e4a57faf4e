"""The CRM's side: contacts, projects, tasks, notifications."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, EditableRow, Json, TenantRow, generated


class Contact(EditableRow):
    """A homeowner."""

    __tablename__ = "contacts"

    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    stage: Mapped[str | None]
    tags: Mapped[list[str]] = generated()
    custom: Mapped[Json] = generated()
    timezone: Mapped[str | None]
    state: Mapped[str | None]
    postal_code: Mapped[str | None]
    assigned_to: Mapped[UUID | None]
    email_opt_out: Mapped[bool] = generated()
    sms_opt_out: Mapped[bool] = generated()
    sms_consent: Mapped[bool] = generated()
    is_deleted: Mapped[bool] = generated()


class Project(EditableRow):
    """A roof, a repair: what a contact may buy."""

    __tablename__ = "projects"

    contact_id: Mapped[UUID]
    name: Mapped[str | None]
    stage: Mapped[str | None]
    estimate_amount: Mapped[Decimal | None]
    monthly_payment: Mapped[Decimal | None]
    custom: Mapped[Json] = generated()


class CustomField(Base):
    """The name of a custom field that contacts or projects have, or had; kept by the database."""

    __tablename__ = "custom_fields"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)


class Task(EditableRow):
    """Something that a person of the company is to do. The CRM calls its table `activities`."""

    __tablename__ = "activities"

    activity_type: Mapped[str] = generated()
    activity_subtype: Mapped[str | None]
    title: Mapped[str]
    description: Mapped[str | None]
    contact_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    assigned_to: Mapped[UUID | None]
    priority: Mapped[str | None]
    status: Mapped[str] = generated()
    due_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    execution_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]


class Notification(TenantRow):
    """A message to one person of the company, in the application."""

    __tablename__ = "notifications"

    user_id: Mapped[UUID]
    title: Mapped[str]
    message: Mapped[str]
    contact_id: Mapped[UUID | None]
    enrollment_id: Mapped[UUID | None]
    campaign_id: Mapped[UUID | None]
    read_at: Mapped[datetime | None]
