"""`/api/campaigns/{id}/triggers`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import ADMIN, Db, TransactionalRoute
from api.paging import Wanted
from api.schemas.triggers import TriggerAnswer, TriggerCreate, TriggerList, TriggerPatch
from db.campaigns import find_campaign
from db.triggers import list_triggers as find_triggers
from services import triggers

router = APIRouter(
    prefix="/campaigns/{campaign_id}/triggers", tags=["triggers"], route_class=TransactionalRoute
)


@router.get("")
async def list_triggers(db: Db, wanted: Wanted, campaign_id: UUID) -> TriggerList:
    """The triggers of a campaign."""
    await find_campaign(db, campaign_id)
    found = await find_triggers(db, campaign_id, wanted)
    return TriggerList.model_validate({"triggers": found.rows, **found.position})


@router.post("", status_code=201, dependencies=[ADMIN])
async def add_trigger(db: Db, campaign_id: UUID, body: TriggerCreate) -> TriggerAnswer:
    """Add a trigger; it enrolls for what happens from now on, while the campaign is active."""
    trigger = await triggers.add(db, campaign_id, body.given())
    return TriggerAnswer.model_validate({"trigger": trigger})


@router.patch("/{trigger_id}", dependencies=[ADMIN])
async def change_trigger(
    db: Db, campaign_id: UUID, trigger_id: UUID, body: TriggerPatch
) -> TriggerAnswer:
    """Change a trigger; one that is switched on again does not look at what went by meanwhile."""
    trigger = await triggers.change(db, campaign_id, trigger_id, body.given())
    return TriggerAnswer.model_validate({"trigger": trigger})


@router.delete("/{trigger_id}", status_code=204, dependencies=[ADMIN])
async def delete_trigger(db: Db, campaign_id: UUID, trigger_id: UUID) -> None:
    """Delete a trigger; whom it has enrolled stays enrolled."""
    await triggers.remove(db, campaign_id, trigger_id)
