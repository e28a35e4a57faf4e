"""`limit`, `offset` and `cursor` of the lists."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from db.paging import Slice

Limit = Annotated[int, Field(ge=1, le=200)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]


def _slice(
    limit: Annotated[Limit, Query()] = 50,
    offset: Annotated[Offset, Query()] = 0,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Slice:
    return Slice(limit, offset, cursor)


def _by_offset(
    limit: Annotated[Limit, Query()] = 50, offset: Annotated[Offset, Query()] = 0
) -> Slice:
    return Slice(limit, offset)


Wanted = Annotated[Slice, Depends(_slice)]
ByOffset = Annotated[Slice, Depends(_by_offset)]
"""For lists that are in no lasting order, in which a cursor would lose its place."""
