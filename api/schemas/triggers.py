"""What enrolls contacts into a campaign by itself."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator

from api.schemas.common import Body, Flag, Number, Page, Shape, Time, reject_null
from domain.enums import TriggerType


class TriggerFields(Body):
    """What may be set of a trigger, the same in POST and PATCH."""

    enrollment_conditions: Any = None
    exclusion_conditions: Any = None
    priority: Annotated[Number, Field(ge=-1_000_000, le=1_000_000)] = 0
    is_active: Flag = True


class TriggerCreate(TriggerFields):
    """A new trigger, switched on unless `is_active` is false."""

    trigger_type: TriggerType
    trigger_config: dict[str, Any]


class TriggerPatch(TriggerFields):
    """What is to change of a trigger; a `trigger_config` is replaced whole."""

    trigger_type: TriggerType | None = None
    trigger_config: dict[str, Any] | None = None

    _not_null = field_validator("trigger_type", "trigger_config", mode="before")(reject_null)


class Trigger(Shape):
    """A trigger as it is."""

    id: UUID
    campaign_id: UUID
    trigger_type: TriggerType
    trigger_config: dict[str, Any]
    enrollment_conditions: Any
    exclusion_conditions: Any
    priority: int
    is_active: bool
    created_at: Time
    updated_at: Time


class TriggerAnswer(Shape):
    """One trigger."""

    trigger: Trigger


class TriggerList(Page):
    """The triggers of a campaign, newest first; of several that match, the highest `priority` goes first."""

    triggers: list[Trigger]
