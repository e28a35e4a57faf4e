"""Contacts in a CSV file: what its columns mean, and what a row says of a contact.

| column | names that are understood; case, spaces, `-` and `_` make no difference |
| --- | --- |
| `first_name`, `last_name` | First, Given name, Forename; Last, Surname, Family name |
| `email`, `phone` | E-mail, Email address; Mobile, Cell, Telephone, Phone number |
| `stage`, `state`, `postal_code`, `timezone` | Status, Lead status; State/Province; Zip, Zip code, Postcode; TZ |
| `tags` | Tag, Labels; several are separated by `;` or `,` |
| `assigned_to` | Assignee; the id or the e-mail address of a user |
| `sms_consent`, `email_opt_out`, `sms_opt_out` | yes, true, 1, x; no, false, 0 |
| `custom.<key>` | that custom field; any other name is one too: `Roof age` is `custom.roof_age` |

An empty cell says nothing, and so does "no": an import gives consent and opts out, and takes neither back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from domain.fields import MAX_CUSTOM_TEXT, FieldError, coerce

MAX_CUSTOM_FIELDS: Final = 200
MAX_TAGS: Final = 200
MAX_TAG: Final = 100
"""Characters."""
MAX_KEY: Final = 100
"""Characters of a custom field's name."""

FLAGS: Final = ("sms_consent", "email_opt_out", "sms_opt_out")

_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "first_name": ("firstname", "first", "fname", "givenname", "forename"),
        "last_name": ("lastname", "last", "lname", "surname", "familyname"),
        "email": ("email", "emailaddress", "mail"),
        "phone": (
            "phone", "phonenumber", "mobile", "mobilephone", "mobilenumber", "cell", "cellphone",
            "cellnumber", "telephone", "telephonenumber", "tel",
        ),
        "stage": ("stage", "status", "leadstage", "leadstatus"),
        "tags": ("tags", "tag", "labels"),
        "timezone": ("timezone", "tz"),
        "state": ("state", "province", "stateprovince"),
        "postal_code": ("postalcode", "postcode", "zip", "zipcode", "zippostalcode"),
        "assigned_to": ("assignedto", "assignee"),
        "sms_consent": ("smsconsent", "textconsent", "smsoptin"),
        "email_opt_out": ("emailoptout", "emailunsubscribed"),
        "sms_opt_out": ("smsoptout", "textoptout", "smsunsubscribed"),
    }
)  # fmt: skip
_FIELDS: Final = {name: field for field, names in _NAMES.items() for name in names}
_YES: Final = frozenset({"yes", "y", "true", "t", "1", "x", "on"})
_NO: Final = frozenset({"no", "n", "false", "f", "0", "off"})
_CUSTOM: Final = "custom."
_KEY = re.compile(r"[\w -]+")
_NOT_OF_A_WORD = re.compile(r"[\W_]+")
_UNREADABLE = re.compile("[\0\ud800-\udfff]")


class HeaderError(ValueError):
    """A header that does not say what the columns are."""


class RowError(ValueError):
    """A row that cannot become a contact: each column with its reason."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its `field` in our words, `custom.roof_age`. One without a name has none."""

    header: str
    field: str

    def __str__(self) -> str:
        """The name in our words, and in the file's where it differs."""
        return self.field if self.header == self.field else f'{self.field} (column "{self.header}")'


@dataclass(slots=True)
class ContactRow:
    """What a row says of a contact. `fields` holds texts; `assigned_to` as it stands in the file."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def email(self) -> str | None:
        """The address in its normal form."""
        return self.fields.get("email")

    @property
    def phone(self) -> str | None:
        """The number in E.164."""
        return self.fields.get("phone")


def count_known(header: Iterable[str]) -> int:
    """How many of these names of columns are understood as fields of a contact."""
    return sum(_field_of(name) in _NAMES for name in header)


def read_header(cells: Sequence[str]) -> list[Column]:
    """The columns of a file. Columns without a name at the end of the header are none.

    Raises:
        HeaderError: two columns mean the same, or none says whom a row is about.
    """
    columns = [Column(cell.strip(), _field_of(cell)) for cell in cells]
    while columns and not columns[-1].header:
        columns.pop()
    by_field: dict[str, Column] = {}
    for column in filter(lambda column: column.field, columns):
        if _UNREADABLE.search(column.header):
            raise HeaderError("is no text: its first line has characters that stand for nothing")
        if other := by_field.get(column.field):
            raise HeaderError(
                f'has two columns, "{other.header}" and "{column.header}", for {column.field}'
            )
        by_field[column.field] = column
    if not by_field.keys() & {"email", "phone"}:
        raise HeaderError(
            "has no column for an e-mail address or a phone number in its first line, such as "
            "'email' or 'phone'"
        )
    if len(by_field.keys() - _NAMES.keys()) > MAX_CUSTOM_FIELDS:
        raise HeaderError(f"has more than {MAX_CUSTOM_FIELDS} columns of custom fields")
    return columns


def read_row(columns: Sequence[Column], line: int, cells: Sequence[str]) -> ContactRow:
    """What a row says.

    Raises:
        RowError: a value breaks the rules of its field, or nothing says whom the row is about.
    """
    beyond = [cell for cell in cells[len(columns) :] if cell.strip()]
    if beyond or len(cells) < len(columns):
        raise RowError(f"has {len(cells)} cells where the header has {len(columns)}")
    row, problems = ContactRow(line), []
    for column, cell in zip(columns, cells, strict=False):
        try:
            _take(row, column, cell.strip())
        except ValueError as error:
            reason = str(error).removeprefix(f"contact.{column.field}: ")
            problems.append(f"{column}: {reason}")
    if not problems and not row.email and not row.phone:
        problems.append("email, phone: one is needed, to know the contact again")
    if problems:
        raise RowError("; ".join(problems))
    return row


def _field_of(header: str) -> str:
    name = header.strip()
    if field := _FIELDS.get(_NOT_OF_A_WORD.sub("", name.lower())):
        return field
    if name.lower().startswith(_CUSTOM):
        key = name[len(_CUSTOM) :].strip()
        if len(key) <= MAX_KEY and _KEY.fullmatch(key):
            return f"{_CUSTOM}{key}"
    key = _NOT_OF_A_WORD.sub("_", name.lower().removeprefix(_CUSTOM)).strip("_")[:MAX_KEY]
    return f"{_CUSTOM}{key}" if key else ""


def _take(row: ContactRow, column: Column, text: str) -> None:
    """Note what one cell says. Raises ValueError."""
    if not text:
        return
    if _UNREADABLE.search(text):
        raise ValueError("contains what is no character in the file's encoding")
    match column.field:
        case "":
            raise FieldError("has a value, and its column no name")
        case "tags":
            row.tags = _tags(text)
        case "assigned_to":
            row.fields["assigned_to"] = text
        case flag if flag in FLAGS:
            if _truth(text):
                row.flags.add(flag)
        case custom if custom.startswith(_CUSTOM):
            row.custom[custom.removeprefix(_CUSTOM)] = str(coerce("contact", custom, text))
        case name if (
            len(text) > MAX_CUSTOM_TEXT
        ):  # before anybody looks for a number or an address in it
            raise FieldError(f"longer than {MAX_CUSTOM_TEXT} characters")
        case name:
            row.fields[name] = str(coerce("contact", name, text))


def _tags(text: str) -> list[str]:
    tags = list(dict.fromkeys(filter(None, map(str.strip, re.split("[;,]", text)))))
    if len(tags) > MAX_TAGS:
        raise ValueError(f"more than {MAX_TAGS} tags")
    if any(len(tag) > MAX_TAG for tag in tags):
        raise ValueError(f"a tag is longer than {MAX_TAG} characters")
    return tags


def _truth(text: str) -> bool:
    word = text.lower()
    if word in _YES | _NO:
        return word in _YES
    raise ValueError(f"{text[:20]!r} is neither yes nor no")
