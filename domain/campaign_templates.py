"""A campaign template, built in or a company's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.blueprints import Blueprint, BlueprintTrigger
from domain.campaign_settings import CampaignSettings


@dataclass(frozen=True)
class CampaignTemplate:
    """One version of a template. Nobody has written the built-in ones, at no time."""

    id: str
    version: int
    name: str
    category: str
    description: str | None
    blueprint: Blueprint
    is_builtin: bool = False
    created_by: UUID | None = None
    created_at: datetime | None = None

    @property
    def campaign(self) -> CampaignSettings:
        """What is set of a campaign that is made from it."""
        return self.blueprint.campaign

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Its steps with their places."""
        return [
            {**step.model_dump(), "step_order": order}
            for step, order in zip(self.blueprint.steps, self.blueprint.orders(), strict=True)
        ]

    @property
    def triggers(self) -> list[BlueprintTrigger]:
        """Its triggers."""
        return self.blueprint.triggers

    @property
    def steps_count(self) -> int:
        """All steps, those in branches included."""
        return len(self.blueprint.steps)

    @property
    def duration_days(self) -> int:
        """How long the longest way through it takes."""
        return self.blueprint.duration_days
