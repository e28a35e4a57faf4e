"""Conditions as SQL: true for exactly the rows for which `domain.conditions.evaluate` is true, false for all others.

Values are bound parameters. No expression fails at run time, whatever custom fields hold, and none is NULL.

Numbers of custom fields compare as they are stored, to the last digit; Python has a fraction as a double.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Numeric,
    SQLColumnExpression,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.readings import by_kind, folded, instant_in, member, number_in, stripped, text_of
from db.tables import Contact, Project
from domain import condition_tree
from domain.condition_tree import (
    OPPOSITES,
    All,
    AnyOf,
    Comparison,
    Condition,
    Not,
    Operator,
    Scalar,
    Value,
    as_number,
)
from domain.fields import Kind

Json = SQLColumnExpression[Any]
Truth = ColumnElement[bool]


def compile_condition(
    condition: Condition,
    now: datetime,
    *,
    project: type[Project] | None = None,
    event: Json | None = None,
) -> Truth:
    """The condition over the rows of a query from `Contact`.

    Args:
        condition: As parsed.
        now: Aware; what `within_last_days` looks back from.
        project: Joined to the query, an outer join (see `db.crm.newest_project`), which PostgreSQL leaves out where
            nothing asks for it; without it there is no project.
        event: What triggers, as jsonb; without it there is none. Enrollments there are none.
    """
    return _Compiler(now, project, event).condition(condition)


class _Compiler:
    def __init__(
        self,
        now: datetime,
        project: type[Project] | None,
        event: Json | None,
    ) -> None:
        self._now = now
        self._project = project
        self._event = event

    def condition(self, condition: Condition) -> Truth:
        match condition:
            case All(items):
                return and_(true(), *map(self.condition, items))
            case AnyOf(items):
                return or_(false(), *map(self.condition, items))
            case Not(item):
                return not_(self.condition(item))
            case Comparison(operator=operator):
                twin = OPPOSITES.get(operator)
                holds = self._holds(condition, twin or operator)
                return not_(holds) if twin else holds

    def _holds(self, asked: Comparison, operator: Operator) -> Truth:
        match asked.field.path:
            case ("custom", *keys):
                found = self._json(member(Contact.custom, keys), operator, asked.value)
            case ("project", "custom", *keys) if self._project:
                found = self._json(member(self._project.custom, keys), operator, asked.value)
            case ("event", *keys) if self._event is not None:
                found = self._json(member(self._event, keys), operator, asked.value)
            case ("contact", name):
                found = self._column(getattr(Contact, name), asked, operator)
                if not Contact.__table__.c[name].nullable:
                    return found  # as it stands, an index can serve it
            case ("project", name) if self._project:
                found = self._column(getattr(self._project, name), asked, operator)
            case _:
                return false()
        return func.coalesce(found, false())

    def _column(self, value: ColumnElement[Any], asked: Comparison, operator: Operator) -> Truth:
        wanted = asked.value
        match asked.field.kind:
            case Kind.TEXT if operator is Operator.IS_SET:
                return stripped(value) != ""
            case Kind.TEXT:
                return _text_holds(value, operator, wanted)
            case Kind.TEXTS if operator is Operator.IS_SET:
                return func.cardinality(value) > 0
            case Kind.TEXTS:
                one = func.unnest(value).table_valued(column("value", Text)).render_derived()
                return select(one).where(_is_text(one.c.value, _texts(wanted))).exists()
            case _ if operator is Operator.IS_SET:
                return value.is_not(None)
            case Kind.ID:
                return value == any_(_list(_texts(wanted), Uuid(as_uuid=False)))
            case Kind.BOOLEAN:
                return value if wanted else not_(value)
            case Kind.DATETIME:
                return self._time_holds(value, operator, wanted)
            case _:
                # numeric columns can hold NaN, which PostgreSQL takes for the greatest number.
                return _number_holds(func.nullif(value, Decimal("NaN")), operator, wanted)

    def _json(self, value: Json, operator: Operator, wanted: Value) -> Truth:
        match operator:
            case Operator.IS_SET:
                return by_kind(
                    value,
                    string=lambda: stripped(text_of(value)) != "",
                    array=lambda: value != literal([], JSONB),
                    object=lambda: value != literal({}, JSONB),
                    number=true,
                    boolean=true,
                )
            case Operator.EQUALS | Operator.IN:
                return _same(value, wanted)
            case Operator.CONTAINS:
                elements = func.jsonb_array_elements(value)
                one = elements.table_valued(column("value", JSONB)).render_derived()
                return by_kind(
                    value,
                    string=lambda: _text_holds(text_of(value), operator, wanted),
                    array=lambda: select(one).where(_same(one.c.value, wanted)).exists(),
                )
            case Operator.STARTS_WITH | Operator.ENDS_WITH:
                return by_kind(value, string=lambda: _text_holds(text_of(value), operator, wanted))
            case Operator.BEFORE | Operator.AFTER | Operator.WITHIN_LAST_DAYS:
                return by_kind(
                    value,
                    string=lambda: self._time_holds(instant_in(text_of(value)), operator, wanted),
                )
            case _:
                return by_kind(
                    value,
                    string=lambda: _number_holds(number_in(text_of(value)), operator, wanted),
                    number=lambda: _number_holds(cast(value, Numeric), operator, wanted),
                )

    def _time_holds(self, moment: ColumnElement[Any], operator: Operator, wanted: Value) -> Truth:
        match operator, wanted:
            case Operator.BEFORE, datetime():
                return moment < _moment(wanted)
            case Operator.AFTER, datetime():
                return moment > _moment(wanted)
            case Operator.WITHIN_LAST_DAYS, Decimal():
                first = self._now - timedelta(days=float(wanted))
                return moment.between(_moment(first), _moment(self._now))
            case _:
                return false()


def _same(value: Json, wanted: Value) -> Truth:
    """Whether a JSON value is the wanted one, or one of those that are wanted."""
    texts = _texts(wanted)
    of_type_number = [one for one in _all(wanted) if isinstance(one, Decimal)]
    numbers = [number for one in _all(wanted) if (number := as_number(one)) is not None]
    return by_kind(
        value,
        string=lambda: or_(
            _is_text(text_of(value), texts),
            _is_number(number_in(text_of(value)), of_type_number),
        ),
        number=lambda: _is_number(cast(value, Numeric), numbers),
        boolean=lambda: _is_text(text_of(value), texts),
    )


def _text_holds(text: ColumnElement[Any], operator: Operator, wanted: Value) -> Truth:
    if operator in (Operator.EQUALS, Operator.IN):
        return _is_text(text, _texts(wanted))
    if not isinstance(wanted, str):
        return false()
    part = condition_tree.folded(wanted)
    match operator:
        case Operator.STARTS_WITH:
            return func.starts_with(folded(text), part)
        case Operator.ENDS_WITH:
            return func.right(folded(text), len(part)) == part
        case _:
            return func.strpos(folded(text), part) > 0


def _number_holds(number: ColumnElement[Any], operator: Operator, wanted: Value) -> Truth:
    if operator in (Operator.EQUALS, Operator.IN):
        numbers = map(as_number, _all(wanted))
        return _is_number(number, [one for one in numbers if one is not None])
    bound = literal(wanted, Numeric)
    match operator:
        case Operator.GREATER_THAN:
            return number > bound
        case Operator.GREATER_OR_EQUAL:
            return number >= bound
        case Operator.LESS_THAN:
            return number < bound
        case _:
            return number <= bound


def _is_text(text: ColumnElement[Any], texts: Sequence[str]) -> Truth:
    if not texts:
        return false()
    if len(texts) == 1:
        return folded(text) == texts[0]
    return folded(text) == any_(_list(texts, Text()))


def _is_number(number: ColumnElement[Any], numbers: Sequence[Decimal]) -> Truth:
    return number == any_(_list(numbers, Numeric())) if numbers else false()


def _all(wanted: Value) -> Sequence[object]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _texts(wanted: Value) -> list[str]:
    """The texts among what is wanted, as they are compared."""
    return [_as_text(one) for one in _all(wanted) if isinstance(one, str | bool)]


def _as_text(one: Scalar) -> str:
    return condition_tree.folded(str(one))


def _list(values: Sequence[object], kind: Any) -> ColumnElement[Any]:  # noqa: ANN401 — any type of SQL
    return bindparam(None, list(values), ARRAY(kind), unique=True)


def _moment(at: datetime) -> ColumnElement[datetime]:
    # As text: the driver converts to UTC in Python, which fails at either end of its years.
    return cast(literal(at.isoformat(), Text), DateTime(timezone=True))
