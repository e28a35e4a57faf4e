"""Statements about campaign templates: a row for each version of each template that a company saved."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import aliased

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import CampaignTemplate
from domain.errors import NotFound

_Newer = aliased(CampaignTemplate)
_LATEST = select(CampaignTemplate).where(
    ~exists().where(_Newer.id == CampaignTemplate.id, _Newer.version > CampaignTemplate.version)
)


async def list_campaign_templates(
    session: Session, wanted: Slice, category: str | None
) -> Page[CampaignTemplate]:
    """The latest version of each of the company's templates."""
    query = _LATEST
    if category is not None:
        query = query.where(CampaignTemplate.category == category)
    return await page(session, query, wanted, CampaignTemplate.created_at, CampaignTemplate.id)


async def list_versions(
    session: Session, template_id: UUID, wanted: Slice
) -> Page[CampaignTemplate]:
    """The versions of a template.

    Raises:
        NotFound: there is no such template.
    """
    await find_campaign_template(session, template_id)
    query = select(CampaignTemplate).where(CampaignTemplate.id == template_id)
    return await page(session, query, wanted, CampaignTemplate.created_at, CampaignTemplate.id)


async def find_campaign_template(
    session: Session, template_id: UUID, version: int | None = None
) -> CampaignTemplate:
    """A version of a template, the latest unless another one is asked for.

    Raises:
        NotFound: there is none.
    """
    latest = await session.scalar(_LATEST.where(CampaignTemplate.id == template_id))
    if latest is None:
        raise NotFound("There is no such campaign template.")
    if version in (None, latest.version):
        return latest
    found = await session.get(
        CampaignTemplate,
        {"tenant_id": latest.tenant_id, "id": template_id, "version": version},
    )
    if found is None:
        raise NotFound("The campaign template has no such version.")
    return found


async def revising(session: Session, template_id: UUID) -> CampaignTemplate:
    """The latest version of a template that this transaction alone may give another one. Raises NotFound."""
    key = func.hashtextextended(f"campaign_template:{template_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))
    return await find_campaign_template(session, template_id)


async def insert_version(session: Session, values: Mapping[str, Any]) -> CampaignTemplate:
    """Another version of a template; the first of a new one where `values` name no `id`."""
    statement = insert(CampaignTemplate).values(
        **values,
        tenant_id=session.scope.tenant_id,
        created_by=session.scope.user_id,
        # Not now(), the begin of the transaction, which may have waited for another version.
        created_at=func.clock_timestamp(),
    )
    return (await session.scalars(statement.returning(CampaignTemplate))).one()


async def delete_campaign_template(session: Session, template_id: UUID) -> None:
    """Delete all versions of a template."""
    await session.execute(delete(CampaignTemplate).where(CampaignTemplate.id == template_id))
