"""How many messages of campaigns go out in a calendar day: a company's, and those to one contact.

A company sets these caps itself; the one on texts is the law's (`domain.text_cap`). What a cap keeps back waits for
the next day and is not dropped. What a person of the company writes by hand is no campaign's, and does not count.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Hold:
    """The step goes out no earlier than `until`; `why` is for people."""

    until: datetime
    why: str


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day that the calendar of the zone shows at that moment."""
    return at.astimezone(zone).date()


def day_bounds(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of the zone's day, and that of the next day, in UTC."""
    day = day_of(at, zone)
    return _start(day, zone), _start(day + timedelta(days=1), zone)


def hold_by_company(cap: int, at: datetime, zone: ZoneInfo) -> Hold:
    """What to do with a message when the company's `cap` messages of the day are sent."""
    _, tomorrow = day_bounds(at, zone)
    return Hold(tomorrow, f"the company's cap of {cap} a day is reached")


def hold_by_contact(cap: int, sent: int, ahead: int, at: datetime, zone: ZoneInfo) -> Hold | None:
    """What to do with a message to a contact who has been `sent` so many today; None if it may go.

    `ahead` more are due today in campaigns of a higher priority: it leaves them their places.
    """
    if sent + ahead < cap:
        return None
    _, tomorrow = day_bounds(at, zone)
    counted = f"{sent} sent"
    if sent < cap:
        counted += f", {ahead} due today in campaigns of higher priority"
    return Hold(tomorrow, f"the contact's cap of {cap} a day is reached ({counted})")


def _start(day: date, zone: ZoneInfo) -> datetime:
    """Midnight, the first of two; where the clock skips it, the moment at which it does (PEP 495)."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
