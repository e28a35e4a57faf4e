"""Campaign templates."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.common import Body, Label, Long, Name, Page, Shape, Time
from domain.blueprints import BlueprintStep, BlueprintTrigger
from domain.campaign_settings import CampaignSettings, Count

Category = Annotated[str, StringConstraints(min_length=1, max_length=50)]


class CampaignTemplateWrite(Body):
    """A campaign, whose settings, steps and triggers the template takes, and how it is found."""

    campaign_id: UUID
    name: Name
    category: Category
    description: Long | None = None


class CampaignTemplateRestore(Body):
    """The version to go back to."""

    version: Count


class CampaignFromTemplate(Body):
    """A template, its latest version unless another one is named. The campaign has its name unless given one."""

    template_id: Label
    version: Count | None = None
    name: Name | None = None


class TemplateStep(BlueprintStep):
    """A step of a template. `id`, `parent_step_id` and the paths are names that hold within the template."""

    step_order: int


class CampaignTemplate(Shape):
    """A version of a template.

    The `id` of a built-in one is a word, that of a company's own a UUID. `steps_count` counts those in branches too;
    `duration_days` is the length of the longest way through, without waiting for business hours.
    """

    id: str
    version: int
    name: str
    category: str
    description: str | None
    is_builtin: bool
    steps_count: int
    duration_days: int
    campaign: CampaignSettings
    steps: Annotated[list[TemplateStep], Field(description="Each conditional, then its branches.")]
    triggers: list[BlueprintTrigger]
    created_by: UUID | None
    created_at: Time | None


class CampaignTemplateAnswer(Shape):
    """One template."""

    template: CampaignTemplate


class CampaignTemplateList(Page):
    """The company's own templates, newest first, then the built-in ones."""

    templates: list[CampaignTemplate]


class CampaignTemplateVersions(Page):
    """The versions of a template, newest first."""

    templates: list[CampaignTemplate]
