"""`/api/campaigns/{id}/steps`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.access import ADMIN, Db, Now, State, TransactionalRoute
from api.schemas.campaigns import (
    AddedStep,
    ChangedStep,
    OrderedSteps,
    Step,
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
from services.foresight import foresee
from services.steps import Edit, Make

Preview = Annotated[
    bool, Query(description="Save nothing, and tell what the edit would do to those on their way.")
]
_AS_GIVEN: dict[str, Any] = {"response_model_exclude_unset": True}
"""What only a preview tells is left out of the other answers."""

router = APIRouter(
    prefix="/campaigns/{campaign_id}/steps", tags=["steps"], route_class=TransactionalRoute
)


@router.get("")
async def list_steps(db: Db, campaign_id: UUID) -> StepList:
    """The steps of a campaign."""
    await find_campaign(db, campaign_id)
    found = await live_steps(db, campaign_id)
    return StepList(steps=await _shown(db, found), total=len(found))


@router.post(
    "",
    status_code=201,
    dependencies=[ADMIN],
    responses={200: {"model": AddedStep, "description": "The preview"}},
    **_AS_GIVEN,
)
async def add_step(
    db: Db,
    response: Response,
    state: State,
    now: Now,
    campaign_id: UUID,
    body: StepCreate,
    preview: Preview = False,  # noqa: FBT002 — a query parameter
) -> AddedStep:
    """Add a step; where `step_order` is taken the rest moves on by one."""
    values = {"step_config": {}, **body.given()}
    hosts = state.settings.webhook_allow_hosts
    make = partial(steps.add, values=values, allow_hosts=hosts)
    if preview:
        response.status_code = 200
        edit, effect = await foresee(db, campaign_id, make, now)
        return AddedStep(step=await _one(db, edit), **asdict(effect))
    edit, _ = await steps.carry_out(db, campaign_id, make)
    return AddedStep(step=await _one(db, edit))


@router.put("/order", dependencies=[ADMIN], **_AS_GIVEN)
async def order_steps(
    db: Db,
    now: Now,
    campaign_id: UUID,
    body: StepOrder,
    preview: Preview = False,  # noqa: FBT002 — a query parameter
) -> OrderedSteps:
    """Put the steps of a list into this order."""
    make = partial(steps.reorder, step_ids=body.step_ids)
    if preview:
        edit, effect = await foresee(db, campaign_id, make, now)
        shown = await _shown(db, edit.steps)
        return OrderedSteps(steps=shown, total=len(shown), **asdict(effect))
    edit, _ = await steps.carry_out(db, campaign_id, make)
    shown = await _shown(db, edit.steps)
    return OrderedSteps(steps=shown, total=len(shown))


@router.patch("/{step_id}", dependencies=[ADMIN], **_AS_GIVEN)
async def change_step(
    db: Db,
    state: State,
    now: Now,
    campaign_id: UUID,
    step_id: UUID,
    body: StepPatch,
    preview: Preview = False,  # noqa: FBT002 — a query parameter
) -> ChangedStep:
    """Change a step; who has not reached it gets the new version."""
    hosts = state.settings.webhook_allow_hosts
    make = partial(steps.change, step_id=step_id, values=body.given(), allow_hosts=hosts)
    return await _changed(db, campaign_id, make, now, preview=preview)


@router.delete("/{step_id}", dependencies=[ADMIN], **_AS_GIVEN)
async def delete_step(
    db: Db,
    now: Now,
    campaign_id: UUID,
    step_id: UUID,
    preview: Preview = False,  # noqa: FBT002 — a query parameter
) -> ChangedStep:
    """Delete a step; who waits at it goes on with the next."""
    make = partial(steps.remove, step_id=step_id)
    return await _changed(db, campaign_id, make, now, preview=preview)


async def _changed(
    db: Session, campaign_id: UUID, make: Make, now: datetime, *, preview: bool
) -> ChangedStep:
    if preview:
        edit, effect = await foresee(db, campaign_id, make, now)
        return ChangedStep(step=await _one(db, edit), **asdict(effect))
    edit, waiting = await steps.carry_out(db, campaign_id, make)
    return ChangedStep(step=await _one(db, edit), waiting=waiting)


async def _one(db: Session, edit: Edit) -> Step:
    (step,) = await _shown(db, edit.steps)
    return step


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
