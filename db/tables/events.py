"""What happens to contacts, whom it enrolls, and what it brings in."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Mapped

from db.tables.base import Json, TenantRow, generated


class Event(TenantRow):
    """Something that happened to a contact. `number` is the order in which it is processed."""

    __tablename__ = "events"

    number: Mapped[int] = generated()
    contact_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    event_name: Mapped[str]
    properties: Mapped[Json] = generated()
    event_id: Mapped[str | None]
    occurred_at: Mapped[datetime] = generated()
    processed_at: Mapped[datetime | None]
    attempts: Mapped[int] = generated()
    error: Mapped[str | None]


class TriggerMatch(TenantRow):
    """A contact that a trigger has matched, once for each `matched_for`; `held` while its campaign is paused."""

    __tablename__ = "trigger_matches"

    campaign_id: Mapped[UUID]
    trigger_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    matched_for: Mapped[str]
    event: Mapped[Json] = generated()
    held: Mapped[bool] = generated()


class Attribution(TenantRow):
    """Revenue that an enrollment brought in, or, where negative, lost again."""

    __tablename__ = "attributions"

    campaign_id: Mapped[UUID]
    enrollment_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    event_id: Mapped[UUID]
    by_stage: Mapped[bool] = generated()
    amount: Mapped[Decimal]
    occurred_at: Mapped[datetime]


class HoldoutResult(TenantRow):
    """What a contact that is compared, held out or not, has done: reached the goal, or brought in an amount."""

    __tablename__ = "holdout_results"

    campaign_id: Mapped[UUID]
    enrollment_id: Mapped[UUID]
    is_holdout: Mapped[bool]
    enrolled_at: Mapped[datetime]
    event_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    is_goal: Mapped[bool]
    by_stage: Mapped[bool] = generated()
    amount: Mapped[Decimal | None]
    occurred_at: Mapped[datetime]
