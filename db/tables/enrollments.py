"""Enrollments, and what each of their steps did."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Computed
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, Json, SentRow, generated


class Enrollment(Base):
    """A contact on its way through a campaign; one Temporal workflow.

    `visit` counts the steps that it has come to; the execution of the current visit is the one it
    waits for. What it has done since `walks_from_visit` is not done again. `waiting_since` is the end of
    the step before, from which the delay counts. `parked`: it woke under pause and waits for a resume.
    What was due before `resumed_at` goes then; what came due by `skips_until`, in a pause, is skipped.
    `why` says in words what it waits for. `refresh_requested_at`: its workflow has yet to look. `event`
    is the newest one that it took: the one that triggered it, or one that it waited for. `is_holdout`: it
    is held out, and over from the start. `is_compared`: held out or not, it counts in the comparison of the two.
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
    walks_from_visit: Mapped[int] = generated()
    waiting_since: Mapped[datetime] = generated()
    parked: Mapped[bool] = generated()
    workflow_status: Mapped[str] = generated()
    refresh_requested_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
    skips_until: Mapped[datetime | None]
    why: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    trigger_id: Mapped[UUID | None]
    event: Mapped[Json] = generated()
    is_holdout: Mapped[bool] = generated()
    is_compared: Mapped[bool] = generated()


class Execution(SentRow):
    """One visit of a step, and for a send the claim that makes it happen once.

    `sent_at` is when the provider's answer was recorded, by the wall clock: that of the enrollment may be
    ahead of it. `sent_to` is the address that it went to, `variant` the name of what was sent, where several are
    tested.
    """

    __tablename__ = "campaign_step_executions"

    campaign_id: Mapped[UUID]
    enrollment_id: Mapped[UUID]
    step_id: Mapped[UUID]
    step_type: Mapped[str]
    visit: Mapped[int]
    scheduled_at: Mapped[datetime]
    why: Mapped[str | None]
    variant: Mapped[str | None]
    result_data: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    opened_at: Mapped[datetime | None]
    clicked_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[str | None] = mapped_column(Computed("content ->> 'to'", persisted=True))
