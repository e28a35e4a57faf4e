"""Pages of a list, newest first: by offset, or by a cursor that costs the same on every page."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from db.lists import among
from db.session import Session
from domain.errors import Invalid

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is wanted. A cursor goes before an offset."""

    limit: int = 50
    offset: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A part of a list."""

    rows: Sequence[Row]
    total: int
    limit: int
    offset: int
    next_cursor: str | None

    @property
    def position(self) -> dict[str, Any]:
        """Everything but the rows."""
        return {
            "total": self.total,
            "limit": self.limit,
            "offset": self.offset,
            "next_cursor": self.next_cursor,
        }


async def page(
    session: Session,
    query: Select[Row],
    wanted: Slice,
    time: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
) -> Page[Row]:
    """The wanted part of what the query selects, by `time` and `row_id` downwards.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    total = await session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True))
    ordered = query.order_by(time.desc(), row_id.desc()).limit(wanted.limit + 1)
    if wanted.cursor:
        ordered = ordered.where(tuple_(time, row_id) < tuple_(*_read(wanted.cursor)))
    else:
        ordered = ordered.offset(wanted.offset)
    return _page((await session.scalars(ordered)).all(), total or 0, wanted, time, row_id)


async def page_of_search(
    session: Session,
    query: Select[Row],
    wanted: Slice,
    time: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
) -> Page[Row]:
    """The same of what is searched for: it is looked for once, to be counted and to be shown.

    PostgreSQL must not try it from the newest on until a page is full, which takes longest where little is found.
    """
    found = query.with_only_columns(row_id, time).cte("found")
    found_time, found_id = found.c[time.key], found.c[row_id.key]
    ordered = select(found_id).order_by(found_time.desc(), found_id.desc()).limit(wanted.limit + 1)
    if wanted.cursor:
        ordered = ordered.where(tuple_(found_time, found_id) < tuple_(*_read(wanted.cursor)))
    else:
        ordered = ordered.offset(wanted.offset)
    total, ids = (
        await session.execute(
            select(
                select(func.count()).select_from(found).scalar_subquery(),
                func.array(ordered.scalar_subquery()),
            )
        )
    ).one()
    known = select(row_id.class_).where(among(row_id, ids)).order_by(time.desc(), row_id.desc())
    return _page((await session.scalars(known)).all(), total, wanted, time, row_id)


def _page(
    found: Sequence[Row],
    total: int,
    wanted: Slice,
    time: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
) -> Page[Row]:
    """A page, if there is one more row than it holds where another page follows."""
    rows = found[: wanted.limit]
    more = len(found) > wanted.limit
    cursor = _write(getattr(rows[-1], time.key), getattr(rows[-1], row_id.key)) if more else None
    return Page(rows, total, wanted.limit, wanted.offset, cursor)


def _write(time: datetime, row_id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([time.isoformat(), row_id.hex]).encode()).decode()


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        time, row_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(time).astimezone(UTC), UUID(row_id)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Invalid.field("cursor", "is not a cursor of this list") from error
