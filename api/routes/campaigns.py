"""`/api/campaigns`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.access import ADMIN, Caller, Db, State, TransactionalRoute
from api.paging import Wanted
from api.schemas.campaign_templates import CampaignFromTemplate
from api.schemas.campaigns import (
    CampaignAnswer,
    CampaignCreate,
    CampaignList,
    CampaignPatch,
    ProblemList,
)
from api.schemas.common import NO_FIELDS, Filter
from db.campaigns import find_campaign
from db.campaigns import list_campaigns as find_campaigns
from db.counters import add_noted_to_campaigns
from db.session import Session
from db.tables import Campaign
from domain.enums import CampaignStatus, CampaignType, Role
from domain.errors import Forbidden
from services import campaign_templates, campaigns
from services.readiness import find_problems

router = APIRouter(prefix="/campaigns", tags=["campaigns"], route_class=TransactionalRoute)


@router.get("")
async def list_campaigns(
    db: Db,
    wanted: Wanted,
    status: CampaignStatus | None = None,
    campaign_type: CampaignType | None = None,
    search: Filter | None = None,
    include_deleted: Annotated[bool, Query()] = False,  # noqa: FBT002 — a query parameter
) -> CampaignList:
    """The company's campaigns; `search` looks into their names."""
    found = await find_campaigns(
        db,
        wanted,
        status=status,
        campaign_type=campaign_type,
        search=search,
        include_deleted=include_deleted,
    )
    await add_noted_to_campaigns(db, found.rows)
    return CampaignList.model_validate({"campaigns": found.rows, **found.position})


@router.post("", status_code=201, dependencies=[ADMIN])
async def create_campaign(db: Db, body: CampaignCreate) -> CampaignAnswer:
    """A new draft."""
    return await _answer(db, await campaigns.create(db, body.given()))


@router.post("/from-template", status_code=201, dependencies=[ADMIN])
async def create_campaign_from_template(
    db: Db, state: State, body: CampaignFromTemplate
) -> CampaignAnswer:
    """A new draft with the settings, the steps and the triggers of a template."""
    hosts = state.settings.webhook_allow_hosts
    campaign = await campaign_templates.make_campaign(
        db, body.template_id, body.version, body.name, hosts
    )
    return await _answer(db, campaign)


@router.get("/{campaign_id}")
async def get_campaign(db: Db, campaign_id: UUID) -> CampaignAnswer:
    """One campaign."""
    return await _answer(db, await find_campaign(db, campaign_id))


@router.patch("/{campaign_id}")
async def change_campaign(
    db: Db, caller: Caller, campaign_id: UUID, body: CampaignPatch
) -> CampaignAnswer:
    """Change settings; start, pause, resume and archive by `status`.

    When a pause is answered, no message of the campaign goes out any more.
    """
    values = body.given()
    manager = caller.role is Role.MANAGER and values.keys() <= campaigns.STATUS_FIELDS
    if caller.role is not Role.ADMIN and not manager:
        raise Forbidden("Only an admin may change a campaign; a manager its status and on_resume.")
    return await _answer(db, await campaigns.change(db, campaign_id, values))


@router.delete("/{campaign_id}", status_code=204, dependencies=[ADMIN])
async def delete_campaign(db: Db, campaign_id: UUID) -> None:
    """Archive the campaign, ending its enrollments, and take it out of sight."""
    await campaigns.delete(db, campaign_id)


@router.post("/{campaign_id}/duplicate", status_code=201, dependencies=[ADMIN, NO_FIELDS])
async def duplicate_campaign(db: Db, campaign_id: UUID) -> CampaignAnswer:
    """A draft with the same settings, steps and triggers."""
    return await _answer(db, await campaigns.duplicate(db, campaign_id))


@router.get("/{campaign_id}/problems")
async def list_problems(db: Db, campaign_id: UUID) -> ProblemList:
    """What stands in the way of activation."""
    found = await find_problems(db, await find_campaign(db, campaign_id))
    return ProblemList.model_validate({"problems": found, "total": len(found)})


async def _answer(db: Session, campaign: Campaign) -> CampaignAnswer:
    await add_noted_to_campaigns(db, [campaign])
    return CampaignAnswer.model_validate({"campaign": campaign})
