"""Ranges of days, the days of a series, and rates."""

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.analytics import (
    FILLED_DAYS,
    Totals,
    by_status,
    email_results,
    overview,
    rate,
    series,
    sms_results,
)
from domain.errors import Invalid
from domain.periods import EPOCH, Period

ZONES = (
    "America/Denver",
    "America/Havana",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
ALL_ZONES = sorted(available_timezones() - {"Factory", "localtime"})
QUARTER = timedelta(minutes=15)
days = st.dates(date(2012, 1, 1), date(2030, 12, 31))
TODAY = date(2026, 3, 10)


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    first=days,
    length=st.integers(0, 400),
    minutes=st.integers(-3000, 3000),
)
def test_moment_lies_in_a_range_if_its_local_day_does(
    zone: str, first: date, length: int, minutes: int
) -> None:
    """Near both ends, wherever clocks change there."""
    last = first + timedelta(days=length)
    period = Period(first, last, zone)
    for end in (period.starts_at, period.ends_at):
        moment = end + timedelta(minutes=minutes)
        local = moment.astimezone(ZoneInfo(zone)).date()
        assert (period.starts_at <= moment < period.ends_at) == (first <= local <= last)


@settings(max_examples=200, deadline=None)
@given(zone=st.sampled_from(ZONES), day=days)
def test_days_are_made_up_of_what_is_rolled_up(zone: str, day: date) -> None:
    period = Period(day, day, zone)
    unit = timedelta(hours=1) if period.grain == "hour" else QUARTER
    midnight = period.starts_at
    assert midnight
    assert (midnight - datetime(2000, 1, 1, tzinfo=UTC)) % unit == timedelta(0)


@settings(max_examples=300, deadline=None)
@given(zone=st.sampled_from(ALL_ZONES), quarters=st.integers(0, 129 * 365 * 96))
def test_offsets_are_those_of_the_zone_at_every_moment(zone: str, quarters: int) -> None:
    moment = EPOCH + quarters * QUARTER
    since, ahead = zip(*Period(None, None, zone).offsets, strict=True)
    assert ahead[bisect(since, moment) - 1] == moment.astimezone(ZoneInfo(zone)).utcoffset()


def test_range_may_be_one_day_but_not_less() -> None:
    Period(TODAY, TODAY, "UTC")
    with pytest.raises(Invalid) as refused:
        Period(TODAY, TODAY - timedelta(days=1), "UTC")
    assert [error.location for error in refused.value.errors] == [("to",)]


def test_series_of_a_range_lists_every_day_of_it() -> None:
    period = Period(date(2026, 3, 6), date(2026, 3, 9), "UTC")
    shown = series({date(2026, 3, 7): Totals(enrolled=2)}, period, TODAY)
    assert [(day.date.day, day.enrolled) for day in shown] == [(6, 0), (7, 2), (8, 0), (9, 0)]


def test_series_without_a_range_goes_from_the_first_busy_day_to_the_last() -> None:
    busy = {date(2026, 3, 3): Totals(goals=1), date(2026, 3, 5): Totals(sms_sent=1)}
    # What was taken back again leaves nothing behind.
    idle = {date(2026, 2, 1): Totals()}
    shown = series({**busy, **idle}, Period(None, None, "UTC"), TODAY)
    assert [day.date.day for day in shown] == [3, 4, 5]
    assert series({}, Period(None, None, "UTC"), TODAY) == []


def test_series_with_an_open_end_goes_on_until_today() -> None:
    shown = series({}, Period(date(2026, 3, 8), None, "UTC"), TODAY)
    assert [day.date.day for day in shown] == [8, 9, 10]
    assert series({}, Period(date(2026, 3, 11), None, "UTC"), TODAY) == []


def test_series_of_a_lifetime_lists_ten_years_and_the_busy_days_before() -> None:
    busy = {date(1999, 5, 1): Totals(enrolled=1), TODAY: Totals(enrolled=1)}
    shown = series(busy, Period(None, None, "UTC"), TODAY)
    assert len(shown) == FILLED_DAYS + 1
    assert shown[0].date == date(1999, 5, 1)


@pytest.mark.parametrize(
    ("first", "shown_first", "shown_last"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), date(2036, 3, 7)),
        (date(1970, 1, 1), TODAY - timedelta(days=FILLED_DAYS - 1), TODAY),
        (date(2980, 1, 1), date(2980, 1, 1), date(2990, 1, 7)),
    ],
)
def test_series_of_a_range_without_end_in_sight_does_not_skip_the_days_until_today(
    first: date, shown_first: date, shown_last: date
) -> None:
    shown = [each.date for each in series({}, Period(first, date(2999, 12, 31), "UTC"), TODAY)]
    assert (shown[0], shown[-1], len(shown)) == (shown_first, shown_last, FILLED_DAYS)


def test_rates_of_nothing_are_none() -> None:
    nothing = Totals()
    assert rate(0, 0) is None
    assert overview(nothing).completion_rate is None
    assert overview(nothing).goal_progress is None
    assert email_results(nothing).open_rate is None
    assert sms_results(nothing).reply_rate is None
    assert email_results(Totals(emails_sent=3, emails_bounced=3)).click_rate is None


def test_goal_may_be_passed() -> None:
    assert overview(Totals(enrolled=8, achieved=6), goal_target=4).goal_progress == 1.5


def test_active_are_those_who_are_nothing_else() -> None:
    total = Totals(enrolled=10, completed=3, exited=2, paused=1, failed=1)
    assert by_status(total).active == 3


def test_totals_of_two_days_are_added() -> None:
    first = Totals(enrolled=1, revenue=Decimal("0.10"))
    second = Totals(enrolled=2, revenue=Decimal("0.20"))
    assert Totals.of([first, second]) == Totals(enrolled=3, revenue=Decimal("0.30"))
    assert Totals.of([]) == Totals()
