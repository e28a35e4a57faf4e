"""What texts, conditions and triggers may name, in plain English, for those who write them in an editor.

What there is is decided where it is checked (`domain.variables`, `domain.fields`, `domain.condition_parsing`); here it
only gets its words.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.condition_parsing import OPERATORS, takes
from domain.condition_tree import Operator, Takes
from domain.enums import EnrollmentSource
from domain.fields import Entity, Field, Kind, find_field
from domain.variables import variable_name


@dataclass(frozen=True, slots=True)
class Variable:
    """What may stand between braces in a text: `{{ name }}`."""

    name: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class ConditionField:
    """What a condition may ask for. `values` are all that it can hold, where they are few."""

    name: str
    label: str
    type: Kind
    operators: Sequence[Operator]
    values: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """What triggers listen to."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ConditionOperator:
    """How a condition compares, and with what."""

    name: Operator
    label: str
    takes: Takes


CustomNames = Mapping[Entity, Collection[str]]
"""The names of the custom fields of contacts and of projects."""

VARIABLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "first_name": ("First name", "Contact"),
        "last_name": ("Last name", "Contact"),
        "contact_name": ("Full name", "Contact"),
        "contact.email": ("E-mail address", "Contact"),
        "contact.phone": ("Phone number", "Contact"),
        "contact.stage": ("Stage", "Contact"),
        "contact.tags": ("Tags", "Contact"),
        "contact.state": ("State", "Contact"),
        "contact.postal_code": ("ZIP code", "Contact"),
        "contact.timezone": ("Time zone", "Contact"),
        "contact.created_at": ("Contact since", "Contact"),
        "project.name": ("Project name", "Project"),
        "project.stage": ("Project stage", "Project"),
        "estimate_amount": ("Estimate", "Project"),
        "monthly_payment": ("Monthly payment", "Project"),
        "project.created_at": ("Project created", "Project"),
        "company_name": ("Company name", "Company"),
        "user_name": ("Name of the assigned user", "Company"),
        "user_phone": ("Phone of the assigned user", "Company"),
        "review_link": ("Review link", "Links"),
        "calendar_link": ("Calendar link", "Links"),
        "booking_link": ("Booking link", "Links"),
        "unsubscribe_link": ("Unsubscribe link", "Links"),
    }
)
"""The label and the group of each variable with a fixed name."""

SYNONYMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contact.first_name": "first_name",
        "contact.last_name": "last_name",
        "project.estimate_amount": "estimate_amount",
        "project.monthly_payment": "monthly_payment",
    }
)
"""Variables that are another one's second name, and are not offered."""

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contact.first_name": "First name",
        "contact.last_name": "Last name",
        "contact.email": "E-mail address",
        "contact.phone": "Phone number",
        "contact.stage": "Stage",
        "contact.tags": "Tags",
        "contact.state": "State",
        "contact.postal_code": "ZIP code",
        "contact.timezone": "Time zone",
        "contact.assigned_to": "Assigned user",
        "contact.email_opt_out": "Has opted out of e-mail",
        "contact.sms_opt_out": "Has opted out of texts",
        "contact.sms_consent": "Has agreed to texts",
        "contact.created_at": "Contact since",
        "contact.updated_at": "Contact last changed",
        "project.name": "Project name",
        "project.stage": "Project stage",
        "project.estimate_amount": "Estimate",
        "project.monthly_payment": "Monthly payment",
        "project.contact_id": "Contact of the project",
        "project.created_at": "Project created",
        "project.updated_at": "Project last changed",
        "enrollment.steps_completed": "Steps completed",
        "enrollment.emails_sent": "E-mails sent",
        "enrollment.emails_opened": "E-mails opened",
        "enrollment.emails_clicked": "E-mails clicked",
        "enrollment.sms_sent": "Texts sent",
        "enrollment.sms_replied": "Texts replied to",
        "enrollment.tasks_created": "Tasks created",
        "enrollment.replied": "Has replied",
        "enrollment.goal_achieved": "Has reached the goal",
        "enrollment.revenue_attributed": "Revenue",
        "enrollment.enrolled_at": "Enrolled at",
        "enrollment.enrollment_source": "How it was enrolled",
        "event.event_name": "Name of the event",
    }
)
"""The label of each field with a fixed name."""

EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contact_created": "A contact is added",
        "contact_updated": "A contact changes",
        "contact_stage_changed": "A contact enters a stage",
        "tag_added": "A tag is added to a contact",
        "tag_removed": "A tag is taken off a contact",
        "contact_unsubscribed": "A contact opts out",
        "project_created": "A project is added",
        "project_updated": "A project changes",
        "project_stage_changed": "A project enters a stage",
        "activity_created": "A task is created",
        "activity_completed": "A task is completed",
        "email_opened": "An e-mail is opened",
        "email_clicked": "A link in an e-mail is clicked",
        "email_replied": "A contact replies to an e-mail",
        "email_bounced": "An e-mail bounces",
        "email_complained": "An e-mail is reported as spam",
        "sms_replied": "A contact replies to a text",
        "appointment_scheduled": "An appointment is scheduled",
        "deal_won": "A deal is won",
        "review_received": "A review is received",
    }
)
"""The label of each event that the system raises or takes for a goal. Clients send others, too."""

OPERATOR_LABELS: Final[Mapping[Operator, str]] = MappingProxyType(
    {
        Operator.EQUALS: "is",
        Operator.NOT_EQUALS: "is not",
        Operator.GREATER_THAN: "is more than",
        Operator.GREATER_OR_EQUAL: "is at least",
        Operator.LESS_THAN: "is less than",
        Operator.LESS_OR_EQUAL: "is at most",
        Operator.CONTAINS: "contains",
        Operator.NOT_CONTAINS: "does not contain",
        Operator.STARTS_WITH: "starts with",
        Operator.ENDS_WITH: "ends with",
        Operator.IN: "is one of",
        Operator.NOT_IN: "is none of",
        Operator.IS_SET: "is known",
        Operator.IS_NOT_SET: "is not known",
        Operator.BEFORE: "is before",
        Operator.AFTER: "is after",
        Operator.WITHIN_LAST_DAYS: "is within the last days",
    }
)

_VALUES: Final = {"enrollment.enrollment_source": tuple(EnrollmentSource)}
_OF_CUSTOM: Final[Mapping[Entity, tuple[str, str]]] = {
    "contact": ("custom", "Custom fields"),
    "project": ("project.custom", "Custom fields of the project"),
}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def variables(custom: CustomNames) -> list[Variable]:
    """Those with a fixed name, then the custom fields."""
    fixed = [Variable(name, label, group) for name, (label, group) in VARIABLES.items()]
    return [*fixed, *_custom_variables(custom)]


def fields(custom: CustomNames) -> list[ConditionField]:
    """Those with a fixed name, then the custom fields."""
    fixed = [_field(found, label) for name, label in FIELDS.items() if (found := find_field(name))]
    return [*fixed, *_custom_fields(custom)]


def events(names: Collection[str]) -> list[KnownEvent]:
    """The system's, then others that the company has: `names`, in the order of the alphabet."""
    own = sorted(set(names) - EVENTS.keys())
    labels = {**EVENTS, **{name: _words(name) for name in own}}
    return [KnownEvent(name, label) for name, label in labels.items()]


def operators() -> list[ConditionOperator]:
    """All of them."""
    return [
        ConditionOperator(operator, label, takes(operator))
        for operator, label in OPERATOR_LABELS.items()
    ]


def _field(field: Field, label: str) -> ConditionField:
    allowed = [operator for operator in Operator if operator in OPERATORS[field.kind]]
    return ConditionField(field.name, label, field.kind, allowed, _VALUES.get(field.name))


def _custom_variables(custom: CustomNames) -> Iterator[Variable]:
    for entity, (scope, group) in _OF_CUSTOM.items():
        for key in sorted(custom.get(entity, ())):
            if (name := _path(scope, key)) and variable_name([*scope.split("."), key]):
                yield Variable(name, _words(key), group)


def _custom_fields(custom: CustomNames) -> Iterator[ConditionField]:
    for entity, (scope, _) in _OF_CUSTOM.items():
        for key in sorted(custom.get(entity, ())):
            field = find_field(f"{scope}.{key}")
            # A name with a dot in it means something within an object.
            if field and field.path == (*scope.split("."), key):
                of = " of the project" if entity == "project" else ""
                yield _field(field, _words(key) + of)


def _path(scope: str, key: str) -> str | None:
    """How a template reads a key: `custom.roof_age`, `custom["roof age"]`; None where it cannot."""
    if _IDENTIFIER.fullmatch(key):
        return f"{scope}.{key}"
    return f'{scope}["{key}"]' if not set('"\\{}').intersection(key) else None


def _words(name: str) -> str:
    """`roof_age` as `Roof age`."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:] or name
