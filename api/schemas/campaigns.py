"""Campaigns and their steps."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from api.schemas.common import Body, Money, Name, Number, Page, Shape, Time, reject_null
from domain.campaign_settings import OptionalSettings
from domain.enums import (
    Branch,
    CampaignStatus,
    CampaignType,
    DelayUnit,
    EnrollmentType,
    GoalType,
    OnFailure,
    OnResume,
    StepType,
)


class CampaignFields(Body, OptionalSettings):
    """What may be set of a campaign."""


class CampaignCreate(CampaignFields):
    """A new campaign; it begins as a draft."""

    name: Name
    campaign_type: CampaignType


class CampaignPatch(CampaignFields):
    """What is to change. A manager may send `status` and `on_resume` only."""

    name: Name | None = None
    campaign_type: CampaignType | None = None
    status: CampaignStatus | None = None

    _not_null = field_validator(
        "name",
        "campaign_type",
        "status",
        mode="before",
    )(reject_null)


class Campaign(Shape):
    """A campaign as it is. `paused_because` says why it has paused itself."""

    id: UUID
    name: str
    description: str | None
    campaign_type: CampaignType
    status: CampaignStatus
    paused_because: str | None
    goal_type: GoalType | None
    goal_target: int | None
    allow_re_enrollment: bool
    re_enrollment_delay_days: int | None
    respect_business_hours: bool
    business_hours: dict[str, Any] | None
    enrollment_type: EnrollmentType
    max_enrollments: int | None
    holidays: Literal["us_federal"] | list[date] | None
    on_resume: OnResume
    exit_on_reply: bool
    exit_on_stages: list[str]
    holdout_percent: int
    priority: int
    total_enrolled: int
    total_completed: int
    total_revenue: Money
    created_by: UUID | None
    created_at: Time
    updated_at: Time
    is_deleted: bool


class CampaignAnswer(Shape):
    """One campaign."""

    campaign: Campaign


class CampaignList(Page):
    """Campaigns, newest first."""

    campaigns: list[Campaign]


class ReadinessProblem(Shape):
    """One thing to mend before activation; `field` is of the step, the campaign or the settings."""

    code: str
    detail: str
    step_id: UUID | None
    field: str | None


class ProblemList(Shape):
    """What stands in the way of activation; nothing does if it is empty."""

    problems: list[ReadinessProblem]
    total: int


class StepFields(Body):
    """What may be set of a step, the same in POST and PATCH."""

    step_order: Annotated[Number, Field(ge=1, le=1_000_000)] | None = None
    parent_step_id: UUID | None = None
    branch: Branch | None = None
    conditions: Any = None
    true_path_step_id: UUID | None = None
    false_path_step_id: UUID | None = None
    delay_value: Annotated[Number, Field(ge=0)] = 0
    delay_unit: DelayUnit = DelayUnit.HOURS
    step_config: dict[str, Any] = {}
    on_failure: OnFailure = OnFailure.CONTINUE


class StepCreate(StepFields):
    """A new step; without `step_order` it goes last in its list."""

    step_type: StepType


class StepPatch(StepFields):
    """What is to change of a step."""

    step_type: StepType | None = None

    _not_null = field_validator("step_type", "step_order", mode="before")(reject_null)


class StepOrder(Body):
    """The steps of the trunk, of a branch, or of several lists, each list whole."""

    step_ids: Annotated[list[UUID], Field(min_length=1, max_length=10_000)]


class Step(Shape):
    """A step as it is, and what became of those who came to it.

    So many wait for it now (`waiting`, with those who are paused), and for so many of the others,
    wherever they are by now, it was `done`, has `failed` for good, or was `skipped`. Of the `unknown`
    nobody can tell whether the message went out. `total_executed` is `done`, `failed` and `unknown`.
    `winner` is the variant that everybody gets since `winner_chosen_at`.
    """

    id: UUID
    campaign_id: UUID
    step_type: StepType
    step_order: int
    step_config: dict[str, Any]
    delay_value: int
    delay_unit: DelayUnit
    parent_step_id: UUID | None
    branch: Branch | None
    conditions: Any
    true_path_step_id: UUID | None
    false_path_step_id: UUID | None
    on_failure: OnFailure
    total_executed: int
    total_succeeded: int
    total_failed: int
    waiting: int
    done: int
    failed: int
    skipped: int
    unknown: int
    winner: str | None
    winner_chosen_at: Time | None
    created_at: Time
    updated_at: Time


class StepAnswer(Shape):
    """One step."""

    step: Step


class Effect(Shape):
    """What an edit would do to those who are on their way; only a preview tells.

    Of those who wait where the edit is about (`waiting`) so many would be due at once, and are not now: `due_now`. What
    reaches a person still waits for its window, and in a paused campaign everything for its resume. So many
    would come to a step that is new (`will_get`), or not come to one any more that lies ahead of them (`will_miss`).
    """

    due_now: int | None = None
    will_get: int | None = None
    will_miss: int | None = None


class ChangedStep(StepAnswer, Effect):
    """A step that was changed or deleted, and how many enrollments wait at it."""

    waiting: int


class AddedStep(StepAnswer, Effect):
    """A step that was added. `waiting` is told with the effect; nobody waits at a new step."""

    waiting: int | None = None


class StepList(Shape):
    """The trunk, then each branch, in order."""

    steps: list[Step]
    total: int


class OrderedSteps(StepList, Effect):
    """The steps in their new order. `waiting`, told with the effect, counts at the steps that change places."""

    waiting: int | None = None
