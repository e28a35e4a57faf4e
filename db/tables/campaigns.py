"""Campaigns and what they are made of."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, EditableRow, Json, generated


class Campaign(EditableRow):
    """A campaign. Its totals lag behind by what `counter_deltas` holds: see `db.counters`.

    `paused_because` says why it has paused itself. `resumed_at` is the end of its last pause. Where a contact's daily
    cap does not leave room for all, the higher `priority` goes first.
    """

    __tablename__ = "campaigns"

    name: Mapped[str]
    description: Mapped[str | None]
    campaign_type: Mapped[str]
    status: Mapped[str] = generated()
    goal_type: Mapped[str | None]
    goal_target: Mapped[int | None]
    allow_re_enrollment: Mapped[bool] = generated()
    re_enrollment_delay_days: Mapped[int | None]
    respect_business_hours: Mapped[bool] = generated()
    business_hours: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    holidays: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    enrollment_type: Mapped[str] = generated()
    max_enrollments: Mapped[int | None]
    on_resume: Mapped[str] = generated()
    exit_on_reply: Mapped[bool] = generated()
    exit_on_stages: Mapped[list[str]] = generated()
    holdout_percent: Mapped[int] = generated()
    total_enrolled: Mapped[int] = generated()
    total_completed: Mapped[int] = generated()
    total_revenue: Mapped[Decimal] = generated()
    paused_at: Mapped[datetime | None]
    paused_because: Mapped[str | None]
    resumed_at: Mapped[datetime | None]
    priority: Mapped[int] = generated()
    created_by: Mapped[UUID | None]
    is_deleted: Mapped[bool] = generated()


class CampaignTrigger(EditableRow):
    """What enrolls contacts by itself. `time_based` ones have looked at all dates due by `scanned_until`."""

    __tablename__ = "campaign_triggers"

    campaign_id: Mapped[UUID]
    trigger_type: Mapped[str]
    trigger_config: Mapped[Json] = generated()
    enrollment_conditions: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    exclusion_conditions: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    priority: Mapped[int] = generated()
    is_active: Mapped[bool] = generated()
    active_since: Mapped[datetime] = generated()
    scanned_until: Mapped[datetime] = generated()


class CampaignStep(EditableRow):
    """A step. A deleted one stays: timelines name it, and whoever waited at it goes on from there.

    `winner` is the variant that all get since `winner_chosen_at`.
    """

    __tablename__ = "campaign_steps"

    campaign_id: Mapped[UUID]
    parent_step_id: Mapped[UUID | None]
    branch: Mapped[str | None]
    step_order: Mapped[int]
    step_type: Mapped[str]
    step_config: Mapped[Json] = generated()
    delay_value: Mapped[int] = generated()
    delay_unit: Mapped[str] = generated()
    conditions: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    true_path_step_id: Mapped[UUID | None]
    false_path_step_id: Mapped[UUID | None]
    on_failure: Mapped[str] = generated()
    total_executed: Mapped[int] = generated()
    total_succeeded: Mapped[int] = generated()
    total_failed: Mapped[int] = generated()
    total_skipped: Mapped[int] = generated()
    winner: Mapped[str | None]
    winner_chosen_at: Mapped[datetime | None]
    is_deleted: Mapped[bool] = generated()


class MessageTemplate(EditableRow):
    """Content that several steps share."""

    __tablename__ = "message_templates"

    name: Mapped[str]
    channel: Mapped[str]
    subject: Mapped[str | None]
    html: Mapped[str | None]
    body: Mapped[str | None]
    is_deleted: Mapped[bool] = generated()


class CampaignTemplate(Base):
    """One version of a campaign that a tenant saved as a template."""

    __tablename__ = "campaign_templates"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = generated(primary_key=True)
    version: Mapped[int] = generated(primary_key=True)
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str | None]
    definition: Mapped[Json]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = generated()


class CounterDelta(Base):
    """A change of a cached counter that is yet to be folded in."""

    __tablename__ = "counter_deltas"

    id: Mapped[int] = generated(primary_key=True)
    tenant_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    step_id: Mapped[UUID | None]
    enrolled: Mapped[int] = generated()
    completed: Mapped[int] = generated()
    revenue: Mapped[Decimal] = generated()
    executed: Mapped[int] = generated()
    succeeded: Mapped[int] = generated()
    failed: Mapped[int] = generated()
    skipped: Mapped[int] = generated()
