"""What texts and JSON say, read by PostgreSQL as `domain.condition_tree` reads it in Python.

None of these fails, whatever it is given: a cast is reached only by what it can take. What cannot be read is NULL.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Numeric,
    SQLColumnExpression,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.condition_tree import INSTANT, NUMBER, OFFSET

Expression = SQLColumnExpression[Any]

WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""All that `str.strip` takes away; btrim by itself takes spaces alone."""


def member(json: Expression, keys: Sequence[str]) -> Expression:
    """What lies under the keys. `->`, and no path, as a path would also count through arrays."""
    for key in keys:
        json = json.op("->", return_type=JSONB())(literal(key, Text))
    return json


def text_of(json: Expression) -> ColumnElement[str]:
    """A JSON string without its quotes; other values as they are written."""
    root: list[str] = []
    return json.op("#>>", return_type=Text())(bindparam(None, root, ARRAY(Text), unique=True))


def by_kind(json: Expression, **readers: Callable[[], Any]) -> ColumnElement[Any]:
    """Read JSON by what it is: `string`, `number`, `boolean`, `array` or `object`. All else is NULL."""
    readings = {kind: read() for kind, read in readers.items()}
    return case(readings, value=func.jsonb_typeof(json))


def stripped(text: Expression) -> ColumnElement[str]:
    """The text without white space at its ends."""
    return func.btrim(text, literal(WHITE_SPACE, Text), type_=Text())


def folded(text: Expression) -> ColumnElement[str]:
    """What `domain.condition_tree.folded` makes of it.

    Letters fold as the database's locale says: PostgreSQL's own C.UTF-8 and the usual ones do as Python does,
    but for letters of a Unicode version that one of the two does not know. U+0130 is the one letter whose
    small form is two characters, which `lower` leaves out.
    """
    lowered = func.lower(func.replace(stripped(text), "\u0130", "i\u0307"))
    return func.replace(lowered, "\u03c2", "\u03c3", type_=Text())


def number_in(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """The number that a text reads as."""
    trimmed = stripped(text)
    return case((trimmed.regexp_match(f"^{NUMBER}$"), cast(trimmed, Numeric)))


def instant_in(text: ColumnElement[Any], zone: str | None = None) -> ColumnElement[Any]:
    """The moment that a text reads as: a bare date is its start. What names no offset is of `zone`, else of UTC."""
    trimmed = stripped(text)
    # Both cut off what goes beyond microseconds; casting would round.
    exact = func.regexp_replace(trimmed, r"(\.[0-9]{6})[0-9]+", r"\1", type_=Text())
    readable = and_(
        trimmed.regexp_match(f"^{INSTANT}$"), func.pg_input_is_valid(exact, "timestamptz")
    )
    wall = cast(exact, DateTime)
    local = moment_at(wall, zone) if zone else func.timezone("UTC", wall)
    absolute = cast(exact, DateTime(timezone=True))
    return case((readable, case((trimmed.regexp_match(f":.*{OFFSET}$"), absolute), else_=local)))


def moment_at(wall: ColumnElement[Any], zone: str | ColumnElement[str]) -> ColumnElement[Any]:
    """When the clocks of a zone show that time, as `domain.calendar.due` has it.

    A time that they skip moves forward, which PostgreSQL does too. Of one that they show twice it is the
    first, and PostgreSQL's is the second; they are an hour apart.
    """
    last = func.timezone(zone, wall, type_=DateTime(timezone=True))
    first = last - timedelta(hours=1)
    return case((func.timezone(zone, first) == wall, first), else_=last)
