"""Statements about campaigns."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, String, cast, func, insert, select

from db.lists import among
from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Campaign, CampaignStep, Enrollment
from domain.enums import CampaignStatus, CampaignType
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


async def list_campaigns(
    session: Session,
    wanted: Slice,
    *,
    status: CampaignStatus | None,
    campaign_type: CampaignType | None,
    search: str | None,
    include_deleted: bool,
) -> Page[Campaign]:
    """The company's campaigns; `search` looks into their names."""
    query = select(Campaign)
    if status:
        query = query.where(Campaign.status == status)
    if campaign_type:
        query = query.where(Campaign.campaign_type == campaign_type)
    if search:
        query = query.where(Campaign.name.icontains(search, autoescape=True))
    if not include_deleted:
        query = query.where(~Campaign.is_deleted)
    return await page(session, query, wanted, Campaign.created_at, Campaign.id)


async def insert_steps(session: Session, values: Sequence[Mapping[str, Any]]) -> None:
    """Several steps, in one statement: they name each other, and PostgreSQL checks that at its end."""
    if values:
        await session.execute(insert(CampaignStep).values(list(values)))


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


async def changing_all(session: Session) -> None:
    """Let nobody come to a step of any campaign until this transaction is over."""
    campaigns = (
        select(Campaign.id)
        .where(Campaign.status != CampaignStatus.ARCHIVED)
        .order_by(Campaign.id)
        .subquery()
    )
    key = func.hashtextextended("status:" + cast(campaigns.c.id, String), 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


def kept_as_they_are(enrollment_ids: Sequence[UUID]) -> CTE:
    """These enrollments; nobody changes their campaigns, nor the steps of those, until the transaction is over.

    Whoever edits, pauses or resumes then sees all who have come to a step, or none that is on its way to one. To be
    joined with what locks the enrollments, which come after the campaigns.
    """
    key = func.hashtextextended("status:" + cast(Enrollment.campaign_id, String), 0)
    return (
        select(Enrollment.id, func.pg_advisory_xact_lock_shared(key))
        .where(among(Enrollment.id, enrollment_ids))
        .order_by(Enrollment.campaign_id)
        .cte("kept_as_they_are")
    )


def _key(campaign_id: UUID, purpose: str) -> object:
    return func.hashtextextended(f"{purpose}:{campaign_id}", 0)
