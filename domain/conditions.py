"""Conditions on a contact and what belongs to it: one typed tree, evaluated here in Python.

What the operators mean:

- A field is unset when it is missing, null, blank text or an empty list. A comparison with an unset
  field is false, and so `not_equals`, `not_contains`, `not_in` and `is_not_set` are true: each is
  exactly the opposite of its twin. A value of the wrong type is no error; it compares as false.
- Text compares without regard to case and to white space at its ends.
- Numbers compare by value. Custom fields and event properties have no type of their own: a text
  that reads as a number is one beside a number, and for `greater_than` and its like. Two texts
  compare as texts: the postal code `07030` is not `7030`.
- Times compare as instants. A bare date is its start in UTC; a time without an offset is in UTC.
  `within_last_days` looks back from now; what lies ahead is not within.
- `contains` asks a list for a member, a text for a part.
- `all` of nothing is true, `any` of nothing is false.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from domain.condition_parsing import parse_conditions
from domain.condition_tree import (
    OPPOSITES,
    All,
    AnyOf,
    Comparison,
    Condition,
    ConditionError,
    Not,
    Operator,
    Value,
    as_instant,
    as_number,
    folded,
)
from domain.fields import Field, is_empty

__all__ = [
    "All",
    "AnyOf",
    "Comparison",
    "Condition",
    "ConditionError",
    "Facts",
    "Not",
    "Operator",
    "evaluate",
    "explain",
    "parse_conditions",
]

Facts = Mapping[str, object]
"""`{"contact": {…}, "project": {…} or None, "custom": {…}, "enrollment": {…}, "event": {…}}`;
`custom` holds the contact's custom fields, `project.custom` the project's."""

_SHOWN = 40
_EXPLANATION = 1_000


def evaluate(condition: Condition, facts: Facts, now: datetime) -> bool:
    """Whether the condition holds. Raises nothing, whatever the facts are.

    Args:
        condition: As parsed.
        facts: What is known about the contact.
        now: Aware; what `within_last_days` looks back from.
    """
    match condition:
        case All(items):
            return all(evaluate(item, facts, now) for item in items)
        case AnyOf(items):
            return any(evaluate(item, facts, now) for item in items)
        case Not(item):
            return not evaluate(item, facts, now)
        case Comparison():
            actual = _look_up(condition.field, facts)
            if twin := OPPOSITES.get(condition.operator):
                return not _holds(actual, twin, condition.value, now)
            return _holds(actual, condition.operator, condition.value, now)


def explain(condition: Condition, facts: Facts, now: datetime) -> str:
    """The condition in words, with what was found: `project.name (Roof) equals roof: true`."""
    text = _explain(condition, facts, now)
    return text if len(text) <= _EXPLANATION else f"{text[: _EXPLANATION - 1]}…"


def _look_up(field: Field, facts: Facts) -> object:
    value: object = facts
    for key in field.path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _holds(actual: object, operator: Operator, expected: Value, now: datetime) -> bool:
    if is_empty(actual):
        return False
    match operator:
        case Operator.IS_SET:
            return True
        case Operator.EQUALS:
            return _same(actual, expected)
        case Operator.IN:
            return isinstance(expected, tuple) and any(_same(actual, one) for one in expected)
        case Operator.CONTAINS if isinstance(actual, list | tuple):
            return any(_same(member, expected) for member in actual)
        case Operator.CONTAINS | Operator.STARTS_WITH | Operator.ENDS_WITH:
            return _text_holds(actual, operator, expected)
        case Operator.BEFORE | Operator.AFTER | Operator.WITHIN_LAST_DAYS:
            return _time_holds(actual, operator, expected, now)
        case _:
            return _number_holds(actual, operator, expected)


def _text_holds(actual: object, operator: Operator, expected: Value) -> bool:
    if not isinstance(actual, str) or not isinstance(expected, str):
        return False
    text, part = folded(actual), folded(expected)
    match operator:
        case Operator.STARTS_WITH:
            return text.startswith(part)
        case Operator.ENDS_WITH:
            return text.endswith(part)
        case _:
            return part in text


def _time_holds(actual: object, operator: Operator, expected: Value, now: datetime) -> bool:
    moment = as_instant(actual)
    if moment is None:
        return False
    match operator, expected:
        case Operator.BEFORE, datetime():
            return moment < expected
        case Operator.AFTER, datetime():
            return moment > expected
        case Operator.WITHIN_LAST_DAYS, Decimal():
            return timedelta(0) <= now - moment <= timedelta(days=float(expected))
        case _:
            return False


def _number_holds(actual: object, operator: Operator, expected: Value) -> bool:
    number = as_number(actual)
    if number is None or not isinstance(expected, Decimal):
        return False
    match operator:
        case Operator.GREATER_THAN:
            return number > expected
        case Operator.GREATER_OR_EQUAL:
            return number >= expected
        case Operator.LESS_THAN:
            return number < expected
        case _:
            return number <= expected


def _same(actual: object, expected: object) -> bool:
    if _is_number(actual) or _is_number(expected):
        number = as_number(actual)
        return number is not None and number == as_number(expected)
    text = _as_text(actual)
    return text is not None and text == _as_text(expected)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return folded(str(value)) if isinstance(value, str | UUID) else None


def _explain(condition: Condition, facts: Facts, now: datetime) -> str:
    truth = "true" if evaluate(condition, facts, now) else "false"
    match condition:
        case Comparison(field, operator, value):
            asked = "" if value is None else f" {_shown(value)}"
            return f"{field.name} ({_shown(_look_up(field, facts))}) {operator}{asked}: {truth}"
        case All((item,)) | AnyOf((item,)):
            return _explain(item, facts, now)
        case Not(item):
            return f"not [{_explain(item, facts, now)}]: {truth}"
        case All(items):
            return f"all [{'; '.join(_explain(item, facts, now) for item in items)}]: {truth}"
        case AnyOf(items):
            return f"any [{'; '.join(_explain(item, facts, now) for item in items)}]: {truth}"


def _shown(value: object) -> str:
    if is_empty(value):
        return "not set"
    match value:
        case bool():
            text = str(value).lower()
        case datetime():
            text = value.isoformat()
        case list() | tuple():
            text = ", ".join(map(str, value))
        case _:
            text = str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
