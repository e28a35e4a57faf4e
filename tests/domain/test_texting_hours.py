"""The legal window for texts, by what is known of the recipient."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Window, closes, next_opening
from domain.texting_hours import recipient_state, recipient_zones, texting_windows
from domain.us_postal import STATES, state_of_zip

CONTINENTAL = {
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
}
BOSTON = "+16175550123"
TOLL_FREE = "+18005550123"
LONDON = "+442071838750"


def zones(
    *,
    timezone: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    phone: str | None = None,
) -> set[str]:
    found = recipient_zones(timezone=timezone, state=state, postal_code=postal_code, phone=phone)
    assert len(found) == len(set(found))
    return {zone.key for zone in found}


def windows(
    *,
    timezone: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    phone: str | None = None,
) -> tuple[Window, ...]:
    return texting_windows(timezone=timezone, state=state, postal_code=postal_code, phone=phone)


def open_times(found: tuple[Window, ...], zone: str, day: str) -> tuple[str, str] | None:
    """The hours of a local day during which a text may go out, on that zone's clock."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    opening = next_opening(midnight, found, timedelta(hours=23))
    if opening is None:
        return None
    closing = closes(opening, found)
    assert closing is not None
    local = (opening.astimezone(ZoneInfo(zone)), closing.astimezone(ZoneInfo(zone)))
    return f"{local[0]:%H:%M}", f"{local[1]:%H:%M}"


# Where the recipient is


def test_the_contacts_own_zone_comes_before_everything() -> None:
    assert zones(timezone="Pacific/Honolulu", state="MA", postal_code="02108", phone=BOSTON) == {
        "Pacific/Honolulu"
    }


def test_the_postal_code_comes_before_the_state_and_the_phone() -> None:
    assert zones(postal_code="80202", state="MA", phone=BOSTON) == {"America/Denver"}


def test_the_state_comes_before_the_phone() -> None:
    assert zones(state="Colorado", phone=BOSTON) == {"America/Denver"}


def test_the_area_code_is_asked_where_there_is_no_address() -> None:
    assert zones(phone=BOSTON) == {"America/New_York"}
    assert zones(phone="(617) 555-0123") == {"America/New_York"}


def test_what_cannot_be_read_counts_as_not_given() -> None:
    assert zones(timezone="Mars/Olympus", postal_code="80202") == {"America/Denver"}
    assert zones(timezone="", postal_code="8020", state="CO") == {"America/Denver"}
    assert zones(postal_code="K1A 0B1", state="Ontario", phone=BOSTON) == {"America/New_York"}


@pytest.mark.parametrize(
    "phone", [None, "", "call me", "+1", TOLL_FREE, "+15555550123", "+15005550006"]
)
def test_a_number_that_tells_nothing_may_be_anywhere_from_eastern_to_pacific(
    phone: str | None,
) -> None:
    assert zones(phone=phone) == CONTINENTAL


def test_a_state_with_several_zones_gives_all_of_them() -> None:
    assert zones(state="FL") == {"America/New_York", "America/Chicago"}
    assert zones(postal_code="32501") == {"America/New_York", "America/Chicago"}


def test_a_number_from_abroad_has_the_zones_of_its_country() -> None:
    assert zones(phone=LONDON) == {"Europe/London"}
    assert zones(phone="+12045550123") == {"America/Winnipeg"}


@given(
    st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["UTC", "Europe/London"])),
    st.one_of(st.none(), st.text(max_size=12), st.sampled_from(sorted(STATES))),
    st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"[0-9]{5}", fullmatch=True)),
    st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"\+1[0-9]{10}", fullmatch=True)),
)
def test_whatever_is_known_some_zone_is_found(
    timezone: str | None, state: str | None, postal_code: str | None, phone: str | None
) -> None:
    assert zones(timezone=timezone, state=state, postal_code=postal_code, phone=phone)
    assert windows(timezone=timezone, state=state, postal_code=postal_code, phone=phone)


# States


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TX", "TX"),
        ("tx", "TX"),
        (" Tx ", "TX"),
        ("Texas", "TX"),
        ("rhode  ISLAND", "RI"),
        ("D.C.", "DC"),
        ("district of columbia", "DC"),
        ("Puerto Rico", "PR"),
        ("Ontario", None),
        ("XX", None),
        ("", None),
        (None, None),
    ],
)
def test_a_state_is_read_from_its_code_or_its_name(text: str | None, code: str | None) -> None:
    assert recipient_state(text, None) == code


@pytest.mark.parametrize(
    ("zip_code", "code"),
    [
        ("00501", "NY"),
        ("00802", "VI"),
        ("00901", "PR"),
        ("02108", "MA"),
        ("02903", "RI"),
        ("03031", "NH"),
        ("04101", "ME"),
        ("05401", "VT"),
        ("05501", "MA"),
        ("06103", "CT"),
        ("06390", "NY"),  # Fishers Island
        ("07102", "NJ"),
        ("10001", "NY"),
        ("19103", "PA"),
        ("19801", "DE"),
        ("20001", "DC"),
        ("20101", "VA"),
        ("21201", "MD"),
        ("25301", "WV"),
        ("27601", "NC"),
        ("29201", "SC"),
        ("30303", "GA"),
        ("32301", "FL"),
        ("35203", "AL"),
        ("37201", "TN"),
        ("39201", "MS"),
        ("39901", "GA"),
        ("40202", "KY"),
        ("43215", "OH"),
        ("46204", "IN"),
        ("48201", "MI"),
        ("50309", "IA"),
        ("53202", "WI"),
        ("55401", "MN"),
        ("57104", "SD"),
        ("58102", "ND"),
        ("59101", "MT"),
        ("60601", "IL"),
        ("63101", "MO"),
        ("66101", "KS"),
        ("68102", "NE"),
        ("70112", "LA"),
        ("72201", "AR"),
        ("73102", "OK"),
        ("73301", "TX"),
        ("75201", "TX"),
        ("79901", "TX"),
        ("80202", "CO"),
        ("82001", "WY"),
        ("83702", "ID"),
        ("84101", "UT"),
        ("85004", "AZ"),
        ("87102", "NM"),
        ("88510", "TX"),
        ("89101", "NV"),
        ("90012", "CA"),
        ("96813", "HI"),
        ("96799", "AS"),
        ("96910", "GU"),
        ("96950", "MP"),
        ("97204", "OR"),
        ("98101", "WA"),
        ("99501", "AK"),
        ("02903-1234", "RI"),
        ("029031234", "RI"),
        (" 02903 ", "RI"),
        ("00000", None),
        ("09012", None),  # a military post office: it may be anywhere
        ("2903", None),
        ("02903-12", None),
        ("0290-31234", None),
        ("٠٢٩٠٣", None),
        ("SW1A 1AA", None),
        (None, None),
    ],
)
def test_a_zip_code_lies_in_its_state(zip_code: str | None, code: str | None) -> None:
    assert recipient_state(None, zip_code) == code


def test_a_zip_code_decides_against_another_state() -> None:
    assert recipient_state("MA", "02903") == "RI"


def test_fifty_states_the_capital_and_five_territories_have_zip_codes_and_clocks() -> None:
    assert len(STATES) == 56
    assert {state_of_zip(f"{n:05}") for n in range(100_000)} == {*STATES, None}
    assert all(ZoneInfo(zone) for state in STATES.values() for zone in state.zones)


def test_no_zip_prefix_is_listed_for_two_states() -> None:
    ranges = [part for state in STATES.values() for part in state.zips.split()]
    prefixes = [
        number
        for first, _, last in (part.partition("-") for part in ranges)
        if len(first) == 3
        for number in range(int(first), int(last or first) + 1)
    ]
    assert len(prefixes) == len(set(prefixes))


# Hours

WEDNESDAY, SATURDAY, SUNDAY = "2026-11-18", "2026-11-21", "2026-11-22"


@pytest.mark.parametrize(
    ("state", "zone", "day", "expected"),
    [
        ("CO", "America/Denver", WEDNESDAY, ("09:00", "20:00")),
        ("CO", "America/Denver", SUNDAY, ("09:00", "20:00")),
        ("CT", "America/New_York", WEDNESDAY, ("09:00", "20:00")),
        ("MS", "America/Chicago", SATURDAY, ("09:00", "20:00")),
        ("RI", "America/New_York", WEDNESDAY, ("09:00", "18:00")),
        ("RI", "America/New_York", SATURDAY, ("10:00", "17:00")),
        ("RI", "America/New_York", SUNDAY, ("10:00", "17:00")),
        ("KY", "America/New_York", WEDNESDAY, ("11:00", "20:00")),  # 10:00 in its west
        ("TX", "America/Denver", WEDNESDAY, ("09:00", "19:00")),  # 20:00 in its east
        ("TX", "America/Denver", SATURDAY, ("09:00", "19:00")),
        ("TX", "America/Denver", SUNDAY, ("12:00", "19:00")),
        ("FL", "America/New_York", WEDNESDAY, ("10:00", "20:00")),
    ],
)
def test_texts_go_out_in_the_hours_of_the_state(
    state: str, zone: str, day: str, expected: tuple[str, str]
) -> None:
    assert open_times(windows(state=state), zone, day) == expected


def test_the_states_hours_hold_in_the_contacts_own_zone() -> None:
    found = windows(timezone="America/Chicago", postal_code="75201")
    assert open_times(found, "America/Chicago", SUNDAY) == ("12:00", "20:00")


@pytest.mark.parametrize(
    ("phone", "zone", "expected"),
    [
        ("+14015550123", "America/New_York", ("10:00", "17:00")),
        ("+17135550123", "America/Chicago", ("12:00", "20:00")),
        ("+15025550123", "America/New_York", ("10:00", "20:00")),
        (BOSTON, "America/New_York", ("09:00", "20:00")),
    ],
)
def test_without_an_address_the_hours_are_those_of_the_area_code(
    phone: str, zone: str, expected: tuple[str, str]
) -> None:
    assert open_times(windows(phone=phone), zone, SUNDAY) == expected


def test_an_address_elsewhere_frees_a_number_of_a_stricter_state() -> None:
    found = windows(postal_code="80202", phone="+14015550123")
    assert open_times(found, "America/Denver", SUNDAY) == ("09:00", "20:00")


def test_foreign_numbers_that_begin_like_an_area_code_are_not_taken_for_one() -> None:
    assert open_times(windows(phone="+40214550123"), "Europe/Bucharest", SUNDAY) == (
        "09:00",
        "20:00",
    )


def test_an_unknown_recipient_gets_texts_when_they_suit_every_zone() -> None:
    # Nine in Los Angeles, and not yet eight in New York.
    assert open_times(windows(), "America/New_York", WEDNESDAY) == ("12:00", "20:00")
    # In summer Phoenix has the clock of Los Angeles.
    assert open_times(windows(), "America/New_York", "2026-07-15") == ("12:00", "20:00")


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.sampled_from([None, *sorted(STATES)]),
)
def test_no_text_goes_out_before_nine_or_after_eight_on_any_clock_of_the_recipient(
    at: datetime, state: str | None
) -> None:
    opening = next_opening(at, windows(state=state))
    assert opening is not None
    names = STATES[state].zones if state else CONTINENTAL
    for name in names:
        clock = opening.astimezone(ZoneInfo(name))
        assert 9 <= clock.hour < 20


def test_the_window_keeps_to_local_time_across_the_change_of_clock() -> None:
    found = windows(state="MA")
    for day in ("2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01"):
        assert open_times(found, "America/New_York", day) == ("09:00", "20:00")
