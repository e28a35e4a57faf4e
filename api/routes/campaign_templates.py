"""`/api/campaign-templates`."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import ADMIN, Db, State, TransactionalRoute
from api.paging import Wanted
from api.schemas.campaign_templates import (
    CampaignTemplateAnswer,
    CampaignTemplateList,
    CampaignTemplateRestore,
    CampaignTemplateVersions,
    CampaignTemplateWrite,
)
from api.schemas.common import Filter
from domain.campaign_settings import MAX_INT
from domain.campaign_templates import CampaignTemplate
from services import campaign_templates

router = APIRouter(
    prefix="/campaign-templates", tags=["campaign templates"], route_class=TransactionalRoute
)

TemplateId = Annotated[str, Path(alias="campaign_template_id")]
"""The word that names a built-in template, or the UUID of a company's own."""


@router.get("")
async def list_campaign_templates(
    db: Db, wanted: Wanted, category: Filter | None = None
) -> CampaignTemplateList:
    """The templates that a campaign can be made from."""
    found = await campaign_templates.list_templates(db, wanted, category)
    return CampaignTemplateList.model_validate({"templates": found.rows, **found.position})


@router.post("", status_code=201, dependencies=[ADMIN])
async def create_campaign_template(
    db: Db, state: State, body: CampaignTemplateWrite
) -> CampaignTemplateAnswer:
    """Save what a campaign is made of as a template."""
    hosts = state.settings.webhook_allow_hosts
    return _answer(await campaign_templates.save(db, body.given(), hosts))


@router.get("/{campaign_template_id}")
async def get_campaign_template(
    db: Db, template_id: TemplateId, version: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None
) -> CampaignTemplateAnswer:
    """A version of a template, the latest unless another one is asked for."""
    return _answer(await campaign_templates.find(db, template_id, version))


@router.get("/{campaign_template_id}/versions")
async def list_campaign_template_versions(
    db: Db, wanted: Wanted, template_id: TemplateId
) -> CampaignTemplateVersions:
    """All versions of a template."""
    found = await campaign_templates.list_versions(db, template_id, wanted)
    return CampaignTemplateVersions.model_validate({"templates": found.rows, **found.position})


@router.put("/{campaign_template_id}", dependencies=[ADMIN])
async def revise_campaign_template(
    db: Db, state: State, template_id: TemplateId, body: CampaignTemplateWrite
) -> CampaignTemplateAnswer:
    """Save another version of a template; the earlier ones stay."""
    hosts = state.settings.webhook_allow_hosts
    return _answer(await campaign_templates.revise(db, template_id, body.given(), hosts))


@router.post("/{campaign_template_id}/restore", dependencies=[ADMIN])
async def restore_campaign_template(
    db: Db, state: State, template_id: TemplateId, body: CampaignTemplateRestore
) -> CampaignTemplateAnswer:
    """Save an earlier version once more, as the latest."""
    hosts = state.settings.webhook_allow_hosts
    return _answer(await campaign_templates.restore(db, template_id, body.version, hosts))


@router.delete("/{campaign_template_id}", status_code=204, dependencies=[ADMIN])
async def delete_campaign_template(db: Db, template_id: TemplateId) -> None:
    """Delete a template with its versions; campaigns that were made from it stay as they are."""
    await campaign_templates.delete(db, template_id)


def _answer(template: CampaignTemplate) -> CampaignTemplateAnswer:
    return CampaignTemplateAnswer.model_validate({"template": template})
