"""What an import would do, before anybody does it: the same reading of the same file, and nothing is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from db.imports import find_contacts_at, plan_for_lists
from db.jobs import ItemError
from db.session import Session
from domain.csv_rows import Column
from services.csv_upload import CsvUpload, Row
from services.imported_people import assign, people_of, read_rows

LOOKED_AT: Final = 5_000
"""Rows of which it is told what they would do; the others are counted."""

_SAMPLE: Final = 5
_MAX_PROBLEMS: Final = 100
_MAX_CELL: Final = 200
"""Characters of a cell of the sample."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What is in a file, and what its first rows would do.

    Attributes:
        rows: How many there are below the header.
        looked_at: How many of them, from the first, the rest is about.
        columns: What each means.
        sample: The cells of the first ones.
        new: Contacts that would be added.
        known: Contacts that are there already.
        failed: Rows that could not be taken.
        problems: The first of them, and why.
    """

    rows: int
    looked_at: int
    columns: Sequence[Column]
    sample: Sequence[Sequence[str]]
    new: int
    known: int
    failed: int
    problems: Sequence[ItemError]


async def preview_import(session: Session, file: BinaryIO) -> Preview:
    """What importing the file would do.

    Raises:
        Invalid: it is no CSV file of contacts; the field is `file`.
    """
    columns, first, total = await asyncio.to_thread(_read, file)
    rows, errors = await asyncio.to_thread(read_rows, columns, first)
    await plan_for_lists(session)
    rows, nobodys = await assign(session, rows)
    problems = sorted(errors + nobodys, key=lambda error: error.number)
    emails = {row.email for row in rows if row.email}
    phones = {row.phone for row in rows if row.phone}
    people = people_of(await find_contacts_at(session, emails, phones), rows)
    known = sum(person.is_known for person in people)
    readable = (cells for _, cells in first if not isinstance(cells, str))
    return Preview(
        rows=total,
        looked_at=len(first),
        columns=columns,
        sample=[[_cut(cell) for cell in cells] for cells in islice(readable, _SAMPLE)],
        new=len(people) - known,
        known=known,
        failed=len(problems),
        problems=problems[:_MAX_PROBLEMS],
    )


def _read(file: BinaryIO) -> tuple[list[Column], list[Row], int]:
    """The columns, the first rows, and how many there are."""
    upload = CsvUpload(file)
    first: list[Row] = []
    total = 0
    for piece in upload.pieces():
        first += piece[: LOOKED_AT - len(first)]
        total += len(piece)
    return upload.columns, first, total


def _cut(cell: str) -> str:
    """What can be shown of a cell, which may hold halves of characters."""
    text = cell.strip().encode(errors="replace").decode().replace("\0", "?")
    return text if len(text) <= _MAX_CELL else f"{text[: _MAX_CELL - 1]}…"
