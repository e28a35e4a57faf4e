"""When a step is due and when it may reach a person.

Two ideas. A delay is measured (`due`): elapsed time for minutes and hours, calendar days for days
and weeks. A `Window` says when something may happen: opening hours on a local wall clock. A message
goes out at the first moment at which all of its windows are open (`next_opening`): the campaign's
business hours and, for texts, the law's (`domain.texting_hours`).

Whether a window is open is decided by the wall clock, the weekday and the offset of its zone at the
moment in question, never by those of UTC or of today. Results are in UTC.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from holidays import country_holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from domain.enums import DelayUnit

Day = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
DAYS: tuple[Day, ...] = get_args(Day)

HORIZON = timedelta(days=14)
"""How far ahead an opening is looked for: a step that finds none within it is skipped."""

_DAY = timedelta(days=1)
_REFERENCE_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def known_zone(name: str | None) -> ZoneInfo | None:
    """Return the zone with this IANA name, None for any other text.

    The names are those of the `tzdata` package, so that machines agree: `ZoneInfo` alone takes
    whatever file lies below the system's zone directory, such as `localtime`.
    """
    return ZoneInfo(name) if name in _zone_names() else None


class BusinessHours(BaseModel):
    """The hours and days in which a campaign reaches people, on the clock of `timezone`.

    `start` and `end` are hours: 17.5 is half past five, and `end` 24 is midnight. `timezone` is an
    IANA name, or `contact` for the contact's own; without it, it is the tenant's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: float = Field(strict=True, allow_inf_nan=False, ge=0, le=24)
    end: float = Field(strict=True, allow_inf_nan=False, ge=0, le=24)
    days: tuple[Day, ...]
    timezone: str | None = None

    @field_validator("end")
    @classmethod
    def _end_after_start(cls, end: float, info: ValidationInfo) -> float:
        if end <= info.data.get("start", -1):
            raise PydanticCustomError("end_before_start", "The end must be later than the start")
        return end

    @field_validator("days", mode="before")
    @classmethod
    def _some_days(cls, days: object) -> object:
        if not isinstance(days, list | tuple) or not days:
            raise PydanticCustomError("no_days", "Name at least one day, as a list: Mon … Sun")
        return days

    @field_validator("days")
    @classmethod
    def _each_day_once(cls, days: tuple[Day, ...]) -> tuple[Day, ...]:
        if len(set(days)) < len(days):
            raise PydanticCustomError("day_twice", "Name each day once")
        return days

    @field_validator("timezone")
    @classmethod
    def _existing_zone(cls, timezone: str | None) -> str | None:
        if timezone not in (None, "contact") and known_zone(timezone) is None:
            raise PydanticCustomError(
                "unknown_timezone",
                "Not a time zone: use a name such as America/Chicago, or contact",
            )
        return timezone


DEFAULT_BUSINESS_HOURS = BusinessHours(start=9, end=17, days=DAYS[:5])
"""The hours of a campaign that has none of its own."""


def schedule_zone(
    hours: BusinessHours | None, *, tenant: ZoneInfo, contact: ZoneInfo | None
) -> ZoneInfo:
    """Return the zone in which a campaign's calendar days and business hours are counted."""
    if hours is None or hours.timezone is None:
        return tenant
    if hours.timezone == "contact":
        return contact or tenant
    return ZoneInfo(hours.timezone)


def _read_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]  # anything else is a TypeError
    except (TypeError, ValueError):
        raise PydanticCustomError(
            "not_a_date", "Not a date such as 2026-12-24: {value}", {"value": str(value)[:40]}
        ) from None


def _read_holidays(value: object) -> object:
    if value is None or value == "us_federal":
        return value
    if isinstance(value, list | tuple):
        return tuple(_read_date(day) for day in value)
    raise PydanticCustomError("holidays", "Use us_federal, or a list of dates such as 2026-12-24")


Holidays: TypeAlias = Annotated[
    Literal["us_federal"] | tuple[date, ...] | None, BeforeValidator(_read_holidays)
]
"""The days on which a campaign reaches nobody: the federal ones, or the tenant's own dates."""


@cache
def _federal_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("US", years=year, observed=True))


def is_holiday(holidays: Holidays, day: date) -> bool:
    """Tell whether the day is a holiday.

    Federal holidays are those of 5 U.S.C. 6103, with the day on which one that falls on a weekend
    is observed.
    """
    if holidays is None:
        return False
    return day in (_federal_holidays(day.year) if holidays == "us_federal" else holidays)


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"a moment needs a time zone: {at.isoformat()}")
    return at.astimezone(UTC)


def due(start: datetime, value: int, unit: DelayUnit, zone: ZoneInfo) -> datetime:
    """Return the moment `value` `unit` after `start`, in UTC.

    Minutes and hours are elapsed time. Days and weeks keep the wall-clock time of `zone`: a time
    that the clock skips moves forward by what was skipped (02:30 becomes 03:30), one that it shows
    twice is the first. Both are what PEP 495 defines for `fold=0`.

    Raises:
        ValueError: `start` has no time zone.
        OverflowError: the moment lies after the year 9999.
    """
    moment = _utc(start)
    if value == 0:
        return moment
    step = timedelta(**{unit.value: value})
    if unit in (DelayUnit.MINUTES, DelayUnit.HOURS):
        return moment + step
    wall = moment.astimezone(zone).replace(tzinfo=None) + step
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _advance(moment: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """Return `moment + step`, or the change of the zone's offset where one comes no later.

    Up to the result the wall clock of `zone` therefore runs without a break. `step` is a day at
    most, in which no zone changes its offset twice.
    """

    def changed(second: int) -> bool:
        return datetime.fromtimestamp(second, zone).utcoffset() != offset

    offset = moment.astimezone(zone).utcoffset()
    later = moment + step
    if later.astimezone(zone).utcoffset() == offset:
        return later
    first = int(moment.timestamp())
    span = range(first, int(later.timestamp()) + 1)
    return datetime.fromtimestamp(span[bisect_left(span, 1, key=changed)], UTC)


@dataclass(frozen=True)
class Window:
    """Opening hours on the wall clock of a zone: closed on holidays, the same every week otherwise.

    `hours` has seven entries, Monday first: `(start, end)` in hours, of which the start belongs to
    the open time and the end does not; None where the day is closed.
    """

    zone: ZoneInfo
    hours: tuple[tuple[float, float] | None, ...]
    holidays: Holidays = None

    def opening(self, at: datetime, horizon: timedelta = HORIZON) -> datetime | None:
        """Return the first moment from `at` on at which it is open, None if beyond the horizon."""
        return next((start for start, is_open in self._states(at, horizon) if is_open), None)

    def closes(self, at: datetime, horizon: timedelta = HORIZON) -> datetime | None:
        """Return the first moment from `at` on at which it is closed, None if beyond the horizon.

        That is `at` itself where it is closed then.
        """
        return next((start for start, is_open in self._states(at, horizon) if not is_open), None)

    def _states(self, at: datetime, horizon: timedelta) -> Iterator[tuple[datetime, bool]]:
        """Yield the moments from `at` on, up to the horizon, from which it is open or closed."""
        moment = _utc(at)
        end = moment + horizon
        while moment <= end:
            wall = moment.astimezone(self.zone).replace(tzinfo=None)
            is_open, lasts = self._state(wall)
            yield moment, is_open
            moment = _advance(moment, lasts, self.zone)

    def _state(self, wall: datetime) -> tuple[bool, timedelta]:
        """Tell whether it is open at a wall-clock time, and for how long, within the day."""
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
        now = wall - midnight
        hours = None if is_holiday(self.holidays, wall.date()) else self.hours[wall.weekday()]
        if hours is not None:
            start, end = timedelta(hours=hours[0]), timedelta(hours=hours[1])
            if now < start:
                return False, start - now
            if now < end:
                return True, end - now
        return False, _DAY - now


def business_window(hours: BusinessHours | None, holidays: Holidays, zone: ZoneInfo) -> Window:
    """Return the window of a campaign's business hours in the zone of `schedule_zone`."""
    hours = hours or DEFAULT_BUSINESS_HOURS
    week = tuple((hours.start, hours.end) if day in hours.days else None for day in DAYS)
    return Window(zone, week, holidays)


def next_opening(
    at: datetime, windows: Sequence[Window], horizon: timedelta = HORIZON
) -> datetime | None:
    """Return the first moment from `at` on at which all windows are open, in UTC.

    None where there is none within the horizon; `at` where there are no windows.
    """
    moment = _utc(at)
    end = moment + horizon
    while True:
        latest = moment
        for window in windows:
            opening = window.opening(latest, end - latest)
            if opening is None:
                return None
            latest = opening
        if latest == moment:
            return moment
        moment = latest


def closes(
    at: datetime, windows: Sequence[Window], horizon: timedelta = HORIZON
) -> datetime | None:
    """Return the first moment from `at` on at which one of the windows is closed, in UTC.

    None where all stay open up to the horizon.
    """
    closings = [window.closes(at, horizon) for window in windows]
    return min((closing for closing in closings if closing is not None), default=None)


def ever_meet(windows: Sequence[Window]) -> bool:
    """Tell whether there is a moment in a year at which all windows are open.

    Holidays are left out, as they do not come every week. The year is a fixed one, walked from
    opening to opening, because zones that change their clocks on different dates may meet in one
    season only; the answer therefore needs no clock and does not change from day to day.
    """
    weekly = [replace(window, holidays=None) for window in windows]
    return next_opening(_REFERENCE_YEAR, weekly, timedelta(days=365)) is not None
