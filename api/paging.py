"""`limit`, `offset` and `cursor` of the lists."""

from typing import Annotated

from fastapi import Depends, Query

from db.paging import Slice


def _slice(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Slice:
    return Slice(limit, offset, cursor)


Wanted = Annotated[Slice, Depends(_slice)]
