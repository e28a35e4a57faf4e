"""Enrollments, and what each of their steps did."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Json, TenantRow, generated


class Enrollment(Base):
    """A contact on its way through a campaign; one Temporal workflow.

    `visit` counts the steps that it has come to; the execution of the current visit is the one it
    waits for. `waiting_since` is the end of the step before, from which the delay counts. `parked`: it
    woke under pause and waits for a resume. `refresh_requested_at`: its workflow has yet to look.
    `event` is the newest one that it took: the one that triggered it, or one that it waited for.
    """

    __tablename__ = "campaign_enrollments"

    id: Mapped[UUID] = generated(primary_key=True)
    tenant_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    enrollment_source: Mapped[str]
    enrolled_by: Mapped[UUID | None]
    enrolled_at: Mapped[datetime] = generated()
    status: Mapped[str] = generated()
    current_step_id: Mapped[UUID | None]
    current_step_order: Mapped[int | None]
    exit_reason: Mapped[str | None]
    exited_at: Mapped[datetime | None]
    steps_completed: Mapped[int] = generated()
    emails_sent: Mapped[int] = generated()
    emails_opened: Mapped[int] = generated()
    emails_clicked: Mapped[int] = generated()
    sms_sent: Mapped[int] = generated()
    sms_replied: Mapped[int] = generated()
    tasks_created: Mapped[int] = generated()
    goal_achieved: Mapped[bool] = generated()
    goal_achieved_at: Mapped[datetime | None]
    revenue_attributed: Mapped[Decimal] = generated()
    last_step_executed_at: Mapped[datetime | None]
    next_step_scheduled_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    visit: Mapped[int] = generated()
    waiting_since: Mapped[datetime] = generated()
    parked: Mapped[bool] = generated()
    workflow_status: Mapped[str] = generated()
    refresh_requested_at: Mapped[datetime | None]
    trigger_id: Mapped[UUID | None]
    event: Mapped[Json] = generated()


class Execution(TenantRow):
    """One visit of a step, and for a send the claim that makes it happen once."""

    __tablename__ = "campaign_step_executions"

    campaign_id: Mapped[UUID]
    enrollment_id: Mapped[UUID]
    step_id: Mapped[UUID]
    step_type: Mapped[str]
    visit: Mapped[int]
    status: Mapped[str] = generated()
    scheduled_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    result_data: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    error_message: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    clicked_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    content: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[int] = generated()
    attempting_since: Mapped[datetime | None]
    ambiguous_since: Mapped[datetime | None]
    provider_id: Mapped[str | None]

    @property
    def is_untried(self) -> bool:
        """Whether no worker has come to it: all its time went by in a queue."""
        return not self.attempts and self.error_message is None

    @property
    def is_in_doubt(self) -> bool:
        """Whether an attempt was made of which nobody has said how it ended."""
        return (self.ambiguous_since or self.attempting_since) is not None
