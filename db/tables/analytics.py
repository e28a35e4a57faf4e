"""What reports are made of: sums by quarters of an hour, hours and days, and the changes that are yet to be added."""

import datetime as dt
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Computed, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base, generated


class AnalyticsDelta(Base):
    """A change of a metric that is yet to be folded in."""

    __tablename__ = "analytics_deltas"

    id: Mapped[int] = generated(primary_key=True)
    tenant_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    step_id: Mapped[UUID | None]
    variant: Mapped[str | None]
    at: Mapped[datetime]
    metric: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(20, 2))


class CampaignAnalytics(Base):
    """What a campaign did in a quarter of an hour, an hour, or a day in UTC; without `campaign_id` the whole company.

    `domain.analytics.Totals` says what the columns are.
    """

    __tablename__ = "campaign_analytics"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID | None] = mapped_column(primary_key=True, nullable=True)
    grain: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    date: Mapped[dt.date | None] = mapped_column(
        Computed("(starts_at at time zone 'UTC')::date", persisted=True)
    )
    enrolled: Mapped[int] = generated()
    completed: Mapped[int] = generated()
    exited: Mapped[int] = generated()
    paused: Mapped[int] = generated()
    failed: Mapped[int] = generated()
    achieved: Mapped[int] = generated()
    compared: Mapped[int] = generated()
    held_out: Mapped[int] = generated()
    goals: Mapped[int] = generated()
    revenue: Mapped[Decimal] = generated()
    emails_sent: Mapped[int] = generated()
    emails_delivered: Mapped[int] = generated()
    emails_bounced: Mapped[int] = generated()
    emails_unsubscribed: Mapped[int] = generated()
    emails_read: Mapped[int] = generated()
    emails_followed: Mapped[int] = generated()
    emails_opened: Mapped[int] = generated()
    emails_clicked: Mapped[int] = generated()
    sms_sent: Mapped[int] = generated()
    sms_delivered: Mapped[int] = generated()
    sms_bounced: Mapped[int] = generated()
    sms_answered: Mapped[int] = generated()
    sms_replied: Mapped[int] = generated()


class StepAnalytics(Base):
    """What became of the visits of a step, of those who were enrolled then, and of its messages that were sent then.

    `variant` is empty where nothing was tested.
    """

    __tablename__ = "step_analytics"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    grain: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    step_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant: Mapped[str] = generated(primary_key=True)
    entered: Mapped[int] = generated()
    done: Mapped[int] = generated()
    failed: Mapped[int] = generated()
    skipped: Mapped[int] = generated()
    unknown: Mapped[int] = generated()
    sent: Mapped[int] = generated()
    bounced: Mapped[int] = generated()
    opened: Mapped[int] = generated()
    clicked: Mapped[int] = generated()
    replied: Mapped[int] = generated()
