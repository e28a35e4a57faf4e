"""Building the steps of a campaign, also while it runs.

Content and delays are read when a step is due, so whoever has not reached it gets the new version. Those who wait at a
step whose delay has changed, or that is deleted, are asked to plan anew.

An edit is made first, and then either carried out, or only foreseen (`services.foresight`) and taken back.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import rows
from db.session import Session
from db.steps import (
    all_steps,
    ask_waiting_to_refresh,
    close_gap,
    count_waiting,
    delete_steps,
    flow_of,
    live_steps,
    make_room,
    move_within,
    next_order,
    tell_positions,
)
from db.tables import Campaign, CampaignStep
from domain.enums import CampaignStatus, StepType
from domain.errors import FieldProblem, Invalid, NotFound
from domain.flow import Flow
from services.building import building
from services.readiness import check_ready
from services.step_checks import check


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Steps as an edit has made them; nobody who waits has been told.

    `steps` are what it answers with. It is about those who wait at `concerned`; those at `replanned` wait for another
    time from now on, or for another step.
    """

    before: Flow
    after: Flow
    steps: Sequence[CampaignStep]
    concerned: Sequence[UUID] = ()
    replanned: Sequence[UUID] = ()


Make = Callable[[Session, Campaign], Awaitable[Edit]]
"""Makes an edit of a campaign: one of the functions below, its other arguments given."""


async def carry_out(session: Session, campaign_id: UUID, make: Make) -> tuple[Edit, int]:
    """Make an edit of a campaign that nobody else edits meanwhile; also how many wait where it is about.

    Raises:
        NotFound: no such campaign, or step.
        Invalid: each error names its field.
        Conflict: `not_ready`, if the active campaign could not run with it; `campaign_archived`.
    """
    campaign = await building(session, campaign_id)
    edit = await make(session, campaign)
    session.wake(await ask_waiting_to_refresh(session, edit.replanned))
    await tell_positions(session, edit.before, edit.after)
    await check_runs(session, campaign)
    return edit, sum((await count_waiting(session, edit.concerned)).values())


async def check_runs(session: Session, campaign: Campaign) -> None:
    """Raise Conflict `not_ready` if the campaign is to run and cannot."""
    if campaign.status == CampaignStatus.ACTIVE:
        await check_ready(session, campaign)


async def add(
    session: Session, campaign: Campaign, *, values: Mapping[str, Any], allow_hosts: frozenset[str]
) -> Edit:
    """Add a step, last in its list or where `step_order` says."""
    before = await flow_of(session, campaign.id)
    checked = await check(session, before, values, None, allow_hosts)
    place = (checked.get("parent_step_id"), checked.get("branch"))
    if checked.get("step_order") is None:
        checked["step_order"] = await next_order(session, campaign.id, *place)
    else:
        await make_room(session, campaign.id, *place, checked["step_order"])
    step = await rows.add(session, CampaignStep, {**checked, "campaign_id": campaign.id})
    after = await flow_of(session, campaign.id)
    return Edit(before=before, after=after, steps=[step], concerned=[step.id])


async def change(
    session: Session,
    campaign: Campaign,
    *,
    step_id: UUID,
    values: Mapping[str, Any],
    allow_hosts: frozenset[str],
) -> Edit:
    """Change a step."""
    step = await _find(session, campaign.id, step_id)
    flow = await flow_of(session, campaign.id)
    before = {name: getattr(step, name) for name in _CHECKED}
    checked = await check(session, flow, {**before, **values}, step_id, allow_hosts)
    place, old_place = (
        (fields["parent_step_id"], fields["branch"]) for fields in (checked, before)
    )
    if place != old_place:
        if "step_order" in values:
            await make_room(session, campaign.id, *place, checked["step_order"])
        else:
            checked["step_order"] = await next_order(session, campaign.id, *place)
    elif checked["step_order"] != before["step_order"]:
        await move_within(session, step, checked["step_order"])
    if _is_tested_otherwise(before, checked):
        checked |= {"winner": None, "winner_chosen_at": None}
    step = await rows.change(session, CampaignStep, step_id, checked)
    if place != old_place:
        await close_gap(session, campaign.id, *old_place, before["step_order"])
        await session.refresh(step)
    return Edit(
        before=flow,
        after=await flow_of(session, campaign.id),
        steps=[step],
        concerned=[step_id],
        replanned=[step_id] if _is_timed_otherwise(before, checked) else [],
    )


async def remove(session: Session, campaign: Campaign, *, step_id: UUID) -> Edit:
    """Delete a step, and a conditional's branches with it; those who wait there go on with the next."""
    step = await _find(session, campaign.id, step_id)
    before = await flow_of(session, campaign.id)
    gone = [step_id, *(inner.id for inner in before.within(before.at(step_id)))]
    await delete_steps(session, gone)
    await close_gap(session, campaign.id, step.parent_step_id, step.branch, step.step_order)
    await session.refresh(step)
    after = await flow_of(session, campaign.id)
    return Edit(before=before, after=after, steps=[step], concerned=gone, replanned=gone)


async def reorder(session: Session, campaign: Campaign, *, step_ids: Sequence[UUID]) -> Edit:
    """Put the steps of a list, or of several, into the order in which they are named.

    Raises:
        Invalid: a step is named twice or is unknown, or a list is not named whole.
    """
    known = await all_steps(session, campaign.id)
    before = await flow_of(session, campaign.id)
    steps = {step.id: step for step in known if not step.is_deleted}
    lists: dict[tuple[UUID | None, str | None], list[UUID]] = {}
    for index, step_id in enumerate(step_ids):
        step = steps.get(step_id)
        if step is None:
            raise Invalid(FieldProblem(("step_ids", index), "is no step of this campaign"))
        lists.setdefault((step.parent_step_id, step.branch), []).append(step_id)
    for place, named in lists.items():
        whole = [step for step in known if (step.parent_step_id, step.branch) == place]
        live = {step.id for step in whole if not step.is_deleted}
        if len(named) != len(live) or set(named) != live:
            raise Invalid.field("step_ids", "must name each step of a list exactly once")
        orders = {step_id: order for order, step_id in enumerate(named, start=1)}
        behind = 0
        for step in whole:
            # A deleted step stays behind the one that it was behind.
            behind = behind if step.is_deleted else orders[step.id]
            step.step_order = behind
    await session.flush()
    after = await flow_of(session, campaign.id)
    moved = [step.id for step in after.live if step.step_order != before.at(step.id).step_order]
    shown = await live_steps(session, campaign.id)
    return Edit(before=before, after=after, steps=shown, concerned=moved)


_CHECKED = (
    "step_type", "step_config", "step_order", "parent_step_id", "branch", "delay_value",
    "delay_unit", "conditions", "true_path_step_id", "false_path_step_id", "on_failure",
)  # fmt: skip


def _is_timed_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether those who wait at the step must plan anew; new content they get without being woken."""
    timing = ["delay_value", "delay_unit", "step_type"]
    if after["step_type"] == StepType.WAIT:
        timing.append("step_config")
    return any(before[name] != after[name] for name in timing)


def _is_tested_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the variant that has won may not be the best of what is there now, or is not wanted any more."""
    return any(
        before["step_config"].get(name) != after["step_config"].get(name)
        for name in ("variants", "metric", "choose_winner")
    )


async def _find(session: Session, campaign_id: UUID, step_id: UUID) -> CampaignStep:
    step = await session.get(CampaignStep, step_id)
    if step is None or step.is_deleted or step.campaign_id != campaign_id:
        raise NotFound("There is no such step in this campaign.")
    return step
