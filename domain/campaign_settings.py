"""What may be set of a campaign, but for its name."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, field_serializer

from domain.calendar import BusinessHours, Holidays
from domain.enums import CampaignType, EnrollmentType, GoalType, OnResume

MAX_INT = 2_147_483_647
"""What an integer column holds."""

Count = Annotated[int, Field(strict=True, ge=1, le=MAX_INT)]
Flag = Annotated[bool, Field(strict=True)]
Stage = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class OptionalSettings(BaseModel):
    """The settings that have a default.

    Where a contact's `contact_daily_cap` has no room for all that is due on a day, the higher `priority` goes.
    """

    description: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    goal_type: GoalType | None = None
    goal_target: Count | None = None
    allow_re_enrollment: Flag = False
    re_enrollment_delay_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = None
    respect_business_hours: Flag = True
    business_hours: BusinessHours | None = None
    enrollment_type: EnrollmentType = EnrollmentType.AUTOMATIC
    max_enrollments: Count | None = None
    holidays: Holidays = None
    on_resume: OnResume = OnResume.SEND
    exit_on_reply: Flag = True
    exit_on_stages: Annotated[list[Stage], Field(max_length=100)] = []
    holdout_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    priority: Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)] = 0

    @field_serializer("business_hours")
    def _stored_hours(self, hours: BusinessHours | None) -> dict[str, Any] | None:
        return hours.model_dump(mode="json", exclude_none=True) if hours else None

    @field_serializer("holidays")
    def _stored_holidays(self, holidays: str | tuple[date, ...] | None) -> str | list[str] | None:
        if isinstance(holidays, tuple):
            return [day.isoformat() for day in holidays]
        return holidays


class CampaignSettings(OptionalSettings):
    """All of them."""

    campaign_type: CampaignType
