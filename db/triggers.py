"""Statements about triggers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import CampaignTrigger
from domain.enums import TriggerType


async def list_triggers(
    session: Session, campaign_id: UUID, wanted: Slice
) -> Page[CampaignTrigger]:
    """The triggers of a campaign."""
    query = select(CampaignTrigger).where(CampaignTrigger.campaign_id == campaign_id)
    return await page(session, query, wanted, CampaignTrigger.created_at, CampaignTrigger.id)


async def triggers_of(session: Session, campaign_id: UUID) -> Sequence[CampaignTrigger]:
    """All triggers of a campaign, in the order in which they go first."""
    rows = await session.scalars(
        select(CampaignTrigger)
        .where(CampaignTrigger.campaign_id == campaign_id)
        .order_by(CampaignTrigger.priority.desc(), CampaignTrigger.created_at, CampaignTrigger.id)
    )
    return rows.all()


async def count_triggers(session: Session, campaign_id: UUID) -> int:
    """How many triggers a campaign has."""
    count = await session.scalar(
        select(func.count())
        .select_from(CampaignTrigger)
        .where(CampaignTrigger.campaign_id == campaign_id)
    )
    return count or 0


async def enrolls_by_itself(session: Session, campaign_id: UUID) -> bool:
    """Whether a campaign has a trigger, switched on or off, that is not `manual`."""
    found = await session.scalar(
        select(CampaignTrigger.id)
        .where(
            CampaignTrigger.campaign_id == campaign_id,
            CampaignTrigger.trigger_type != TriggerType.MANUAL,
        )
        .limit(1)
    )
    return found is not None


async def begin_now(session: Session, campaign_id: UUID, trigger_id: UUID | None = None) -> None:
    """Let the triggers of a campaign, or one of them, reach back no further than to now."""
    statement = update(CampaignTrigger).where(CampaignTrigger.campaign_id == campaign_id)
    if trigger_id:
        statement = statement.where(CampaignTrigger.id == trigger_id)
    await session.execute(
        statement.values(active_since=func.now(), scanned_until=func.now()),
        execution_options={"synchronize_session": False},
    )
