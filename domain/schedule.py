"""When a step of one enrollment runs: its delay, then the windows that hold for what it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from domain import why
from domain.calendar import (
    BusinessHours,
    Holidays,
    Window,
    business_window,
    closes,
    due,
    known_zone,
    next_opening,
    schedule_zone,
)
from domain.enums import DelayUnit, StepType
from domain.flow import Step
from domain.step_configs import Wait
from domain.texting_hours import texting_windows

REACHES_A_PERSON = frozenset(
    {StepType.SEND_EMAIL, StepType.SEND_SMS, StepType.CREATE_TASK, StepType.NOTIFY}
)
"""The steps that business hours hold back; the others run when they are due."""

_CALENDAR_UNITS = (DelayUnit.DAYS, DelayUnit.WEEKS)

CROWD = 100
"""Where more enrollments of a tenant than this are due at once, they are spread."""

_HOLIDAYS: TypeAdapter[Holidays] = TypeAdapter(Holidays)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The calendar of one enrollment: `zone` counts its days, windows say when it may reach out."""

    zone: ZoneInfo
    business: Window | None
    texting: tuple[Window, ...]

    def windows(self, step_type: StepType) -> tuple[Window, ...]:
        """The windows in which such a step may run; none means always."""
        business = (self.business,) if self.business and step_type in REACHES_A_PERSON else ()
        return business + (self.texting if step_type is StepType.SEND_SMS else ())

    def due(self, step: Step, since: datetime) -> datetime:
        """When the step's delay has passed, counted from the end of the step before."""
        return due(since, step.delay_value, step.delay_unit, self.zone)

    def opening(self, step_type: StepType, at: datetime) -> datetime | None:
        """`at`, or the next moment at which such a step may run; None if there is none in 14 days."""
        return next_opening(at, self.windows(step_type))

    def closing(self, step_type: StepType, at: datetime) -> datetime | None:
        """When the windows that are open at `at` close; None if they never do."""
        windows = self.windows(step_type)
        return closes(at, windows) if windows else None

    def local(self, at: datetime) -> str:
        """A time as people of the company read it, with its zone."""
        return why.moment(at, self.zone)


def goes_by_hours(step: Step) -> bool:
    """Whether business hours and holidays decide when the step runs."""
    return step.step_type in REACHES_A_PERSON


def goes_by_zone(step: Step) -> bool:
    """Whether the zone does: it has hours, or counts in calendar days."""
    config = step.config
    limit = config.until.timeout.delay_unit if isinstance(config, Wait) and config.until else None
    return (
        goes_by_hours(step)
        or limit in _CALENDAR_UNITS
        or (step.delay_value > 0 and step.delay_unit in _CALENDAR_UNITS)
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """What of a contact decides when it may be reached."""

    timezone: str | None = None
    state: str | None = None
    postal_code: str | None = None
    phone: str | None = None


def schedule(
    *,
    respect_business_hours: bool,
    business_hours: Mapping[str, Any] | None,
    holidays: object,
    tenant_timezone: str,
    recipient: Recipient,
) -> Schedule:
    """The schedule of a contact in a campaign."""
    hours = BusinessHours.model_validate(business_hours) if business_hours else None
    zone = schedule_zone(
        hours, tenant=ZoneInfo(tenant_timezone), contact=known_zone(recipient.timezone)
    )
    business = (
        business_window(hours, _HOLIDAYS.validate_python(holidays), zone)
        if respect_business_hours
        else None
    )
    return Schedule(zone, business, _texting(recipient))


@lru_cache(maxsize=4096)
def _texting(recipient: Recipient) -> tuple[Window, ...]:
    return texting_windows(
        timezone=recipient.timezone,
        state=recipient.state,
        postal_code=recipient.postal_code,
        phone=recipient.phone,
    )


def spread(enrollment: int, crowd: int, rate: float) -> timedelta:
    """How long after the opening this enrollment of a crowd goes.

    By a hash of the enrollment, evenly over the time that the provider's `rate` a second needs for
    all of the crowd, so that the first is not later for the last.
    """
    if crowd <= CROWD:
        return timedelta(0)
    # Knuth's multiplicative hash: neighbouring ids land far apart.
    share = (enrollment * 2_654_435_761 % 2**32) / 2**32
    return timedelta(seconds=share * crowd / rate)
