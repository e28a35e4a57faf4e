"""Importing contacts from a CSV file: the first kind of job.

The upload is read once, decoded and cut into pieces of whole rows, which are kept in `job_files`; each portion of
the job takes one piece. What the columns mean and what a row may hold is in `domain.csv_rows`, whom it is about in
`services.imported_people`.

What a contact has is replaced by what the file says, and stays where the file says nothing; tags are added; consent
and opt-outs are given and never taken back, and consent that was withdrawn is not given again.

Where whom the file names is to be enrolled, that comes when all rows are in, portion by portion, as in any bulk enroll.
A row is done when its contact is enrolled; a refusal is the error of the first row about the contact.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import BinaryIO, Final
from uuid import UUID

from db.bulk import add_new_items
from db.campaigns import find_campaign
from db.consents import Because, recorded, suppress_opted_out
from db.enrollments import hold_live
from db.imports import (
    add_contacts,
    find_contacts_at,
    silence_events,
    take_turns,
    update_contacts,
)
from db.jobs import ItemError, add_piece, read_piece, set_total
from db.session import Session
from db.tables import Job
from domain.csv_rows import Column, ContactRow
from domain.csv_text import MAX_LINES
from domain.errors import Problem
from services.bulk import errors_of
from services.bulk_enroll import BulkEnroll
from services.consent import opt_out
from services.csv_upload import CsvUpload
from services.enrolling import check_active
from services.imported_people import OPT_OUTS, Person, assign, people_of, read_rows
from services.jobs import Portion, create_job

KIND: Final = "contact_import"
_IMPORT: Final = Because("import")


async def begin_import(
    session: Session, file: BinaryIO, *, events: bool, campaign_id: UUID | None = None
) -> Job:
    """Keep the file, and have its rows imported once this is committed.

    Args:
        session: The transaction of who imports.
        file: At its beginning.
        events: Whether contacts that come or change raise their events.
        campaign_id: Where to enroll all whom the file names.

    Raises:
        Invalid: it is no CSV file of contacts; the field is `file`.
        NotFound: no such campaign.
        Conflict: `campaign_not_active`.
    """
    more = {}
    if campaign_id:
        check_active(await find_campaign(session, campaign_id))
        more = {"campaign_id": str(campaign_id)}
    upload = await asyncio.to_thread(CsvUpload, file)
    columns = [[column.header, column.field] for column in upload.columns]
    job = await create_job(session, KIND, {"columns": columns, "events": events, **more})
    pieces, number, total = upload.pieces(), 0, 0
    while piece := await asyncio.to_thread(next, pieces, None):
        await add_piece(session, job.id, number, json.dumps(piece).encode())
        number, total = number + 1, total + len(piece)
    await set_total(session, job, total)
    return job


class ContactImport:
    """The kind of job. Its position is the number of a piece; beyond those, the line up to which it has enrolled."""

    def __init__(self, enrolling: BulkEnroll) -> None:
        self._enrolling = enrolling

    async def portion(self, session: Session, job: Job) -> Portion:
        """Import one piece, or enroll the next of those who are in."""
        enrolls = "campaign_id" in job.input
        if job.position < _ENROLLING:
            piece = await read_piece(session, job.id, job.position)
            if piece is not None:
                return await self._import(session, job, piece, enrolls=enrolls)
        if not enrolls:
            return Portion(job.position, 0, last=True)
        return await self._enroll(session, job)

    async def _import(self, session: Session, job: Job, piece: bytes, *, enrolls: bool) -> Portion:
        columns = [Column(*column) for column in job.input["columns"]]
        # Off the loop: half a second, in which others want to be heard.
        rows, errors = await asyncio.to_thread(_read, columns, piece)
        count = len(rows) + len(errors)
        if not job.input["events"]:
            await silence_events(session)
        await take_turns(session)
        rows, nobodys = await assign(session, rows)
        people, refused = await _save(session, rows)
        errors += nobodys + refused
        done = count - len(errors)
        if enrolls:
            wanted = {person.line: person.id for person in people}
            done -= await add_new_items(session, job.id, wanted)
        last = not enrolls and job.done + job.failed + count == job.total
        return Portion(job.position + 1, done, errors, last)

    async def _enroll(self, session: Session, job: Job) -> Portion:
        line = max(job.position - _ENROLLING, 0)
        items, refused = await self._enrolling.next_turn(session, job, line)
        if not items:
            return Portion(job.position, 0, last=True)
        errors = errors_of(items, refused, lambda item: str(item.number))
        return Portion(_ENROLLING + items[-1].number, len(items) - len(errors), errors)


_ENROLLING: Final = MAX_LINES
"""The position from which on it enrolls: there are no more pieces than lines."""


def _read(columns: Sequence[Column], piece: bytes) -> tuple[list[ContactRow], list[ItemError]]:
    return read_rows(columns, json.loads(piece))


async def _save(
    session: Session, rows: Sequence[ContactRow]
) -> tuple[list[Person], list[ItemError]]:
    """Save all rows at once; where the database refuses, by halves, so that one bad row fails alone."""
    if not rows:
        return [], []
    outbox = list(session.outbox)
    try:
        async with session.begin_nested():
            return await _save_together(session, rows), []
    except Problem as refusal:
        session.outbox[:] = outbox
        if len(rows) == 1:
            line = rows[0].line
            return [], [ItemError(line, str(line), refusal.code, refusal.detail)]
    middle = len(rows) // 2
    people, errors = await _save(session, rows[:middle])
    more_people, more_errors = await _save(session, rows[middle:])
    return people + more_people, errors + more_errors


async def _save_together(session: Session, rows: Sequence[ContactRow]) -> list[Person]:
    emails = {row.email for row in rows if row.email}
    phones = {row.phone for row in rows if row.phone}
    people = people_of(await find_contacts_at(session, emails, phones), rows)
    known = [person for person in people if person.is_known]
    await hold_live(session, [person.id for person in known if person.newly_opted_out])
    async with recorded(session, _IMPORT):
        if new := [person.values() for person in people if not person.is_known]:
            await add_contacts(session, new)
        if known:
            await update_contacts(session, [person.values() for person in known])
    for flag, channel in OPT_OUTS.items():
        fresh = [person.id for person in people if flag in person.newly_opted_out]
        if flagged := [person.id for person in people if flag in person.flags]:
            # The address may be another now than when the contact opted out.
            await suppress_opted_out(session, channel, flagged)
        if fresh:
            await opt_out(session, channel, fresh, _IMPORT)
    return people
