"""Statements about campaigns."""

from uuid import UUID

from sqlalchemy import func, select

from db.session import Session
from db.tables import Campaign
from domain.errors import NotFound


async def find_campaign(
    session: Session, campaign_id: UUID, *, include_deleted: bool = False
) -> Campaign:
    """A campaign of the tenant.

    Raises:
        NotFound: there is none, or it is deleted.
    """
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None or (campaign.is_deleted and not include_deleted):
        raise NotFound("There is no such campaign.")
    return campaign


async def enrolling(session: Session, campaign_id: UUID) -> Campaign:
    """A campaign, of which nobody changes the status until this transaction is over.

    Those who enroll share the lock; where the campaign has a cap they queue for a second one, so that the
    count that they read holds. Advisory locks, because a row lock would take the right to write campaigns.
    """
    await session.execute(select(func.pg_advisory_xact_lock_shared(_key(campaign_id, "status"))))
    campaign = await find_campaign(session, campaign_id)
    if campaign.max_enrollments is not None:
        await session.execute(select(func.pg_advisory_xact_lock(_key(campaign_id, "cap"))))
        await session.refresh(campaign)
    return campaign


async def changing(session: Session, campaign_id: UUID) -> Campaign:
    """A campaign that this transaction alone may change, its steps included; nobody enrolls meanwhile."""
    await session.execute(select(func.pg_advisory_xact_lock(_key(campaign_id, "status"))))
    return await find_campaign(session, campaign_id)


def _key(campaign_id: UUID, purpose: str) -> object:
    return func.hashtextextended(f"{purpose}:{campaign_id}", 0)
