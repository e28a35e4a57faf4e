"""From the JSON that a client sends to conditions that can be relied on.

Everything that can be known beforehand is refused here: fields and operators that do not exist, an
operator that makes no sense for the field's type, a value that makes none for the operator.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.condition_tree import (
    All,
    AnyOf,
    Comparison,
    Condition,
    ConditionError,
    Not,
    Operator,
    Scalar,
    Takes,
    Value,
    as_instant,
    as_number,
)
from domain.errors import FieldProblem, Location
from domain.fields import Kind, find_field

SCOPES: Final = frozenset({"contact", "project", "custom", "enrollment", "event"})
"""What fields belong to."""
MAX_DEPTH: Final = 10
"""Groups within groups."""
MAX_COMPARISONS: Final = 100
_MAX_GROUPS = 100
_MAX_LIST = 500
_MAX_TEXT = 1_000
_MAX_NUMBER = Decimal(10) ** 15
_MAX_DAYS = 36_500

_PRESENCE = frozenset({Operator.IS_SET, Operator.IS_NOT_SET})
_EQUALITY = _PRESENCE | {Operator.EQUALS, Operator.NOT_EQUALS}
_CHOICE = frozenset({Operator.IN, Operator.NOT_IN})
_PART = frozenset({Operator.CONTAINS, Operator.NOT_CONTAINS})
_ENDS = frozenset({Operator.STARTS_WITH, Operator.ENDS_WITH})
_ORDER = frozenset(
    {
        Operator.GREATER_THAN,
        Operator.GREATER_OR_EQUAL,
        Operator.LESS_THAN,
        Operator.LESS_OR_EQUAL,
    }
)
_TIME = frozenset({Operator.BEFORE, Operator.AFTER})
_TAKES = (
    (_PRESENCE, Takes.NOTHING),
    (_CHOICE, Takes.VALUES),
    (_ORDER, Takes.NUMBER),
    (_ENDS, Takes.TEXT),
    (_TIME, Takes.TIME),
    (frozenset({Operator.WITHIN_LAST_DAYS}), Takes.DAYS),
)

OPERATORS: Final[Mapping[Kind, frozenset[Operator]]] = MappingProxyType(
    {
        Kind.TEXT: _EQUALITY | _CHOICE | _PART | _ENDS,
        Kind.TEXTS: _PRESENCE | _PART,
        Kind.ID: _EQUALITY | _CHOICE,
        Kind.BOOLEAN: _EQUALITY,
        Kind.INTEGER: _EQUALITY | _CHOICE | _ORDER,
        Kind.MONEY: _EQUALITY | _CHOICE | _ORDER,
        Kind.DATETIME: _PRESENCE | _TIME | {Operator.WITHIN_LAST_DAYS},
        Kind.ANY: frozenset(Operator),
    }
)
"""What may be asked of a field, by its type."""


def takes(operator: Operator) -> Takes:
    """What an operator compares with."""
    return next((what for operators, what in _TAKES if operator in operators), Takes.VALUE)


def parse_conditions(raw: object, scopes: Collection[str] = SCOPES) -> Condition:
    """Read `{"all": […]}`, `{"any": […]}`, `{"not": {…}}`, a list (all) or one comparison.

    Args:
        raw: As the client sent it.
        scopes: Those of `SCOPES` whose fields are known where the conditions will be asked.

    Raises:
        ConditionError: Each of its `errors` has the location of what is wrong, such as
            `("all", 0, "operator")`.
    """
    parser = _Parser(scopes)
    condition = parser.condition(raw, (), depth=0)
    if condition is None or parser.problems:
        raise ConditionError(*parser.problems)
    return condition


class _Parser:
    """Goes on after a mistake, so that all of them are told at once."""

    def __init__(self, scopes: Collection[str]) -> None:
        self.problems: list[FieldProblem] = []
        self._scopes = scopes
        self._groups = 0
        self._comparisons = 0

    def condition(self, raw: object, location: Location, depth: int) -> Condition | None:
        """Read one node; None where there was a problem."""
        match raw:
            case list():
                return self._group(All, raw, location, depth)
            case {"all": items, **rest} if not rest:
                return self._group(All, items, (*location, "all"), depth)
            case {"any": items, **rest} if not rest:
                return self._group(AnyOf, items, (*location, "any"), depth)
            case {"not": item, **rest} if not rest:
                return self._not(item, (*location, "not"), depth)
            case dict() if raw.keys() & {"field", "operator"}:
                return self._comparison(raw, location)
            case _:
                self._refuse(location, "must be a list, all, any, not, or a comparison of a field")
                return None

    def _group(
        self, group: type[All | AnyOf], items: object, location: Location, depth: int
    ) -> Condition | None:
        if not isinstance(items, list):
            self._refuse(location, "must be a list")
            return None
        if not self._descend(location, depth):
            return None
        parsed = [
            self.condition(item, (*location, index), depth + 1) for index, item in enumerate(items)
        ]
        return group(tuple(item for item in parsed if item is not None))

    def _not(self, item: object, location: Location, depth: int) -> Condition | None:
        if not self._descend(location, depth):
            return None
        parsed = self.condition(item, location, depth + 1)
        return None if parsed is None else Not(parsed)

    def _descend(self, location: Location, depth: int) -> bool:
        self._groups += 1
        if self._groups == _MAX_GROUPS + 1:
            self._refuse(location, f"more than {_MAX_GROUPS} groups")
        if depth == MAX_DEPTH:
            self._refuse(location, f"nested more than {MAX_DEPTH} deep")
        return depth < MAX_DEPTH and self._groups <= _MAX_GROUPS

    def _comparison(self, raw: Mapping[object, object], location: Location) -> Condition | None:
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            if self._comparisons == MAX_COMPARISONS + 1:
                self._refuse(location, f"more than {MAX_COMPARISONS} comparisons")
            return None
        for key in raw.keys() - {"field", "operator", "value"}:
            self._refuse((*location, str(key)), "is unknown")
        name, asked = raw.get("field"), raw.get("operator")
        field = find_field(name) if isinstance(name, str) else None
        if field is None:
            self._refuse((*location, "field"), "is not a known field")
        elif field.path[0] not in self._scopes:
            known = ", ".join(f"{scope}.*" for scope in sorted(self._scopes))
            self._refuse((*location, "field"), f"{field.name} is not known here, only {known}")
        operator = _OPERATORS.get(asked) if isinstance(asked, str) else None
        if operator is None:
            self._refuse((*location, "operator"), f"must be one of {', '.join(Operator)}")
        if field is None or operator is None:
            return None
        if operator not in OPERATORS[field.kind]:
            message = f"does not apply to {field.name}, which is {field.kind}"
            self._refuse((*location, "operator"), message)
            return None
        try:
            return Comparison(field, operator, _value(operator, field.kind, raw.get("value")))
        except ValueError as error:
            self._refuse((*location, "value"), str(error))
            return None

    def _refuse(self, location: Location, message: str) -> None:
        self.problems.append(FieldProblem(location, message))


_OPERATORS = {operator.value: operator for operator in Operator}


def _value(operator: Operator, kind: Kind, raw: object) -> Value:
    wanted = takes(operator)
    if wanted is Takes.NOTHING:
        if raw is not None:
            raise ValueError(f"{operator} takes no value")
        return None
    if raw is None:
        raise ValueError("is required")
    if read := _READERS.get(wanted):
        return read(raw)
    return _choices(kind, raw) if wanted is Takes.VALUES else _scalar(kind, raw)


def _choices(kind: Kind, raw: object) -> tuple[Scalar, ...]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= _MAX_LIST:
        raise ValueError(f"must be a list of 1 to {_MAX_LIST} values")
    return tuple(_scalar(kind, item) for item in raw)


def _scalar(kind: Kind, raw: object) -> Scalar:
    match kind:
        case Kind.BOOLEAN | Kind.ANY if isinstance(raw, bool):
            return raw
        case Kind.BOOLEAN:
            raise ValueError("must be true or false")
        case Kind.ID:
            return _id(raw)
        case Kind.INTEGER | Kind.MONEY:
            return _number(raw)
        case Kind.ANY if isinstance(raw, int | float):
            return _number(raw)
        case _:
            return _text(raw)


def _id(raw: object) -> str:
    try:
        return str(UUID(_text(raw)))
    except ValueError:
        raise ValueError("must be an id") from None


def _number(raw: object) -> Decimal:
    number = as_number(raw)
    if number is None or abs(number) >= _MAX_NUMBER:
        raise ValueError("must be a number")
    return number


def _days(raw: object) -> Decimal:
    days = _number(raw)
    if not 0 < days <= _MAX_DAYS:
        raise ValueError(f"must be a number of days above 0 and up to {_MAX_DAYS}")
    return days


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip() or "\0" in raw:
        raise ValueError("must be a text that is not blank; see is_set and is_not_set")
    if len(raw) > _MAX_TEXT:
        raise ValueError(f"longer than {_MAX_TEXT} characters")
    return raw


def _instant(raw: object) -> datetime:
    moment = as_instant(raw) if isinstance(raw, str) else None
    if moment is None:
        raise ValueError("must be a date or a time in ISO 8601, like 2026-03-01")
    return moment


_READERS: Final[Mapping[Takes, Callable[[object], Value]]] = MappingProxyType(
    {Takes.NUMBER: _number, Takes.TEXT: _text, Takes.TIME: _instant, Takes.DAYS: _days}
)
