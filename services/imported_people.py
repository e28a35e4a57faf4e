"""Whom the rows of an imported file are about, as the import and its preview understand them.

A row is about the contact with its e-mail address, the newest of several; else about the one with its phone number,
unless both have addresses, and different ones: people share telephones. Of several with one number it is the oldest,
so that those whom the file adds do not change whom its rows mean when it is imported again. Two rows about one person
are one, and the later value wins.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from db.imports import Known, find_users
from db.jobs import ItemError
from db.session import Session
from domain.csv_rows import Column, ContactRow, RowError, read_row
from domain.enums import Channel
from domain.errors import Invalid
from services.csv_upload import Row

OPT_OUTS: Final = {"email_opt_out": Channel.EMAIL, "sms_opt_out": Channel.SMS}


def read_rows(
    columns: Sequence[Column], records: Iterable[Row]
) -> tuple[list[ContactRow], list[ItemError]]:
    """What the rows say, and what is wrong with the others."""
    rows: list[ContactRow] = []
    errors: list[ItemError] = []
    for line, cells in records:
        if isinstance(cells, str):
            errors.append(_error(line, cells))
            continue
        try:
            rows.append(read_row(columns, line, cells))
        except RowError as error:
            errors.append(_error(line, str(error)))
    return rows, errors


async def assign(
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


@dataclass(slots=True)
class Person:
    """What the rows say of one contact, from `line` on. `opted_out` holds the flags it has; None: it is new."""

    id: UUID
    line: int = 0
    email: str | None = None
    opted_out: Collection[str] | None = None
    fields: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def hear(self, row: ContactRow) -> None:
        """Take what a row says; a later value wins."""
        self.line = self.line or row.line
        self.email = row.email or self.email
        self.fields |= row.fields
        self.custom |= row.custom
        self.tags = list(dict.fromkeys(self.tags + row.tags))
        self.flags |= row.flags

    @property
    def is_known(self) -> bool:
        """Whether there is such a contact already."""
        return self.opted_out is not None

    @property
    def newly_opted_out(self) -> set[str]:
        """The opt-outs that are not noted yet."""
        return (self.flags & OPT_OUTS.keys()).difference(self.opted_out or ())

    def values(self) -> dict[str, Any]:
        """What the statements take."""
        return {
            "id": self.id,
            **self.fields,
            "custom": self.custom,
            "tags": self.tags,
            "sms_consent": "sms_consent" in self.flags,
        }


def people_of(known: Iterable[Known], rows: Iterable[ContactRow]) -> list[Person]:
    """Whom the rows are about, in their order.

    Args:
        known: Contacts with these addresses and numbers, the newest last.
        rows: In the order of the file.
    """
    by_email: dict[str | None, Person] = {}
    by_phone: dict[str | None, Person] = {}
    for contact in known:
        flags = {flag for flag in OPT_OUTS if getattr(contact, flag)}
        by_email[contact.email] = person = Person(contact.id, email=contact.email, opted_out=flags)
        by_phone.setdefault(contact.phone, person)
    heard: dict[UUID, Person] = {}
    for row in rows:
        found = by_email.get(row.email) if row.email else None
        if found is None and row.phone:
            found = by_phone.get(row.phone)
            if found and row.email and found.email:
                found = None
        person = found or Person(uuid4())
        person.hear(row)
        heard[person.id] = person
        if row.email:
            by_email[row.email] = person
        if row.phone:
            by_phone.setdefault(row.phone, person)
    return list(heard.values())


def _error(line: int, detail: str) -> ItemError:
    return ItemError(line, str(line), Invalid.code, detail)
