"""Business hours and holidays of a campaign: what they mean, and what is refused."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ValidationError

from domain.calendar import (
    DEFAULT_BUSINESS_HOURS,
    BusinessHours,
    Holidays,
    Window,
    business_window,
    is_holiday,
    known_zone,
    schedule_zone,
)

NEW_YORK = ZoneInfo("America/New_York")
DENVER = ZoneInfo("America/Denver")
HONOLULU = ZoneInfo("Pacific/Honolulu")
LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = Window(DENVER, (*((9, 17),) * 5, None, None))


def local(zone: ZoneInfo, text: str) -> datetime:
    """A moment given as a wall-clock time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


# Holidays


class Campaign(BaseModel):
    holidays: Holidays = None


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2026, 7, 4), True),
        (date(2026, 7, 3), True),  # observed: the 4th is a Saturday
        (date(2026, 7, 2), False),
        (date(2021, 12, 31), True),  # observed: New Year's Day of 2022 is a Saturday
        (date(2026, 11, 26), True),
        (date(2026, 11, 27), False),  # the day after Thanksgiving is a state's, not federal
        (date(2026, 6, 19), True),
        (date(2026, 10, 12), True),
    ],
)
def test_federal_holidays_are_those_of_the_statute_with_the_days_observed(
    day: date, *, is_off: bool
) -> None:
    assert is_holiday("us_federal", day) is is_off


def test_own_dates_are_the_only_holidays_of_a_tenant_that_names_them() -> None:
    own = Campaign.model_validate({"holidays": ["2026-12-24"]}).holidays
    assert is_holiday(own, date(2026, 12, 24))
    assert not is_holiday(own, date(2026, 12, 25))
    assert not is_holiday(None, date(2026, 12, 25))


def test_a_holiday_is_closed_on_the_local_date() -> None:
    office = business_window(None, "us_federal", NEW_YORK)
    eve = local(NEW_YORK, "2026-11-25 17:00")
    assert office.opening(eve) == local(NEW_YORK, "2026-11-27 09:00")


def test_holidays_survive_json() -> None:
    campaign = Campaign.model_validate_json('{"holidays": ["2026-12-24", "2026-12-31"]}')
    assert campaign.model_dump(mode="json") == {"holidays": ["2026-12-24", "2026-12-31"]}
    assert Campaign.model_validate({"holidays": "us_federal"}).holidays == "us_federal"
    assert Campaign.model_validate({"holidays": None}).holidays is None


@pytest.mark.parametrize("bad", ["us_state", 7, ["24.12.2026"], ["2026-02-30"], [20261224], {}])
def test_holidays_that_are_no_dates_are_refused_by_field(bad: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Campaign.model_validate({"holidays": bad})
    [error] = caught.value.errors()
    assert error["loc"] == ("holidays",)
    assert "2026-12-24" in error["msg"]


# Business hours


def hours(**changes: object) -> BusinessHours:
    given: dict[str, Any] = {"start": 8, "end": 17.5, "days": ["Mon", "Sat"], **changes}
    return BusinessHours.model_validate(given)


def test_business_hours_open_on_their_days_at_their_hours() -> None:
    office = business_window(hours(), None, DENVER)
    assert office.opening(local(DENVER, "2026-11-24 10:00")) == local(DENVER, "2026-11-28 08:00")
    assert office.closes(local(DENVER, "2026-11-28 08:00")) == local(DENVER, "2026-11-28 17:30")


def test_without_business_hours_it_is_nine_to_five_on_weekdays() -> None:
    assert business_window(None, None, DENVER) == NINE_TO_FIVE
    assert business_window(DEFAULT_BUSINESS_HOURS, None, DENVER) == NINE_TO_FIVE


def test_business_hours_survive_json() -> None:
    full = hours(timezone="America/Denver")
    assert BusinessHours.model_validate_json(full.model_dump_json()) == full


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": -0.25}, "start"),
        ({"start": 24.5, "end": 25}, "start"),
        ({"start": True}, "start"),
        ({"start": "8"}, "start"),
        ({"start": None}, "start"),
        ({"start": float("nan")}, "start"),
        ({"end": float("inf")}, "end"),
        ({"end": float("nan")}, "end"),
        ({"end": 24.01}, "end"),
        ({"end": 8}, "end"),
        ({"end": 7}, "end"),
        ({"end": False}, "end"),
        ({"days": []}, "days"),
        ({"days": "Mon"}, "days"),
        ({"days": None}, "days"),
        ({"days": ["Mon", "Mon"]}, "days"),
        ({"days": ["Monday"]}, "days"),
        ({"days": ["mon"]}, "days"),
        ({"days": [1]}, "days"),
        ({"days": [["Mon"]]}, "days"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "america/denver"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": "localtime"}, "timezone"),
        ({"timezone": "America"}, "timezone"),
        ({"timezone": -7}, "timezone"),
        ({"lunch": 12}, "lunch"),
    ],
)
def test_bad_business_hours_name_the_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        hours(**changes)
    assert {error["loc"][0] for error in caught.value.errors()} - {"end"} <= {field}
    assert field in {error["loc"][0] for error in caught.value.errors()}


def test_a_window_that_ends_before_it_starts_says_so() -> None:
    with pytest.raises(ValidationError, match="The end must be later than the start"):
        hours(start=17, end=9)


def test_hours_up_to_midnight_are_accepted() -> None:
    assert hours(start=0, end=24).end == 24


def test_the_schedule_runs_in_the_zone_of_the_hours_or_the_contact_or_the_tenant() -> None:
    def zone(timezone: str | None, contact: ZoneInfo | None) -> ZoneInfo:
        return schedule_zone(hours(timezone=timezone), tenant=DENVER, contact=contact)

    assert zone("Europe/London", HONOLULU) == LONDON
    assert zone("contact", HONOLULU) == HONOLULU
    assert zone("contact", None) == DENVER
    assert zone(None, HONOLULU) == DENVER
    assert schedule_zone(None, tenant=DENVER, contact=HONOLULU) == DENVER


def test_only_iana_names_are_zones() -> None:
    assert known_zone("US/Eastern") == ZoneInfo("US/Eastern")
    assert known_zone("EST5EDT4") is None
    assert known_zone(None) is None
