"""`/api/campaigns/{id}/steps`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.access import ADMIN, Db, State, TransactionalRoute
from api.schemas.campaigns import (
    ChangedStep,
    Step,
    StepAnswer,
    StepCreate,
    StepList,
    StepOrder,
    StepPatch,
)
from db.campaigns import find_campaign
from db.counters import add_noted_to_steps
from db.session import Session
from db.steps import count_waiting, live_steps
from db.tables import CampaignStep
from services import steps

router = APIRouter(
    prefix="/campaigns/{campaign_id}/steps", tags=["steps"], route_class=TransactionalRoute
)


@router.get("")
async def list_steps(db: Db, campaign_id: UUID) -> StepList:
    """The steps of a campaign."""
    await find_campaign(db, campaign_id)
    return await _list(db, await live_steps(db, campaign_id))


@router.post("", status_code=201, dependencies=[ADMIN])
async def add_step(db: Db, state: State, campaign_id: UUID, body: StepCreate) -> StepAnswer:
    """Add a step; where `step_order` is taken the rest moves on by one."""
    values = {"step_config": {}, **body.given()}
    step = await steps.add(db, campaign_id, values, state.settings.webhook_allow_hosts)
    return StepAnswer(step=(await _shown(db, [step]))[0])


@router.put("/order", dependencies=[ADMIN])
async def order_steps(db: Db, campaign_id: UUID, body: StepOrder) -> StepList:
    """Put the steps of a list into this order."""
    return await _list(db, await steps.reorder(db, campaign_id, body.step_ids))


@router.patch("/{step_id}", dependencies=[ADMIN])
async def change_step(
    db: Db, state: State, campaign_id: UUID, step_id: UUID, body: StepPatch
) -> ChangedStep:
    """Change a step; who has not reached it gets the new version."""
    step, waiting = await steps.change(
        db, campaign_id, step_id, body.given(), state.settings.webhook_allow_hosts
    )
    return ChangedStep(step=(await _shown(db, [step]))[0], waiting=waiting)


@router.delete("/{step_id}", dependencies=[ADMIN])
async def delete_step(db: Db, campaign_id: UUID, step_id: UUID) -> ChangedStep:
    """Delete a step; who waits at it goes on with the next."""
    step, waiting = await steps.remove(db, campaign_id, step_id)
    return ChangedStep(step=(await _shown(db, [step]))[0], waiting=waiting)


async def _list(db: Session, found: Sequence[CampaignStep]) -> StepList:
    return StepList(steps=await _shown(db, found), total=len(found))


async def _shown(db: Session, found: Sequence[CampaignStep]) -> list[Step]:
    """The steps with their counts."""
    await add_noted_to_steps(db, found)
    waiting = await count_waiting(db, [step.id for step in found])
    return [Step.model_validate(_with_counts(step, waiting.get(step.id, 0))) for step in found]


def _with_counts(step: CampaignStep, waiting: int) -> dict[str, Any]:
    return {
        **{column.key: getattr(step, column.key) for column in step.__table__.columns},
        "waiting": waiting,
        "done": step.total_succeeded,
        "failed": step.total_failed,
        "skipped": step.total_skipped,
        "unknown": step.total_executed - step.total_succeeded - step.total_failed,
    }
