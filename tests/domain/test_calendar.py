"""Delays and send windows, compared with a minute-by-minute reading of wall clocks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.calendar import (
    DAYS,
    Window,
    closes,
    due,
    ever_meet,
    next_opening,
)
from domain.enums import DelayUnit

NEW_YORK = ZoneInfo("America/New_York")
DENVER = ZoneInfo("America/Denver")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
LONDON = ZoneInfo("Europe/London")
AUCKLAND = ZoneInfo("Pacific/Auckland")
HONOLULU = ZoneInfo("Pacific/Honolulu")
APIA = ZoneInfo("Pacific/Apia")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEKDAYS = DAYS[:5]
ALWAYS = ((0.0, 24.0),) * 7

# Days on which something happens to the clock, and ordinary ones in zones with half hours.
CLOCKS = [
    (NEW_YORK, date(2026, 3, 8)),
    (NEW_YORK, date(2026, 11, 1)),
    (LOS_ANGELES, date(2027, 3, 14)),
    (LOS_ANGELES, date(2027, 11, 7)),
    (LORD_HOWE, date(2026, 4, 5)),  # half an hour back
    (LORD_HOWE, date(2026, 10, 4)),  # half an hour on
    (ZoneInfo("Australia/Adelaide"), date(2026, 4, 5)),
    (ZoneInfo("Australia/Adelaide"), date(2026, 10, 4)),
    (AUCKLAND, date(2026, 4, 5)),
    (AUCKLAND, date(2026, 9, 27)),
    (APIA, date(2011, 12, 30)),  # left out, to move across the date line
    (ZoneInfo("America/Havana"), date(2026, 11, 1)),  # 01:00 becomes midnight
    (ZoneInfo("America/Sao_Paulo"), date(2018, 2, 18)),  # midnight becomes 23:00 the day before
    (ZoneInfo("America/Sao_Paulo"), date(2018, 11, 4)),  # the day begins at 01:00
    (ZoneInfo("Asia/Kolkata"), date(2026, 3, 8)),
    (ZoneInfo("Asia/Kathmandu"), date(2026, 3, 8)),
    (HONOLULU, date(2026, 3, 8)),
    (ZoneInfo("UTC"), date(2026, 12, 31)),
]


def local(zone: ZoneInfo, text: str, fold: int = 0) -> datetime:
    """A moment given as a wall-clock time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def window(zone: ZoneInfo, start: float, end: float, days: Sequence[str] = DAYS) -> Window:
    return Window(zone, tuple((start, end) if day in days else None for day in DAYS))


@st.composite
def moments_near(draw: st.DrawFn, day: date) -> datetime:
    """A moment within two days and a half of the day's noon, on a full minute."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return noon + MINUTE * draw(st.integers(-3600, 3600))


@st.composite
def clocks_and_moments(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    zone, day = draw(st.sampled_from(CLOCKS))
    return zone, draw(moments_near(day))


@st.composite
def opening_hours(draw: st.DrawFn) -> tuple[float, float] | None:
    if draw(st.integers(0, 5)) == 0:
        return None
    start = draw(st.integers(0, 95))
    return start / 4, draw(st.integers(start + 1, 96)) / 4


@st.composite
def windows_near(draw: st.DrawFn, zone: ZoneInfo, day: date) -> Window:
    hours = tuple(draw(opening_hours()) for _ in DAYS)
    days_off = st.lists(st.integers(-2, 2).map(lambda n: day + n * DAY), max_size=2)
    return Window(zone, hours, tuple(draw(days_off)))


def reads_open(windows: Sequence[Window], at: datetime) -> bool:
    """The oracle: look at each clock on the wall."""
    for one in windows:
        clock = at.astimezone(one.zone)
        hours = one.hours[clock.weekday()]
        assert not isinstance(one.holidays, str)
        if hours is None or clock.date() in (one.holidays or ()):
            return False
        if not hours[0] * 60 <= clock.hour * 60 + clock.minute < hours[1] * 60:
            return False
    return True


def first_minute(
    windows: Sequence[Window], at: datetime, horizon: timedelta, *, wanted: bool
) -> datetime | None:
    for step in range(int(horizon / MINUTE) + 1):
        if reads_open(windows, at + step * MINUTE) is wanted:
            return at + step * MINUTE
    return None


# Windows


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(CLOCKS))
def test_one_window_opens_and_closes_when_the_wall_clock_says_so(
    data: st.DataObject, clock: tuple[ZoneInfo, date]
) -> None:
    zone, day = clock
    one = data.draw(windows_near(zone, day))
    at = data.draw(moments_near(day))
    horizon = timedelta(days=3)
    assert one.opening(at, horizon) == first_minute([one], at, horizon, wanted=True)
    assert one.closes(at, horizon) == first_minute([one], at, horizon, wanted=False)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.lists(st.sampled_from(CLOCKS), min_size=2, max_size=3))
def test_windows_of_several_zones_open_together_when_every_wall_clock_says_so(
    data: st.DataObject, clocks: list[tuple[ZoneInfo, date]]
) -> None:
    day = clocks[0][1]
    windows = [data.draw(windows_near(zone, day)) for zone, _ in clocks]
    at = data.draw(moments_near(day))
    horizon = timedelta(days=3)
    assert next_opening(at, windows, horizon) == first_minute(windows, at, horizon, wanted=True)
    assert closes(at, windows, horizon) == first_minute(windows, at, horizon, wanted=False)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(CLOCKS))
def test_a_later_start_never_finds_an_earlier_opening(
    data: st.DataObject, clock: tuple[ZoneInfo, date]
) -> None:
    zone, day = clock
    one = data.draw(windows_near(zone, day))
    early, late = sorted([data.draw(moments_near(day)), data.draw(moments_near(day))])
    first, second = one.opening(early, timedelta(days=30)), one.opening(late, timedelta(days=30))
    assume(first is not None and second is not None)
    assert first is not None
    assert second is not None
    assert early <= first <= second
    assert one.opening(first) == first


def test_due_before_the_start_waits_for_the_start_of_that_day() -> None:
    hours = window(DENVER, 9, 17, WEEKDAYS)
    assert hours.opening(local(DENVER, "2026-11-23 08:59:59")) == local(DENVER, "2026-11-23 09:00")


def test_the_end_itself_is_closed_and_the_moment_before_it_is_open() -> None:
    hours = window(DENVER, 9, 17.5, WEEKDAYS)
    last = local(DENVER, "2026-11-23 17:29:59.999999")
    assert hours.opening(last) == last
    assert hours.closes(last) == local(DENVER, "2026-11-23 17:30")
    assert hours.opening(local(DENVER, "2026-11-23 17:30")) == local(DENVER, "2026-11-24 09:00")


def test_friday_evening_waits_for_monday_morning() -> None:
    hours = window(NEW_YORK, 9, 17, WEEKDAYS)
    assert hours.opening(local(NEW_YORK, "2026-11-20 18:00")) == local(NEW_YORK, "2026-11-23 09:00")


def test_the_weekday_is_that_of_the_local_time_not_of_utc() -> None:
    mondays = window(AUCKLAND, 8, 10, ["Mon"])
    sunday_in_utc = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
    assert mondays.opening(sunday_in_utc) == sunday_in_utc
    fridays = window(HONOLULU, 14, 18, ["Fri"])
    saturday_in_utc = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    assert fridays.opening(saturday_in_utc) == saturday_in_utc


def test_the_offset_is_that_of_the_opening_not_of_today() -> None:
    hours = window(NEW_YORK, 9, 17, WEEKDAYS)
    friday_in_summer_time = local(NEW_YORK, "2026-10-30 18:00")
    assert hours.opening(friday_in_summer_time) == datetime(2026, 11, 2, 14, tzinfo=UTC)


def test_an_opening_time_that_the_clock_skips_is_the_first_moment_after() -> None:
    assert window(NEW_YORK, 2.5, 10).opening(local(NEW_YORK, "2026-03-08 00:00")) == local(
        NEW_YORK, "2026-03-08 03:00"
    )


def test_a_window_that_the_clock_skips_does_not_open_that_day() -> None:
    assert window(NEW_YORK, 2, 3).opening(local(NEW_YORK, "2026-03-08 00:00")) == local(
        NEW_YORK, "2026-03-09 02:00"
    )


def test_an_opening_time_that_comes_twice_is_the_first() -> None:
    early = window(NEW_YORK, 1.5, 10)
    assert early.opening(local(NEW_YORK, "2026-11-01 00:00")) == local(NEW_YORK, "2026-11-01 01:30")


def test_a_window_that_ends_within_the_repeated_hour_opens_again_with_it() -> None:
    night = window(NEW_YORK, 0.5, 1.5)
    first_end = local(NEW_YORK, "2026-11-01 01:30")
    again = local(NEW_YORK, "2026-11-01 01:00", fold=1)
    assert night.closes(local(NEW_YORK, "2026-11-01 01:10")) == first_end
    assert night.opening(first_end) == again
    assert night.closes(again) == local(NEW_YORK, "2026-11-01 01:30", fold=1)


def test_a_day_that_the_calendar_skips_has_no_opening() -> None:
    fridays = window(APIA, 9, 17, ["Fri"])
    assert fridays.opening(local(APIA, "2011-12-29 18:00")) == local(APIA, "2012-01-06 09:00")
    daily = window(APIA, 9, 17)
    assert daily.opening(local(APIA, "2011-12-29 18:00")) == local(APIA, "2011-12-31 09:00")


def test_around_the_clock_is_open_at_once_and_does_not_close_within_the_horizon() -> None:
    at = local(LONDON, "2026-10-24 23:59:59")
    always = Window(LONDON, ALWAYS)
    assert always.opening(at) == at
    assert always.closes(at) is None
    assert closes(at, [always]) is None
    assert closes(at, [always, window(LONDON, 0, 24, ["Sat"])]) == local(LONDON, "2026-10-25 00:00")


def test_closed_on_every_day_finds_no_opening() -> None:
    never = Window(LONDON, (None,) * 7)
    assert never.opening(local(LONDON, "2026-11-23 12:00")) is None
    assert next_opening(local(LONDON, "2026-11-23 12:00"), [never]) is None


def test_an_opening_counts_on_the_horizon_and_not_beyond_it() -> None:
    hours = window(DENVER, 9, 17)
    at = local(DENVER, "2026-11-23 17:00")
    assert next_opening(at, [hours], timedelta(hours=16)) == local(DENVER, "2026-11-24 09:00")
    assert next_opening(at, [hours], timedelta(hours=16) - MINUTE) is None


def test_business_hours_and_texting_hours_of_two_coasts_meet_where_they_overlap() -> None:
    office = window(NEW_YORK, 9, 17, WEEKDAYS)
    homeowner = window(LOS_ANGELES, 9, 20)
    opening = next_opening(local(NEW_YORK, "2026-11-23 09:00"), [office, homeowner])
    assert opening == local(LOS_ANGELES, "2026-11-23 09:00")
    assert closes(opening, [office, homeowner]) == local(NEW_YORK, "2026-11-23 17:00")


def test_without_windows_it_is_open_now() -> None:
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert next_opening(at, []) == at
    assert closes(at, []) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - what the rule forbids is what is tested
    with pytest.raises(ValueError, match="needs a time zone"):
        next_opening(naive, [Window(LONDON, ALWAYS)])
    with pytest.raises(ValueError, match="needs a time zone"):
        due(naive, 1, DelayUnit.DAYS, LONDON)


# Whether windows ever meet


def test_evening_hours_never_meet_the_morning_of_the_same_zone() -> None:
    assert not ever_meet([window(DENVER, 20.5, 23), window(DENVER, 9, 20)])


def test_the_same_hours_meet_in_zones_far_enough_apart() -> None:
    assert ever_meet([window(NEW_YORK, 20.5, 22), window(LOS_ANGELES, 9, 20)])


def test_hours_that_share_no_day_meet_only_where_the_zones_differ() -> None:
    assert not ever_meet([window(DENVER, 9, 17, ["Mon"]), window(DENVER, 9, 17, ["Tue"])])
    assert ever_meet([window(HONOLULU, 9, 17, ["Mon"]), window(AUCKLAND, 6, 17, ["Tue"])])


def test_windows_that_only_touch_never_meet() -> None:
    assert not ever_meet([window(DENVER, 9, 12), window(DENVER, 12, 17)])


def test_zones_that_meet_in_one_season_alone_do_meet() -> None:
    # Five hours apart, but four from mid-March to the end of it and for a week in autumn.
    assert ever_meet([window(NEW_YORK, 9, 10), window(LONDON, 13, 14)])
    assert not ever_meet([window(NEW_YORK, 9, 10), window(LONDON, 12, 13)])


def test_holidays_do_not_keep_windows_from_meeting() -> None:
    years = tuple(date(2024, 1, 1) + n * DAY for n in range(3650))
    assert ever_meet([Window(DENVER, ALWAYS, years)])


# Delays


def wall_clock_oracle(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Walk all minutes around the day in question, looking for the time on the wall."""
    wanted = start.astimezone(zone).replace(tzinfo=None) + days * DAY
    around = [start + days * DAY + n * MINUTE for n in range(-27 * 60, 27 * 60)]
    walls = [(at, at.astimezone(zone).replace(tzinfo=None)) for at in around]
    for at, wall in walls:
        if wall == wanted:
            return at
    skipped = next((a, b) for a, b in pairwise(walls) if a[1] < wanted < b[1])
    gap = skipped[1][1] - skipped[0][1] - MINUTE
    return next(at for at, wall in walls if wall == wanted + gap)


@settings(max_examples=200, deadline=None)
@given(clocks_and_moments(), st.integers(1, 5))
def test_days_later_shows_the_same_time_on_the_wall(
    clock: tuple[ZoneInfo, datetime], days: int
) -> None:
    zone, start = clock
    assert due(start, days, DelayUnit.DAYS, zone) == wall_clock_oracle(start, days, zone)


@given(clocks_and_moments(), st.integers(0, 100))
def test_weeks_are_seven_days_each(clock: tuple[ZoneInfo, datetime], weeks: int) -> None:
    zone, start = clock
    assert due(start, weeks, DelayUnit.WEEKS, zone) == due(start, weeks * 7, DelayUnit.DAYS, zone)


@given(clocks_and_moments(), st.integers(0, 10_000))
def test_minutes_and_hours_are_elapsed_time(clock: tuple[ZoneInfo, datetime], value: int) -> None:
    zone, start = clock
    assert due(start, value, DelayUnit.MINUTES, zone) - start == value * MINUTE
    assert due(start, value, DelayUnit.HOURS, zone) - start == 60 * value * MINUTE


@given(clocks_and_moments(), st.sampled_from(DelayUnit))
def test_no_delay_is_due_at_once(clock: tuple[ZoneInfo, datetime], unit: DelayUnit) -> None:
    zone, start = clock
    assert due(start, 0, unit, zone) == start


def test_no_delay_in_the_repeated_hour_does_not_go_back_to_the_first() -> None:
    second = local(NEW_YORK, "2026-11-01 01:30", fold=1)
    assert due(second, 0, DelayUnit.DAYS, NEW_YORK) == second


def test_a_time_that_the_clock_skips_moves_forward_by_what_was_skipped() -> None:
    start = local(NEW_YORK, "2026-03-07 02:30")
    assert due(start, 1, DelayUnit.DAYS, NEW_YORK) == local(NEW_YORK, "2026-03-08 03:30")


def test_a_time_that_the_clock_shows_twice_is_the_first() -> None:
    start = local(NEW_YORK, "2026-10-31 01:30")
    due_at = due(start, 1, DelayUnit.DAYS, NEW_YORK)
    assert due_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert due_at - start == timedelta(hours=24)


def test_a_delay_from_the_repeated_hour_keeps_its_time_on_later_days() -> None:
    second = local(NEW_YORK, "2026-11-01 01:30", fold=1)
    assert due(second, 1, DelayUnit.DAYS, NEW_YORK) == local(NEW_YORK, "2026-11-02 01:30")


def test_a_week_across_the_change_of_clock_is_an_hour_shorter_or_longer() -> None:
    spring = local(NEW_YORK, "2026-03-05 10:00")
    assert due(spring, 1, DelayUnit.WEEKS, NEW_YORK) - spring == timedelta(days=7, hours=-1)
    autumn = local(NEW_YORK, "2026-10-29 10:00")
    assert due(autumn, 1, DelayUnit.WEEKS, NEW_YORK) - autumn == timedelta(days=7, hours=1)


def test_a_day_that_the_calendar_skips_moves_to_the_next() -> None:
    start = local(APIA, "2011-12-29 10:00")
    assert due(start, 1, DelayUnit.DAYS, APIA) == local(APIA, "2011-12-31 10:00")


def test_the_result_is_in_utc_whatever_zone_the_start_was_given_in() -> None:
    start = datetime(2026, 11, 23, 12, tzinfo=AUCKLAND)
    assert due(start, 0, DelayUnit.DAYS, NEW_YORK).tzinfo is UTC
    assert due(start, 2, DelayUnit.DAYS, NEW_YORK).tzinfo is UTC
    assert next_opening(start, [Window(LONDON, ALWAYS)]) == start
