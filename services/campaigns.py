"""Building campaigns, and starting and stopping them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db import rows
from db.campaigns import changing, find_campaign
from db.endings import end_all_of_campaign
from db.session import Session, become_engine
from db.tables import Campaign
from db.triggers import begin_now, enrolls_by_itself
from domain.blueprints import Blueprint
from domain.enums import CampaignStatus, EnrollmentType
from domain.errors import Conflict, Invalid
from domain.plans import AwaitAttempts
from services import blueprints, pauses
from services.building import CALENDAR, refuse_archived, replan
from services.readiness import check_ready

STATUS_FIELDS = frozenset({"status", "on_resume"})
"""What a manager may change of a campaign."""

_TRANSITIONS = {
    CampaignStatus.DRAFT: {CampaignStatus.ACTIVE, CampaignStatus.ARCHIVED},
    CampaignStatus.ACTIVE: {CampaignStatus.PAUSED, CampaignStatus.ARCHIVED},
    CampaignStatus.PAUSED: {CampaignStatus.ACTIVE, CampaignStatus.ARCHIVED},
    CampaignStatus.ARCHIVED: set(),
}


async def create(session: Session, values: Mapping[str, Any]) -> Campaign:
    """A new draft."""
    return await rows.add(session, Campaign, {**values, "created_by": session.scope.user_id})


async def change(session: Session, campaign_id: UUID, values: Mapping[str, Any]) -> Campaign:
    """Change settings, and the status if one is given.

    Raises:
        Invalid: `enrollment_type`, if it is to be manual and there are triggers.
        Conflict: `not_ready`, `invalid_status_change`, `campaign_archived`.
    """
    campaign = await changing(session, campaign_id)
    if values.keys() - {"status"}:
        refuse_archived(campaign)
    manual = values.get("enrollment_type") == EnrollmentType.MANUAL
    if manual and await enrolls_by_itself(session, campaign_id):
        raise Invalid.field("enrollment_type", "the campaign has triggers, which are to go first")
    settings = {name: value for name, value in values.items() if name not in STATUS_FIELDS}
    if settings:
        calendar = {name: getattr(campaign, name) for name in CALENDAR}
        await rows.change(session, Campaign, campaign_id, settings)
        if campaign.status == CampaignStatus.ACTIVE:
            await check_ready(session, campaign)
        await replan(session, campaign, calendar)
    await session.flush()
    await become_engine(session)
    if on_resume := values.get("on_resume"):
        campaign.on_resume = on_resume
    if status := values.get("status"):
        await _change_status(session, campaign, CampaignStatus(status))
    if values:
        campaign.updated_at = datetime.now(UTC)
    await session.flush()
    await session.refresh(campaign)
    return campaign


async def delete(session: Session, campaign_id: UUID) -> None:
    """Archive the campaign, and take it out of sight."""
    campaign = await changing(session, campaign_id)
    campaign.is_deleted = True
    await session.flush()
    await become_engine(session)
    await _change_status(session, campaign, CampaignStatus.ARCHIVED)


async def duplicate(session: Session, campaign_id: UUID) -> Campaign:
    """A draft with the same settings, steps and triggers."""
    original = await find_campaign(session, campaign_id)
    blueprint = await blueprints.read_off(session, original)
    return await build(session, f"{original.name[:248]} (copy)", blueprint)


async def build(session: Session, name: str, blueprint: Blueprint) -> Campaign:
    """A draft with the settings, the steps and the triggers of a blueprint."""
    campaign = await create(session, {**blueprint.campaign.model_dump(), "name": name})
    await blueprints.build(session, campaign, blueprint)
    return campaign


async def _change_status(session: Session, campaign: Campaign, status: CampaignStatus) -> None:
    before, now = CampaignStatus(campaign.status), datetime.now(UTC)
    if status is before:
        if status is CampaignStatus.PAUSED:
            # Whoever asks again wants to know that nothing goes out.
            session.outbox.append(AwaitAttempts(campaign.id))
        return
    if status not in _TRANSITIONS[before]:
        raise Conflict("invalid_status_change", f"A campaign cannot go from {before} to {status}.")
    match status:
        case CampaignStatus.ACTIVE:
            await check_ready(session, campaign)
            if before is CampaignStatus.PAUSED:
                await pauses.resume(session, campaign, now)
            else:
                campaign.status = status
                await begin_now(session, campaign.id)
        case CampaignStatus.PAUSED:
            pauses.pause(session, campaign, now)
        case CampaignStatus.ARCHIVED:
            campaign.status = status
            campaign.paused_at = campaign.paused_because = None
            session.wake(await end_all_of_campaign(session, campaign.id, now))
            session.outbox.append(AwaitAttempts(campaign.id))
