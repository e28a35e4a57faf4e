"""What all building of a campaign has in common: who may build it, and who must plan anew after it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.campaigns import changing
from db.session import Session
from db.steps import ask_waiting_to_refresh, flow_of, steps_on_zone_of_tenant
from db.tables import Campaign
from domain.enums import CampaignStatus
from domain.errors import Conflict
from domain.schedule import goes_by_hours, goes_by_zone

CALENDAR = ("respect_business_hours", "business_hours", "holidays")
"""The settings of a campaign that decide when a step may run."""


async def building(session: Session, campaign_id: UUID) -> Campaign:
    """A campaign that this transaction alone may change.

    Raises:
        NotFound: there is none.
        Conflict: `campaign_archived`.
    """
    campaign = await changing(session, campaign_id)
    refuse_archived(campaign)
    return campaign


def refuse_archived(campaign: Campaign) -> None:
    """Raise Conflict `campaign_archived` if it is over for the campaign."""
    if campaign.status == CampaignStatus.ARCHIVED:
        raise Conflict("campaign_archived", "An archived campaign takes no changes.")


async def replan(session: Session, campaign: Campaign, before: Mapping[str, Any]) -> None:
    """After a change of the campaign's settings: those plan anew whose time it may have moved.

    Whoever waits for an opening that has become an earlier one would sleep past it.
    """
    if all(before[name] == getattr(campaign, name) for name in CALENDAR):
        return
    zones = [
        (hours or {}).get("timezone")
        for hours in (before["business_hours"], campaign.business_hours)
    ]
    moves = goes_by_hours if zones[0] == zones[1] else goes_by_zone
    flow = await flow_of(session, campaign.id)
    moved = [step.id for step in flow.live if moves(step)]
    session.wake(await ask_waiting_to_refresh(session, moved))


async def replan_in_new_zone(session: Session) -> None:
    """After a change of the tenant's zone: the same in all campaigns that count in it."""
    moved = [step.id for step in await steps_on_zone_of_tenant(session) if goes_by_zone(step)]
    session.wake(await ask_waiting_to_refresh(session, moved))
