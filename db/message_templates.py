"""Statements about message templates."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Campaign, CampaignStep, MessageTemplate
from domain.enums import CampaignStatus, Channel

_LIVE = select(MessageTemplate).where(~MessageTemplate.is_deleted)


async def list_message_templates(
    session: Session, wanted: Slice, channel: Channel | None
) -> Page[MessageTemplate]:
    """The company's message templates."""
    query = _LIVE.where(MessageTemplate.channel == channel) if channel else _LIVE
    return await page(session, query, wanted, MessageTemplate.created_at, MessageTemplate.id)


async def all_message_templates(session: Session) -> Sequence[MessageTemplate]:
    """All of them."""
    return (await session.scalars(_LIVE)).all()


async def user_of_template(session: Session, template_id: UUID) -> str | None:
    """The name of a campaign, not archived, in which a step names the template."""
    name: str | None = await session.scalar(
        select(Campaign.name)
        .join(CampaignStep, CampaignStep.campaign_id == Campaign.id)
        .where(
            CampaignStep.step_config["template_id"].astext == str(template_id),
            ~CampaignStep.is_deleted,
            Campaign.status != CampaignStatus.ARCHIVED,
        )
        .limit(1)
    )
    return name
