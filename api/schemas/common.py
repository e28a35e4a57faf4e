"""What all bodies and answers share."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from domain.errors import FieldProblem, Invalid, Location
from domain.fields import check_timezone, normalise_email, normalise_phone, parse_money

_MAX_DEPTH = 30
_MAX_NUMBER = 10**30
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_NO_HEADER = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029"<>]')
_DATE = re.compile(r"\d{4}-", re.ASCII)


class Body(BaseModel):
    """What a client sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, raw: object) -> object:
        if problems := list(_unstorable(raw)):
            raise Invalid(*problems)
        return raw

    def given(self) -> dict[str, Any]:
        """The fields that the client named."""
        return self.model_dump(exclude_unset=True)


class Shape(BaseModel):
    """What is answered, read off a row."""

    model_config = ConfigDict(from_attributes=True)


class Part(BaseModel):
    """A part of a list."""

    total: int
    limit: int
    offset: int


class Page(Part):
    """A part of a list. `next_cursor` is null on the last page."""

    next_cursor: str | None


def reject_null(value: object) -> object:
    """For fields that may be left out of a PATCH but not emptied."""
    if value is None:
        raise ValueError("must not be null")
    return value


def _unstorable(raw: object) -> Iterator[FieldProblem]:
    """What Python reads as JSON and PostgreSQL's text and jsonb cannot hold."""
    pending: list[tuple[Location, object]] = [((), raw)]
    while pending:
        place, value = pending.pop()
        match value:
            case dict() | list() if len(place) == _MAX_DEPTH:
                yield FieldProblem(place, "is nested too deeply")
            case dict():
                if any(_NO_TEXT.search(key) for key in value):
                    yield FieldProblem(place or ("body",), "has a name that is no text")
                else:
                    pending += [((*place, key), item) for key, item in value.items()]
            case list():
                pending += [((*place, index), item) for index, item in enumerate(value)]
            case str() if _NO_TEXT.search(value):
                yield FieldProblem(place, "must not contain a NUL character or half a character")
            case int() | float() if not -_MAX_NUMBER <= value <= _MAX_NUMBER:  # NaN too
                yield FieldProblem(place, "is no number that can be stored")


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a NUL character")
    return text


def _for_header(text: str) -> str:
    if _NO_HEADER.search(text):
        raise ValueError('must not contain line breaks or other control characters, ", < or >')
    return text


def _written(value: object) -> object:
    """Not the seconds since 1970, which pydantic would take too."""
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value.strip())):
        return value
    raise ValueError("must be a time such as 2026-12-24T09:00:00Z")


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is too far away") from error


Name = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Short = Annotated[str, StringConstraints(max_length=255)]
HeaderText = Annotated[Short, AfterValidator(_for_header)]
"""What can stand before the address of an e-mail (RFC 5322)."""
Flag = Annotated[bool, Field(strict=True)]
"""Neither `"yes"` nor 1."""
Number = Annotated[int, Field(strict=True)]
"""Neither `"5"` nor true."""
Label = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Long = Annotated[str, StringConstraints(max_length=20_000)]
Filter = Annotated[str, Query(max_length=100), AfterValidator(_no_nul)]
"""A text that a list is filtered by."""
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(normalise_email)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(normalise_phone)]
Zone = Annotated[str, AfterValidator(check_timezone)]
MoneyIn = Annotated[Decimal, BeforeValidator(parse_money)]
Money = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)]
"""US dollars, as a string with two decimals."""
TimeIn = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_utc)]
Time = Annotated[datetime, AfterValidator(_utc)]
"""UTC."""


class NoFields(Body):
    """A body for a request that needs none; it may be left out."""


_NOTHING = NoFields()


def _no_fields(body: NoFields = _NOTHING) -> NoFields:
    return body


NO_FIELDS = Depends(_no_fields)
"""For a POST without fields: an empty body, or none."""
