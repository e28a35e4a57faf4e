"""Building the steps of a campaign, also while it runs.

Content and delays are read when a step is due, so whoever has not reached it gets the new version. Those who wait at a
step whose delay has changed, or that is deleted, are asked to plan anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from db import rows
from db.company import known_users
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
from db.tables import Campaign, CampaignStep, MessageTemplate
from domain.conditions import parse_conditions
from domain.enums import CampaignStatus, Channel, DelayUnit, StepType
from domain.errors import FieldProblem, Invalid, NotFound
from domain.flow import Flow
from domain.step_configs import check_config, delay_problems
from services.building import building
from services.readiness import check_ready

_PATHS = ("true_path_step_id", "false_path_step_id")


async def add(
    session: Session, campaign_id: UUID, values: Mapping[str, Any], allow_hosts: frozenset[str]
) -> CampaignStep:
    """Add a step, last in its list or where `step_order` says.

    Raises:
        Invalid: each error names its field.
        Conflict: `not_ready`, if the active campaign could not run with it; `campaign_archived`.
    """
    campaign = await building(session, campaign_id)
    flow = await flow_of(session, campaign_id)
    checked = await check(session, flow, values, None, allow_hosts)
    place = (checked.get("parent_step_id"), checked.get("branch"))
    if checked.get("step_order") is None:
        checked["step_order"] = await next_order(session, campaign_id, *place)
    else:
        await make_room(session, campaign_id, *place, checked["step_order"])
    step = await rows.add(session, CampaignStep, {**checked, "campaign_id": campaign_id})
    await _settle(session, campaign, flow)
    return step


async def change(
    session: Session,
    campaign_id: UUID,
    step_id: UUID,
    values: Mapping[str, Any],
    allow_hosts: frozenset[str],
) -> tuple[CampaignStep, int]:
    """Change a step; also how many wait at it. Raises what `add` raises, and NotFound."""
    campaign = await building(session, campaign_id)
    step = await _find(session, campaign_id, step_id)
    flow = await flow_of(session, campaign_id)
    before = {name: getattr(step, name) for name in _CHECKED}
    checked = await check(session, flow, {**before, **values}, step_id, allow_hosts)
    place, old_place = (
        (fields["parent_step_id"], fields["branch"]) for fields in (checked, before)
    )
    if place != old_place:
        if "step_order" in values:
            await make_room(session, campaign_id, *place, checked["step_order"])
        else:
            checked["step_order"] = await next_order(session, campaign_id, *place)
    elif checked["step_order"] != before["step_order"]:
        await move_within(session, step, checked["step_order"])
    if _is_tested_otherwise(before, checked):
        checked |= {"winner": None, "winner_chosen_at": None}
    step = await rows.change(session, CampaignStep, step_id, checked)
    if place != old_place:
        await close_gap(session, campaign_id, *old_place, before["step_order"])
    if _is_timed_otherwise(before, checked):
        await _wake(session, [step_id])
    await _settle(session, campaign, flow)
    await session.refresh(step)
    return step, (await count_waiting(session, [step_id])).get(step_id, 0)


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


async def remove(session: Session, campaign_id: UUID, step_id: UUID) -> tuple[CampaignStep, int]:
    """Delete a step, and a conditional's branches with it; those who wait there go on with the next."""
    campaign = await building(session, campaign_id)
    step = await _find(session, campaign_id, step_id)
    flow = await flow_of(session, campaign_id)
    gone = [step_id, *(inner.id for inner in flow.within(flow.at(step_id)))]
    await delete_steps(session, gone)
    await close_gap(session, campaign_id, step.parent_step_id, step.branch, step.step_order)
    waiting = sum((await count_waiting(session, gone)).values())
    await _wake(session, gone)
    await _settle(session, campaign, flow)
    await session.refresh(step)
    return step, waiting


async def reorder(
    session: Session, campaign_id: UUID, step_ids: Sequence[UUID]
) -> Sequence[CampaignStep]:
    """Put the steps of a list, or of several, into the order in which they are named.

    Raises:
        Invalid: a step is named twice or is unknown, or a list is not named whole.
    """
    campaign = await building(session, campaign_id)
    known = await all_steps(session, campaign_id)
    flow = await flow_of(session, campaign_id)
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
    await _settle(session, campaign, flow)
    return await live_steps(session, campaign_id)


_CHECKED = (
    "step_type", "step_config", "step_order", "parent_step_id", "branch", "delay_value",
    "delay_unit", "conditions", "true_path_step_id", "false_path_step_id", "on_failure",
)  # fmt: skip


async def check(
    session: Session,
    flow: Flow,
    values: Mapping[str, Any],
    step_id: UUID | None,
    allow_hosts: frozenset[str],
) -> dict[str, Any]:
    """The values as they are stored, if they make a step of this campaign: `step_id`, or a new one.

    Raises:
        Invalid: each error names its field.
    """
    checked = dict(values)
    step_type = StepType(checked["step_type"])
    errors: list[FieldProblem] = []
    try:
        checked["step_config"] = check_config(step_type, checked["step_config"], allow_hosts)
    except Invalid as error:
        errors += error.under("step_config").errors
    errors += delay_problems(
        checked.get("delay_value", 0), DelayUnit(checked.get("delay_unit", DelayUnit.HOURS))
    )
    errors += _conditions(step_type, checked)
    errors += _place(flow, checked, step_id)
    if not errors:
        errors += await _people(session, step_type, checked["step_config"])
        errors += await _template(session, step_type, checked["step_config"])
    if errors:
        raise Invalid(*errors)
    return checked


def _conditions(step_type: StepType, checked: dict[str, Any]) -> list[FieldProblem]:
    """A conditional has conditions and may have paths; nothing else has either."""
    conditional = step_type is StepType.CONDITIONAL
    raw = checked.get("conditions")
    if not conditional:
        names = [name for name in ("conditions", *_PATHS) if checked.get(name)]
        return [FieldProblem((name,), "belongs to a conditional step only") for name in names]
    if raw is None:
        return [FieldProblem(("conditions",), "are required")]
    try:
        parse_conditions(raw)
    except Invalid as error:
        return list(error.under("conditions").errors)
    return []


def _place(flow: Flow, checked: Mapping[str, Any], step_id: UUID | None) -> list[FieldProblem]:
    """Parent, branch and paths name steps of this campaign, and no step stands inside itself."""
    live = {step.id: step for step in flow.live}
    errors = [
        FieldProblem((name,), "is no step of this campaign")
        for name in _PATHS
        if checked.get(name) and checked[name] not in live
    ]
    parent_id, branch = checked.get("parent_step_id"), checked.get("branch")
    if (parent_id is None) != (branch is None):
        missing = "branch" if branch is None else "parent_step_id"
        errors.append(FieldProblem((missing,), "parent_step_id and branch go together"))
    if parent_id:
        parent = live.get(parent_id)
        if parent is None or parent.step_type is not StepType.CONDITIONAL:
            errors.append(
                FieldProblem(("parent_step_id",), "is no conditional step of this campaign")
            )
        elif step_id and step_id in {parent_id, *(s.id for s in flow.above(parent))}:
            errors.append(FieldProblem(("parent_step_id",), "would put the step inside itself"))
    if step_id and checked["step_type"] != StepType.CONDITIONAL:
        step = live[step_id]
        if any(not inner.is_deleted for inner in flow.within(step)):
            errors.append(FieldProblem(("step_type",), "the step has branches with steps in them"))
    return errors


async def _people(
    session: Session, step_type: StepType, config: Mapping[str, Any]
) -> list[FieldProblem]:
    """The users that a configuration names work here."""
    named: dict[tuple[str | int, ...], str | None] = {
        ("user_ids", index): user_id for index, user_id in enumerate(config.get("user_ids") or ())
    }
    if step_type is StepType.CREATE_TASK:
        named["assigned_to",] = config.get("assigned_to")
    if step_type is StepType.UPDATE_FIELD and config["field"] == "assigned_to":
        value = config.get("value")
        named["value",] = None if value and "{" in value else value
    wanted = {place: UUID(user_id) for place, user_id in named.items() if user_id}
    if not wanted:
        return []
    known = await known_users(session, list(wanted.values()))
    return [
        FieldProblem(("step_config", *place), "is no user of this company")
        for place, user_id in wanted.items()
        if user_id not in known
    ]


async def _template(
    session: Session, step_type: StepType, config: Mapping[str, Any]
) -> list[FieldProblem]:
    """The message template that a configuration names is one for its channel."""
    if not (template_id := config.get("template_id")):
        return []
    template = await session.get(MessageTemplate, UUID(template_id))
    channel = Channel.EMAIL if step_type is StepType.SEND_EMAIL else Channel.SMS
    if template and not template.is_deleted and template.channel == channel:
        return []
    message = f"is no message template for {channel}"
    return [FieldProblem(("step_config", "template_id"), message)]


async def _find(session: Session, campaign_id: UUID, step_id: UUID) -> CampaignStep:
    step = await session.get(CampaignStep, step_id)
    if step is None or step.is_deleted or step.campaign_id != campaign_id:
        raise NotFound("There is no such step in this campaign.")
    return step


async def _settle(session: Session, campaign: Campaign, before: Flow) -> None:
    """After an edit: an active campaign still runs, and those who wait know where they stand."""
    await session.flush()
    await tell_positions(session, before, await flow_of(session, campaign.id))
    if campaign.status == CampaignStatus.ACTIVE:
        await check_ready(session, campaign)


async def _wake(session: Session, step_ids: Sequence[UUID]) -> None:
    session.wake(await ask_waiting_to_refresh(session, step_ids))
