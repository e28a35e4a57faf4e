"""Statements about tests of variants: what became of each, and which has won."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from db.campaigns import changing
from db.lists import among
from db.session import Session
from db.tables import Campaign, CampaignStep, StepAnalytics
from domain.enums import CampaignStatus


@dataclass(frozen=True, slots=True)
class VariantCounts:
    """What became of the messages of a variant: `bounced` ones were sent, too, and machines' opens do not count."""

    name: str
    sent: int
    bounced: int
    opened: int
    clicked: int
    replied: int


async def count_variants(
    session: Session, step_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[VariantCounts]]:
    """What became of every variant that was sent, of each of these steps, as far as it is rolled up.

    Also of those that are there no more.
    """
    names = ("sent", "bounced", "opened", "clicked", "replied")
    rows = await session.execute(
        select(
            StepAnalytics.step_id,
            StepAnalytics.variant,
            *(func.sum(getattr(StepAnalytics, name)) for name in names),
        )
        .where(
            among(StepAnalytics.step_id, step_ids),
            StepAnalytics.campaign_id.in_(
                select(CampaignStep.campaign_id).where(among(CampaignStep.id, step_ids))
            ),
            StepAnalytics.grain == "day",
            StepAnalytics.variant != "",
        )
        .group_by(StepAnalytics.step_id, StepAnalytics.variant)
        .order_by(StepAnalytics.step_id, StepAnalytics.variant)
    )
    counts: dict[UUID, list[VariantCounts]] = defaultdict(list)
    for step_id, name, *counted in rows:
        counts[step_id].append(VariantCounts(name, *counted))
    return counts


async def undecided_tests(session: Session) -> Sequence[CampaignStep]:
    """The steps that are to choose their best variant, and have not yet."""
    rows = await session.scalars(
        select(CampaignStep)
        .join(Campaign, Campaign.id == CampaignStep.campaign_id)
        .where(
            CampaignStep.step_config["choose_winner"].as_boolean(),
            CampaignStep.winner.is_(None),
            ~CampaignStep.is_deleted,
            Campaign.status.in_((CampaignStatus.ACTIVE, CampaignStatus.PAUSED)),
        )
        # The order in which everybody holds campaigns.
        .order_by(CampaignStep.campaign_id, CampaignStep.id)
    )
    return rows.all()


async def record_winner(session: Session, step: CampaignStep, name: str, now: datetime) -> bool:
    """Let all who come to the step from now on get this variant; False if it was edited meanwhile."""
    judged = step.step_config
    await changing(session, step.campaign_id)
    await session.refresh(step)
    if step.is_deleted or step.step_config != judged:
        return False
    step.winner, step.winner_chosen_at = name, now
    return True
