"""Events."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator

from api.schemas.common import Body, Label, Page, Shape, Time, TimeIn
from domain.errors import Invalid
from domain.events import DEAL_WON, revenue

_CLOCKS_DIFFER = timedelta(minutes=5)


class EventCreate(Body):
    """Something that happened to a contact. With an `event_id` it is taken once, however often it is sent."""

    event_name: Label
    contact_id: UUID
    project_id: UUID | None = None
    properties: Annotated[dict[str, Any], Field(max_length=100)] = {}
    occurred_at: TimeIn | None = None
    event_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None

    @field_validator("occurred_at")
    @classmethod
    def _has_happened(cls, moment: datetime | None) -> datetime | None:
        if moment and moment > datetime.now(UTC) + _CLOCKS_DIFFER:
            raise ValueError("must not lie in the future")
        return moment

    @model_validator(mode="after")
    def _amount_is_money(self) -> "EventCreate":
        amount = self.properties.get("amount")
        if self.event_name == DEAL_WON and amount is not None and revenue(amount) is None:
            raise Invalid.field("properties.amount", "must be an amount of money, such as 12500.00")
        return self


class Event(Shape):
    """Something that happened to a contact. `error` says why it could not be processed."""

    id: UUID
    event_name: str
    contact_id: UUID
    project_id: UUID | None
    properties: dict[str, Any]
    event_id: str | None
    occurred_at: Time
    created_at: Time
    processed_at: Time | None
    error: str | None


class EventAnswer(Shape):
    """One event."""

    event: Event


class EventList(Page):
    """Events, newest first."""

    events: list[Event]
