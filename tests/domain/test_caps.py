"""The days that caps count in, and what they keep back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.caps import day_bounds, day_of, hold_by_company, hold_by_contact

ZONES = st.sampled_from(
    [
        "America/Denver",
        "America/New_York",
        "America/Phoenix",
        "America/Havana",  # midnight is skipped, and comes twice
        "America/Asuncion",
        "Africa/Cairo",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Antarctica/Troll",  # two hours at a time
        "Australia/Lord_Howe",  # half an hour
        "Pacific/Kiritimati",
    ]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 — the bounds take their zone from `timezones`
DENVER = ZoneInfo("America/Denver")
NOON = datetime(2027, 1, 5, 19, tzinfo=UTC)
TOMORROW = datetime(2027, 1, 6, 7, tzinfo=UTC)


@given(at=MOMENTS, zone=ZONES)
def test_day_begins_and_ends_with_the_date_of_its_zone(at: datetime, zone: ZoneInfo) -> None:
    begins, ends = day_bounds(at, zone)

    day = day_of(at, zone)
    assert begins <= at < ends
    assert day_of(begins, zone) == day
    assert day_of(begins - timedelta(microseconds=1), zone) == day - timedelta(days=1)
    assert day_of(ends, zone) == day + timedelta(days=1)
    assert timedelta(hours=22) <= ends - begins <= timedelta(hours=26)


@given(at=MOMENTS, zone=ZONES)
def test_days_follow_each_other_without_a_gap(at: datetime, zone: ZoneInfo) -> None:
    _, ends = day_bounds(at, zone)
    assert day_bounds(ends, zone)[0] == ends


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Denver", date(2027, 3, 13), 24),
        ("America/Denver", date(2027, 3, 14), 23),
        ("America/Denver", date(2027, 11, 7), 25),
        ("America/Phoenix", date(2027, 3, 14), 24),
        ("America/Havana", date(2027, 3, 14), 23),
        ("America/Havana", date(2027, 11, 7), 25),
    ],
)
def test_day_on_which_the_clock_changes_is_shorter_or_longer(
    zone: str, day: date, hours: int
) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    begins, ends = day_bounds(noon, ZoneInfo(zone))
    assert ends - begins == timedelta(hours=hours)


def test_message_over_the_companys_cap_waits_for_the_companys_midnight() -> None:
    hold = hold_by_company(500, NOON, DENVER)
    assert hold.until == TOMORROW
    assert hold.why == "the company's cap of 500 a day is reached"


@given(
    cap=st.integers(1, 20),
    sent=st.integers(0, 40),
    ahead=st.integers(0, 40),
    at=MOMENTS,
    zone=ZONES,
)
def test_message_goes_if_there_is_a_place_besides_those_sent_and_those_that_go_first(
    cap: int, sent: int, ahead: int, at: datetime, zone: ZoneInfo
) -> None:
    hold = hold_by_contact(cap, sent, ahead, at, zone)

    assert (hold is None) is (sent + ahead < cap)
    if hold:
        assert hold.until == day_bounds(at, zone)[1]


@pytest.mark.parametrize(
    ("sent", "ahead", "counted"),
    [
        (2, 0, "2 sent"),
        (3, 4, "3 sent"),
        (1, 1, "1 sent, 1 due today in campaigns of higher priority"),
        (0, 5, "0 sent, 5 due today in campaigns of higher priority"),
    ],
)
def test_message_that_waits_says_what_was_counted(sent: int, ahead: int, counted: str) -> None:
    hold = hold_by_contact(2, sent, ahead, NOON, DENVER)
    assert hold is not None
    assert hold.until == TOMORROW
    assert hold.why == f"the contact's cap of 2 a day is reached ({counted})"
