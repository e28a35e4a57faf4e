"""Importing contacts from a CSV file: the first kind of job.

The upload is read once, decoded and cut into pieces of whole rows, which are kept in `job_files`; each portion of
the job takes one piece. What the columns mean and what a row may hold is in `domain.csv_rows`.

A row is about the contact with its e-mail address, the newest of several; else about the one with its phone number,
unless both have addresses, and different ones: people share telephones. Of several with one number it is the oldest,
so that those whom the file adds do not change whom its rows mean when it is imported again. Two rows about one person
are one, and the later value wins. What a contact has is replaced by what the file says, and stays where the file says
nothing; tags are added; consent and opt-outs are given and never taken back,
and consent that was withdrawn is not given again.
"""

import asyncio
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final
from uuid import UUID, uuid4

from db.consents import Because, recorded, suppress_opted_out
from db.enrollments import hold_live
from db.imports import (
    Known,
    add_contacts,
    find_contacts_at,
    find_users,
    silence_events,
    take_turns,
    update_contacts,
)
from db.jobs import ItemError, add_piece, read_piece, set_total
from db.session import Session
from db.tables import Job
from domain.csv_rows import Column, ContactRow, RowError, read_row
from domain.enums import Channel
from domain.errors import Invalid, Problem
from services.consent import opt_out
from services.csv_upload import CsvUpload
from services.jobs import Portion, create_job

KIND: Final = "contact_import"
_IMPORT: Final = Because("import")
_REFUSED: Final = Invalid.code
_OPT_OUTS: Final = {"email_opt_out": Channel.EMAIL, "sms_opt_out": Channel.SMS}


async def begin_import(session: Session, file: BinaryIO, *, events: bool) -> Job:
    """Keep the file, and have its rows imported once this is committed.

    Args:
        session: The transaction of who imports.
        file: At its beginning.
        events: Whether contacts that come or change raise their events.

    Raises:
        Invalid: it is no CSV file of contacts; the field is `file`.
    """
    upload = await asyncio.to_thread(CsvUpload, file)
    columns = [[column.header, column.field] for column in upload.columns]
    job = await create_job(session, KIND, {"columns": columns, "events": events})
    pieces, number, total = upload.pieces(), 0, 0
    while piece := await asyncio.to_thread(next, pieces, None):
        await add_piece(session, job.id, number, json.dumps(piece).encode())
        number, total = number + 1, total + len(piece)
    await set_total(session, job, total)
    return job


class ContactImport:
    """The kind of job. Its position is the number of a piece."""

    async def portion(self, session: Session, job: Job) -> Portion:
        """Import one piece."""
        piece = await read_piece(session, job.id, job.position)
        if piece is None:
            return Portion(job.position, 0, last=True)
        columns = [Column(*column) for column in job.input["columns"]]
        # Off the loop: half a second, in which others want to be heard.
        rows, errors = await asyncio.to_thread(_read, columns, piece)
        count = len(rows) + len(errors)
        if not job.input["events"]:
            await silence_events(session)
        await take_turns(session)
        rows, nobodys = await _assign(session, rows)
        errors += nobodys + await _save(session, rows)
        last = job.done + job.failed + count == job.total
        return Portion(job.position + 1, count - len(errors), errors, last)


def _read(columns: Sequence[Column], piece: bytes) -> tuple[list[ContactRow], list[ItemError]]:
    """The rows of a piece, and what is wrong with the others."""
    rows: list[ContactRow] = []
    errors: list[ItemError] = []
    for line, cells in json.loads(piece):
        if isinstance(cells, str):
            errors.append(_error(line, cells))
            continue
        try:
            rows.append(read_row(columns, line, cells))
        except RowError as error:
            errors.append(_error(line, str(error)))
    return rows, errors


async def _assign(
    session: Session, rows: Sequence[ContactRow]
) -> tuple[list[ContactRow], list[ItemError]]:
    """Put users' ids into `assigned_to`; a name that nobody has is an error."""
    names = {row.fields["assigned_to"].lower() for row in rows if "assigned_to" in row.fields}
    users = await find_users(session, names) if names else {}
    assigned: list[ContactRow] = []
    errors: list[ItemError] = []
    for row in rows:
        if name := row.fields.get("assigned_to"):
            user_id = users.get(name.lower())
            if user_id is None:
                detail = "assigned_to: names no user of this company by id or e-mail address"
                errors.append(_error(row.line, detail))
                continue
            row.fields["assigned_to"] = str(user_id)
        assigned.append(row)
    return assigned, errors


async def _save(session: Session, rows: Sequence[ContactRow]) -> list[ItemError]:
    """Save all rows at once; where the database refuses, by halves, so that one bad row fails alone."""
    if not rows:
        return []
    outbox = list(session.outbox)
    try:
        async with session.begin_nested():
            await _save_together(session, rows)
    except Problem as refusal:
        session.outbox[:] = outbox
        if len(rows) == 1:
            return [ItemError(rows[0].line, str(rows[0].line), refusal.code, refusal.detail)]
        middle = len(rows) // 2
        return await _save(session, rows[:middle]) + await _save(session, rows[middle:])
    return []


async def _save_together(session: Session, rows: Sequence[ContactRow]) -> None:
    emails = {row.email for row in rows if row.email}
    phones = {row.phone for row in rows if row.phone}
    people = _people(await find_contacts_at(session, emails, phones), rows)
    known = [person for person in people if person.opted_out is not None]
    await hold_live(session, [person.id for person in known if person.newly_opted_out])
    async with recorded(session, _IMPORT):
        if new := [person.values() for person in people if person.opted_out is None]:
            await add_contacts(session, new)
        if known:
            await update_contacts(session, [person.values() for person in known])
    for flag, channel in _OPT_OUTS.items():
        fresh = [person.id for person in people if flag in person.newly_opted_out]
        if flagged := [person.id for person in people if flag in person.flags]:
            # The address may be another now than when the contact opted out.
            await suppress_opted_out(session, channel, flagged)
        if fresh:
            await opt_out(session, channel, fresh, _IMPORT)


@dataclass(slots=True)
class _Person:
    """What the rows say of one contact. `opted_out` holds the flags it has; None: it is new."""

    id: UUID
    email: str | None = None
    opted_out: Collection[str] | None = None
    fields: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def hear(self, row: ContactRow) -> None:
        """Take what a row says; a later value wins."""
        self.email = row.email or self.email
        self.fields |= row.fields
        self.custom |= row.custom
        self.tags = list(dict.fromkeys(self.tags + row.tags))
        self.flags |= row.flags

    @property
    def newly_opted_out(self) -> set[str]:
        """The opt-outs that are not noted yet."""
        return (self.flags & _OPT_OUTS.keys()).difference(self.opted_out or ())

    def values(self) -> dict[str, Any]:
        """What the statements take."""
        return {
            "id": self.id,
            **self.fields,
            "custom": self.custom,
            "tags": self.tags,
            "sms_consent": "sms_consent" in self.flags,
        }


def _people(known: Iterable[Known], rows: Iterable[ContactRow]) -> list[_Person]:
    """Whom the rows are about, in their order.

    Args:
        known: Contacts with these addresses and numbers, the newest last.
        rows: In the order of the file.
    """
    by_email: dict[str | None, _Person] = {}
    by_phone: dict[str | None, _Person] = {}
    for contact in known:
        flags = {flag for flag in _OPT_OUTS if getattr(contact, flag)}
        by_email[contact.email] = person = _Person(contact.id, contact.email, flags)
        by_phone.setdefault(contact.phone, person)
    heard: dict[UUID, _Person] = {}
    for row in rows:
        found = by_email.get(row.email) if row.email else None
        if found is None and row.phone:
            found = by_phone.get(row.phone)
            if found and row.email and found.email:
                found = None
        person = found or _Person(uuid4())
        person.hear(row)
        heard[person.id] = person
        if row.email:
            by_email[row.email] = person
        if row.phone:
            by_phone.setdefault(row.phone, person)
    return list(heard.values())


def _error(line: int, detail: str) -> ItemError:
    return ItemError(line, str(line), _REFUSED, detail)
