"""The tree that conditions are parsed into: plain data, evaluated in Python or compiled to SQL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.errors import Invalid
from domain.fields import Field

NUMBER: Final = r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?"
"""A text that reads as a number: a regular expression of Python and of PostgreSQL."""

OFFSET: Final = r"(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)"
"""How far a time is from UTC, the same way."""

INSTANT: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?" + OFFSET + r"?)?"
)
"""A text that reads as a date or a time, the same way: what RFC 3339 and its users agree on of ISO 8601.

Python itself takes more, from version to version another more: week dates, 24:00, any separator.
"""

_NUMBER = re.compile(NUMBER)
_INSTANT = re.compile(INSTANT)


class Operator(StrEnum):
    """How a field is compared with a value."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    GREATER_THAN = "greater_than"
    GREATER_OR_EQUAL = "greater_or_equal"
    LESS_THAN = "less_than"
    LESS_OR_EQUAL = "less_or_equal"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    IN = "in"
    NOT_IN = "not_in"
    IS_SET = "is_set"
    IS_NOT_SET = "is_not_set"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_LAST_DAYS = "within_last_days"


class Takes(StrEnum):
    """What an operator compares with. `value` is one of the field's own type."""

    NOTHING = "nothing"
    VALUE = "value"
    VALUES = "values"
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    DAYS = "days"


Scalar = str | bool | Decimal
Value = Scalar | datetime | tuple[Scalar, ...] | None


class ConditionError(Invalid):
    """Conditions that cannot be understood. `errors` names every place that is wrong."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field compared with one value.

    Attributes:
        field: What is asked for.
        operator: How.
        value: Checked against the field's type: `Decimal` for numbers and for days, an aware
            `datetime` for times, a tuple for `in` and `not_in`, None for `is_set`, `is_not_set`.
    """

    field: Field
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True)
class All:
    """True where every item is."""

    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one item is."""

    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where its item is false."""

    item: "Condition"


Condition = Comparison | All | AnyOf | Not

OPPOSITES: Final[Mapping[Operator, Operator]] = MappingProxyType(
    {
        Operator.NOT_EQUALS: Operator.EQUALS,
        Operator.NOT_CONTAINS: Operator.CONTAINS,
        Operator.NOT_IN: Operator.IN,
        Operator.IS_NOT_SET: Operator.IS_SET,
    }
)
"""Each operator here is true exactly where its twin is false."""


def folded(text: str) -> str:
    """A text as it is compared: without regard to case and to white space at its ends.

    The two small forms of the Greek sigma are one letter; which of them stands for the capital
    depends on what surrounds it, and Python and PostgreSQL would not agree.
    """
    return text.strip().lower().replace("\u03c2", "\u03c3")


def as_number(value: object) -> Decimal | None:
    """A finite number, or a text that reads as one (`12000`, `-3.5`); None for all else."""
    match value:
        case bool():
            return None
        case str():
            text = value.strip()
            return Decimal(text) if _NUMBER.fullmatch(text) else None
        case int():
            return Decimal(value)
        case float():
            value = Decimal(str(value))
    return value if isinstance(value, Decimal) and value.is_finite() else None


def as_instant(value: object) -> datetime | None:
    """A time, a date, or either as a text (`INSTANT`), as an aware time; None for all else."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
        except ValueError:  # there is no such day
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.utcoffset() is None else value
