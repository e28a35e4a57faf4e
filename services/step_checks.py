"""What a step must be to be saved: its configuration, its place in the campaign, and whom and what it names."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.company import known_users
from db.session import Session
from db.tables import MessageTemplate
from domain.conditions import parse_conditions
from domain.enums import Channel, DelayUnit, StepType
from domain.errors import FieldProblem, Invalid
from domain.flow import Flow
from domain.step_configs import MODELS, AnyConfig, check_config, delay_problems

_PATHS = ("true_path_step_id", "false_path_step_id")


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
        errors += await _references(session, step_type, checked["step_config"])
    if errors:
        raise Invalid(*errors)
    return checked


async def checked_config(
    session: Session, step_type: StepType, raw: dict[str, Any], allow_hosts: frozenset[str]
) -> AnyConfig:
    """A configuration by itself, of a step that need not be there.

    Raises:
        Invalid: each error names its field below `step_config`.
    """
    try:
        config = check_config(step_type, raw, allow_hosts)
    except Invalid as error:
        raise error.under("step_config") from error
    if errors := await _references(session, step_type, config):
        raise Invalid(*errors)
    return MODELS[step_type].model_validate(config)


async def _references(
    session: Session, step_type: StepType, config: Mapping[str, Any]
) -> list[FieldProblem]:
    """What a configuration names is there."""
    return [
        *await _people(session, step_type, config),
        *await _template(session, step_type, config),
    ]


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
