"""What all bodies and answers share."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
)

from domain.fields import check_timezone, normalise_email, normalise_phone, parse_money


class Body(BaseModel):
    """What a client sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    def given(self) -> dict[str, Any]:
        """The fields that the client named."""
        return self.model_dump(exclude_unset=True)


class Shape(BaseModel):
    """What is answered, read off a row."""

    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel):
    """A part of a list. `next_cursor` is null on the last page."""

    total: int
    limit: int
    offset: int
    next_cursor: str | None


def reject_null(value: object) -> object:
    """For fields that may be left out of a PATCH but not emptied."""
    if value is None:
        raise ValueError("must not be null")
    return value


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a NUL character")
    return text


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Name = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_no_nul)]
Short = Annotated[str, StringConstraints(max_length=255), AfterValidator(_no_nul)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_no_nul)]
Long = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_no_nul)]
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(normalise_email)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(normalise_phone)]
Zone = Annotated[str, AfterValidator(check_timezone)]
MoneyIn = Annotated[Decimal, BeforeValidator(parse_money)]
Money = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str)]
"""US dollars, as a string with two decimals."""
Time = Annotated[datetime, AfterValidator(_utc)]
"""UTC."""
