"""What enrolls contacts by itself: the configurations of triggers, and which events are theirs.

A `stage_change` and an `event` trigger listen to events, a `time_based` one is found by a scan for its
date, and a `manual` one says that people enroll.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field as Limits
from pydantic import ValidationError

from domain.condition_parsing import MAX_COMPARISONS
from domain.condition_tree import folded
from domain.conditions import (
    All,
    Condition,
    ConditionError,
    Operator,
    evaluate,
    parse_conditions,
)
from domain.config_parts import Config
from domain.enums import DelayUnit, TriggerType
from domain.errors import FieldProblem, Invalid
from domain.events import CONTACT_STAGE_CHANGED, PROJECT_STAGE_CHANGED
from domain.fields import Field, Kind, find_field
from domain.step_configs import delay_problems
from domain.validation import field_problems

SCOPES = frozenset({"contact", "project", "custom", "event"})
"""What the conditions of a trigger may ask for: there is no enrollment yet."""

_STAGE_EVENTS = {"contact": CONTACT_STAGE_CHANGED, "project": PROJECT_STAGE_CHANGED}
_GROUPS = frozenset({"all", "any", "not"})

Stage = Annotated[str, Limits(min_length=1, max_length=100)]


class StageChange(Config):
    """A contact, or one of its projects, enters `to_stage`; with `from_stage`, from there only."""

    entity_type: Literal["contact", "project"]
    from_stage: Stage | None = None
    to_stage: Stage

    def problems(self) -> Iterator[FieldProblem]:
        """It is a change."""
        if _folded(self.from_stage) == _folded(self.to_stage):
            yield FieldProblem(("from_stage",), "is the same stage as to_stage")


class Event(Config):
    """Something happens to a contact.

    `event_filters` are properties and their values, all of which must be equal (a list of values:
    to one of them), or conditions on `event.*`. They are conditions where they are a list, a
    comparison with its `field` and `operator`, or `all`, `any` or `not` alone.
    """

    event_name: Annotated[str, Limits(min_length=1, max_length=100)]
    event_filters: Any = None

    def problems(self) -> Iterator[FieldProblem]:
        """The filters can be understood."""
        try:
            _parse_filters(self.event_filters)
        except ConditionError as error:
            yield from error.under("event_filters").errors


class TimeBased(Config):
    """A length of time after a date of the contact or of one of its projects, or before it."""

    relative_to: str
    delay_value: Annotated[int, Limits(strict=True)]
    delay_unit: DelayUnit

    def problems(self) -> Iterator[FieldProblem]:
        """The date is one, and the length of time has a limit either way."""
        try:
            date_field(self.relative_to)
        except ValueError as error:
            yield FieldProblem(("relative_to",), str(error))
        yield from delay_problems(abs(self.delay_value), self.delay_unit)


class Manual(Config):
    """People and API clients enroll; this trigger does nothing."""

    manual: Literal[True]


AnyConfig = StageChange | Event | TimeBased | Manual

MODELS: dict[TriggerType, type[AnyConfig]] = {
    TriggerType.STAGE_CHANGE: StageChange,
    TriggerType.EVENT: Event,
    TriggerType.TIME_BASED: TimeBased,
    TriggerType.MANUAL: Manual,
}


def check_config(trigger_type: TriggerType, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as it is to be stored.

    Raises:
        Invalid: each error is located within the configuration.
    """
    try:
        config = MODELS[trigger_type].model_validate(raw)
    except ValidationError as error:
        raise Invalid(*field_problems(error.errors())) from error
    if errors := list(config.problems()):
        raise Invalid(*errors)
    return config.model_dump(mode="json", exclude_unset=True)


def event_name_of(trigger_type: TriggerType, config: Mapping[str, Any]) -> str | None:
    """The event that a trigger listens to; None where it listens to none.

    Args:
        trigger_type: Its type.
        config: As `check_config` returned it.
    """
    match trigger_type:
        case TriggerType.STAGE_CHANGE:
            return _STAGE_EVENTS[config["entity_type"]]
        case TriggerType.EVENT:
            return str(config["event_name"])
        case TriggerType.TIME_BASED | TriggerType.MANUAL:
            return None


def takes(
    trigger_type: TriggerType,
    config: Mapping[str, Any],
    event_name: str,
    properties: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Whether an event is one for the trigger, by its name and its content.

    Stages compare without regard to case and to white space at their ends, and so a stage that is only
    spelled anew has not changed. Values compare as in conditions.

    Args:
        trigger_type: Its type.
        config: As `check_config` returned it.
        event_name: What has happened.
        properties: What is known about it; of stages `from_stage` and `to_stage`. They may be
            anything that a client has sent.
        at: When it happened, which is now to the filters.
    """
    if event_name_of(trigger_type, config) != event_name:
        return False
    if trigger_type is TriggerType.STAGE_CHANGE:
        return _changes_stage(config, properties)
    if not (filters := config.get("event_filters")):
        return True
    facts = {"event": {**properties, "event_name": event_name}}
    return evaluate(_filters(json.dumps(filters)), facts, at)


def date_field(relative_to: str) -> Field:
    """The field that a `time_based` trigger counts from.

    `created_at` and `updated_at` are the contact's. A custom field may hold anything: whoever reads
    it takes what is a date, and no contact is due by what is none.

    Raises:
        ValueError: It is no date of a contact or a project.
    """
    own = relative_to in ("created_at", "updated_at")
    field = find_field(f"contact.{relative_to}" if own else relative_to)
    if field is None or field.path[0] not in ("contact", "project", "custom"):
        raise ValueError("is no field of contacts or projects")
    if field.kind not in (Kind.DATETIME, Kind.ANY):
        raise ValueError("is no date: created_at, updated_at or a custom field")
    return field


def _changes_stage(config: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    before, after = _folded(properties.get("from_stage")), _folded(properties.get("to_stage"))
    wanted = _folded(config.get("from_stage"))
    return before != after == _folded(config["to_stage"]) and wanted in (None, before)


def _folded(stage: object) -> str | None:
    return (folded(stage) or None) if isinstance(stage, str) else None


@lru_cache(maxsize=1_000)
def _filters(filters: str) -> Condition:
    """Parsed once, because every event with the trigger's name asks for them."""
    return _parse_filters(json.loads(filters))


def _parse_filters(raw: object) -> Condition:
    if not isinstance(raw, dict) or _are_conditions(raw):
        return parse_conditions([] if raw is None else raw, {"event"})
    if len(raw) > MAX_COMPARISONS:
        raise ConditionError(FieldProblem((), f"more than {MAX_COMPARISONS} properties"))
    comparisons, problems = [], []
    for name, value in raw.items():
        operator = Operator.IN if isinstance(value, list) else Operator.EQUALS
        comparison = {"field": f"event.{name}", "operator": operator, "value": value}
        try:
            comparisons.append(parse_conditions(comparison))
        except ConditionError as error:
            problems += [FieldProblem((name,), problem.message) for problem in error.errors]
    if problems:
        raise ConditionError(*problems)
    return All(tuple(comparisons))


def _are_conditions(raw: Mapping[str, object]) -> bool:
    return raw.keys() >= {"field", "operator"} or (len(raw) == 1 and raw.keys() <= _GROUPS)
