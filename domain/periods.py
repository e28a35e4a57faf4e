"""Ranges of days, and the moments at which they begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from domain.errors import Invalid

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""What is said to have happened before is counted here."""

FIRST: Final = datetime.min.replace(tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a zone, the first and the last included; None is without a bound.

    Raises:
        Invalid: it ends before it starts.
    """

    first: date | None
    last: date | None
    timezone: str

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise Invalid.field("to", "is before from")

    @property
    def starts_at(self) -> datetime:
        """When the first day begins; without a bound, `FIRST`."""
        return self._midnight(self.first) if self.first else FIRST

    @property
    def ends_at(self) -> datetime:
        """When the day after the last one begins; without a bound, `LAST`."""
        return self._midnight(self.last + timedelta(days=1)) if self.last else LAST

    @property
    def offsets(self) -> Sequence[tuple[datetime, timedelta]]:
        """How far the zone's clocks are ahead of UTC, from each of these moments on: from 1970 to 2100."""
        return _offsets(self.timezone)

    @property
    def grain(self) -> Literal["hour", "quarter"]:
        """What makes up the days of the zone."""
        hour = timedelta(hours=1)
        return "quarter" if any(ahead % hour for _, ahead in self.offsets) else "hour"

    def _midnight(self, day: date) -> datetime:
        # Where a change of clock leaves midnight out, this is the moment of the change; of two it is the first.
        return datetime.combine(day, time(), ZoneInfo(self.timezone)).astimezone(UTC)


@cache
def _offsets(timezone: str) -> Sequence[tuple[datetime, timedelta]]:
    zone = ZoneInfo(timezone)

    def ahead(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    # PostgreSQL reckons the days of a whole table with these, and `zoneinfo` does not name its changes.
    found = [(EPOCH, ahead(EPOCH))]
    # No zone has changed its clocks twice within six days since 1970.
    step = timedelta(days=6)
    for number in range(1, 130 * 61):
        after = EPOCH + number * step
        before, old, new = after - step, found[-1][1], ahead(after)
        if new == old:
            continue
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // 2
            before, after = (middle, after) if ahead(middle) == old else (before, middle)
        found.append((after.replace(microsecond=0), new))
    return found
