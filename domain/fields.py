"""The fields of contacts, projects and enrollments: their types, who may write them, and how.

`find_field` serves the conditions; `check_writable` and `coerce` serve `update_field`; the
normalisers serve the API's contact input too, so that a value has one form however it arrived.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email

Entity = Literal["contact", "project"]

MAX_TEXT: Final = 255
"""Characters of a text field."""
MAX_CUSTOM_TEXT: Final = 2000
"""Characters of a text in a custom field."""
MAX_MONEY: Final = Decimal("9999999999.99")
"""What a numeric(12, 2) column holds."""


class FieldError(ValueError):
    """A field that does not exist or may not be written, or a value that it cannot take."""


class Kind(StrEnum):
    """What a field holds. `any` is a custom field or an event property: what came is what is."""

    TEXT = "text"
    TEXTS = "list of text"
    ID = "id"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    MONEY = "money"
    DATETIME = "datetime"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that conditions may ask for.

    Attributes:
        name: As conditions write it, `project.custom.roof_age`.
        path: Where it lies in the facts, `("project", "custom", "roof_age")`.
        kind: The type of its values.
    """

    name: str
    path: tuple[str, ...]
    kind: Kind


_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "contact.first_name": Kind.TEXT,
        "contact.last_name": Kind.TEXT,
        "contact.email": Kind.TEXT,
        "contact.phone": Kind.TEXT,
        "contact.stage": Kind.TEXT,
        "contact.tags": Kind.TEXTS,
        "contact.timezone": Kind.TEXT,
        "contact.state": Kind.TEXT,
        "contact.postal_code": Kind.TEXT,
        "contact.assigned_to": Kind.ID,
        "contact.email_opt_out": Kind.BOOLEAN,
        "contact.sms_opt_out": Kind.BOOLEAN,
        "contact.sms_consent": Kind.BOOLEAN,
        "contact.created_at": Kind.DATETIME,
        "contact.updated_at": Kind.DATETIME,
        "project.name": Kind.TEXT,
        "project.stage": Kind.TEXT,
        "project.estimate_amount": Kind.MONEY,
        "project.monthly_payment": Kind.MONEY,
        "project.contact_id": Kind.ID,
        "project.created_at": Kind.DATETIME,
        "project.updated_at": Kind.DATETIME,
        "enrollment.steps_completed": Kind.INTEGER,
        "enrollment.emails_sent": Kind.INTEGER,
        "enrollment.emails_opened": Kind.INTEGER,
        "enrollment.emails_clicked": Kind.INTEGER,
        "enrollment.sms_sent": Kind.INTEGER,
        "enrollment.sms_replied": Kind.INTEGER,
        "enrollment.tasks_created": Kind.INTEGER,
        "enrollment.replied": Kind.BOOLEAN,
        "enrollment.goal_achieved": Kind.BOOLEAN,
        "enrollment.revenue_attributed": Kind.MONEY,
        "enrollment.enrolled_at": Kind.DATETIME,
        "enrollment.enrollment_source": Kind.TEXT,
        "event.event_name": Kind.TEXT,
    }
)
FIELD_NAMES: Final = frozenset(_KINDS)
"""Every field with a fixed name; beyond them `custom.*`, `project.custom.*` and `event.*`."""
_ALIASES: Final = {"replied": "enrollment.replied"}

_WRITABLE: Final[Mapping[Entity, frozenset[str]]] = MappingProxyType(
    {
        "contact": frozenset(
            {
                "first_name",
                "last_name",
                "email",
                "phone",
                "stage",
                "timezone",
                "state",
                "postal_code",
                "assigned_to",
            }
        ),
        "project": frozenset({"name", "stage", "estimate_amount", "monthly_payment"}),
    }
)

_LENGTHS: Final = {"stage": 100, "state": 100, "postal_code": 20}
"""Where it is not MAX_TEXT."""

_KEY = re.compile(r"[\w -]{1,100}")
_OPEN_SCOPES = ("project.custom.", "contact.custom.", "custom.", "event.")
_LETTERS = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"(?:x|ext|extn|extension)[.:]?\s*\d{1,7}$", re.IGNORECASE)
_MONEY = re.compile(r"\$?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)


def find_field(name: str) -> Field | None:
    """Look a field up by its name; None where there is no such field.

    `contact.custom.x` is another spelling of `custom.x`, and `replied` of `enrollment.replied`:
    whether the contact has replied since it enrolled. What follows `custom.` or `event.` may go down
    into an object: `event.address.city`.
    """
    name = _ALIASES.get(name, name)
    if name in _KINDS:
        return Field(name, tuple(name.split(".")), _KINDS[name])
    if not name.startswith(_OPEN_SCOPES):
        return None
    name = name.removeprefix("contact.")
    path = tuple(name.split("."))
    return Field(name, path, Kind.ANY) if all(map(_KEY.fullmatch, path)) else None


def is_empty(value: object) -> bool:
    """Whether a value says nothing: none, blank text, an empty list or object. 0 and false do."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | dict) and not value)


def check_writable(entity: Entity, field: str) -> None:
    """Refuse a field that `update_field` may not write.

    Raises:
        FieldError: The field is unknown, or is none of the campaign's business: identity, tenant,
            consent and opt-outs, times; and tags, which have a step of their own.
    """
    if field in _WRITABLE[entity] or _custom_key(field):
        return
    if (entity, field) == ("contact", "tags"):
        raise FieldError("tags are changed by a manage_tags step")
    why = "may not be changed by a step" if f"{entity}.{field}" in _KINDS else "is unknown"
    raise FieldError(f"{entity}.{field} {why}")


def coerce(entity: Entity, field: str, value: object) -> object:
    """Turn a value into what the field stores. None and blank text clear the field.

    Returns:
        `str`, `Decimal` with two decimals (money), `UUID` (`assigned_to`), any plain value for a
        custom field, or None.

    Raises:
        FieldError: The field may not be written, or cannot hold the value.
    """
    check_writable(entity, field)
    if is_empty(value):
        if (entity, field) == ("project", "name"):
            raise FieldError("project.name cannot be empty")
        return None
    try:
        return _coerce(entity, field, value)
    except ValueError as error:
        raise FieldError(f"{entity}.{field}: {error}") from error


def _coerce(entity: Entity, field: str, value: object) -> object:
    if _custom_key(field):
        return _custom(value)
    kind = _KINDS[f"{entity}.{field}"]
    if kind is Kind.MONEY:
        return parse_money(value)
    if kind is Kind.ID:
        return value if isinstance(value, UUID) else UUID(_text(value))
    match field:
        case "email":
            return normalise_email(_text(value))
        case "phone":
            return normalise_phone(_text(value))
        case "timezone":
            return check_timezone(_text(value))
        case _:
            return _text(value, limit=_LENGTHS.get(field, MAX_TEXT))


def normalise_email(value: str) -> str:
    """The address in lower case, in its normal form. Looks up no DNS.

    Raises:
        ValueError: It is not an e-mail address.
    """
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(f"not an e-mail address: {error}") from error


def normalise_phone(value: str) -> str:
    """The number in E.164; one without a country code is American.

    Only the length is judged: ranges open faster than libphonenumber's tables are released, and
    the carrier is the judge of what is in use. An extension is dropped; other letters are refused,
    which libphonenumber would dial as the keys they stand on.

    Raises:
        ValueError: It is not a phone number.
    """
    if _LETTERS.search(_EXTENSION.sub("", value.strip())):
        raise ValueError("not a phone number: it has letters in it")
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("not a phone number: it has too few or too many digits")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_timezone(value: str) -> str:
    """The name of a time zone, as it stands in the IANA database.

    Raises:
        ValueError: The database has no such zone.
    """
    if value not in _timezones():
        raise ValueError(f"{value[:64]!r} is not a time zone; give a name like 'America/Chicago'")
    return value


def parse_money(value: object) -> Decimal:
    """An amount in dollars, not negative, with two decimals. Takes `12000`, `"$12,000.50"`.

    Raises:
        ValueError: It is not such an amount.
    """
    match value:
        case str():
            text = value.strip()
        case int() | float() | Decimal() if not isinstance(value, bool):
            text = f"{Decimal(str(value)):f}"
        case _:
            text = ""
    if not _MONEY.fullmatch(text):
        raise ValueError("not an amount of money: digits with at most two decimals")
    amount = Decimal(text.lstrip("$").replace(",", ""))
    if amount > MAX_MONEY:
        raise ValueError(f"more than {MAX_MONEY:,}")
    return amount.quantize(Decimal("0.01"))


def _custom_key(field: str) -> bool:
    return field.startswith("custom.") and bool(_KEY.fullmatch(field.removeprefix("custom.")))


def _custom(value: object) -> object:
    if isinstance(value, str):
        return _text(value, limit=MAX_CUSTOM_TEXT)
    if isinstance(value, bool | int) or (isinstance(value, float) and abs(value) < float("inf")):
        return value
    raise ValueError("a custom field takes a text, a number or true or false")


def _text(value: object, *, limit: int = MAX_TEXT) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")  # noqa: TRY004 callers answer for one kind of error
    text = value.strip()
    if len(text) > limit:
        raise ValueError(f"longer than {limit} characters")
    if "\0" in text:
        raise ValueError("contains a NUL character")
    return text


@cache
def _timezones() -> frozenset[str]:
    # Debian lists these two beside the zones; neither names a place.
    return frozenset(available_timezones() - {"localtime", "Factory"})
