"""The variables that a message may use.

The short names, the public fields of the contact and of the project, and, open-ended, custom fields
and the properties of the event that enrolled the contact.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

SHORT_NAMES: Final = frozenset(
    {
        "first_name",
        "last_name",
        "contact_name",
        "company_name",
        "user_name",
        "user_phone",
        "estimate_amount",
        "monthly_payment",
        "review_link",
        "calendar_link",
        "booking_link",
        "unsubscribe_link",
    }
)

PUBLIC_FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "contact": frozenset(
            {
                "first_name",
                "last_name",
                "email",
                "phone",
                "stage",
                "tags",
                "timezone",
                "state",
                "postal_code",
                "created_at",
            }
        ),
        "project": frozenset({"name", "stage", "estimate_amount", "monthly_payment", "created_at"}),
    }
)
"""What of a contact and of a project may be shown to the recipient."""

ALL_NAMED: Final = SHORT_NAMES | {
    f"{entity}.{field}" for entity, fields in PUBLIC_FIELDS.items() for field in fields
}
"""Every variable with a fixed name."""

_OPEN = frozenset({"custom", "event"})
_PARTS = ("size", "first", "last")


def variable_name(segments: Sequence[object]) -> str | None:
    """The variable that a path such as `["project", "custom", "roof", "size"]` reads.

    Returns:
        Its name (`project.custom.roof`), or None where there is no such variable.
    """
    match segments:
        case [str(name), *rest] if name in SHORT_NAMES:
            return name if _reads_a_value(rest) else None
        case [str(scope), str(key), *rest] if scope in _OPEN:
            return f"{scope}.{key}" if _is_literal(rest) else None
        case ["contact" | "project" as entity, "custom", str(key), *rest]:
            return f"{entity}.custom.{key}" if _is_literal(rest) else None
        case ["contact" | "project" as entity, str(field), *rest]:
            known = field in PUBLIC_FIELDS[entity] and _reads_a_value(rest)
            return f"{entity}.{field}" if known else None
    return None


def similar_variable(name: str) -> str | None:
    """The known variable that somebody who wrote `name` probably meant."""
    return next(iter(get_close_matches(name, sorted(ALL_NAMED), n=1, cutoff=0.75)), None)


def _reads_a_value(rest: Sequence[object]) -> bool:
    """A plain value or a list of them has a size, ends and places, and nothing further down."""
    return not rest or (len(rest) == 1 and (isinstance(rest[0], int) or rest[0] in _PARTS))


def _is_literal(rest: Sequence[object]) -> bool:
    """Only a path that is known beforehand can be checked: no `custom[event.key]`."""
    return all(isinstance(step, str | int) for step in rest)
