"""What the homeowners of `make demo` do about the messages they get, through the sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

READING_SECONDS = 2.5
"""Real ones: whoever opens within 2 seconds of the send is taken for a machine."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done about a message: `POST /messages/{id}/{path}` in the sandbox."""

    told: str
    path: str
    body: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the company's own people note: `POST /api/events`."""

    told: str
    name: str
    properties: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody does about the message of one step, and whether the campaign ends with it."""

    does: tuple[Deed | Event, ...]
    leaves: bool = False


OPEN = Deed("opens it", "open")
CLICK = Deed("clicks the link", "click")

HABITS: Mapping[tuple[str, str], Habit] = {
    ("Ann", "welcome"): Habit((OPEN, CLICK)),
    ("Ann", "insured"): Habit(
        (OPEN, Event("buys a roof for $18,400", "deal_won", {"amount": 18400}))
    ),
    ("Ben", "nudge"): Habit(
        (Deed("replies: “Call me after five”", "reply", {"body": "Call me after five"}),),
        leaves=True,
    ),
    ("Cleo", "nudge"): Habit((Deed("texts STOP", "reply", {"body": "STOP"}),), leaves=True),
    ("Dan", "welcome"): Habit((OPEN,)),
    ("Finn", "insured"): Habit((OPEN, Deed("unsubscribes", "unsubscribe")), leaves=True),
    ("Hana", "welcome"): Habit(
        (OPEN, CLICK, Event("books an inspection", "appointment_scheduled")), leaves=True
    ),
}
"""By first name and step."""


def message_id(execution: Json) -> str | None:
    """What the provider called the message that a step sent, which is its id in the sandbox."""
    result = execution["result_data"] or {}
    return result.get("email_id") or result.get("sms_id")
