"""When a marketing text may go out: the legal window, on the recipient's own clock.

Federal law has 8:00 to 21:00 at the called party's location (47 CFR 64.1200(c)(1)). Ours is 9:00 to
20:00 every day: it satisfies Connecticut (9 to 20), Florida, Maryland, Mississippi, New Jersey and
Oklahoma (8 to 20), and leaves an hour at either end where a zone was guessed wrong by one. A few
states are stricter still.

The recipient's zone is the contact's own, else that of the address, else that of the area code. A
state with several zones, or an area code with several, gives all of them: the text waits until it
may go out in each.
"""

from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumber
from phonenumbers import timezone as phone_zones

from domain.calendar import Window, known_zone
from domain.us_postal import (
    ARIZONA,
    CENTRAL,
    EASTERN,
    MOUNTAIN,
    PACIFIC,
    STATES,
    state_of_name,
    state_of_zip,
)

_HOURS = ((9.0, 20.0),) * 7

# Monday first. Where a state closes later than we do, our own hour stays.
_STRICTER_HOURS = {
    # KRS 367.46955 with 367.46951: communications by telephone, mobile ones too, from 10 to 21.
    "KY": ((10.0, 20.0),) * 7,
    # R.I. Gen. Laws 5-61-2 and 5-61-3.6: 9 to 18, Saturday 10 to 17. They leave out Sundays and
    # holidays, but for unsolicited calls; to our texts, which have consent, Sunday is a Saturday.
    "RI": (*((9.0, 18.0),) * 5, *((10.0, 17.0),) * 2),
    # Tex. Bus. & Com. Code 301.051 with 302.001 as amended by SB 140: 9 to 21, Sunday 12 to 21.
    "TX": (*((9.0, 20.0),) * 6, (12.0, 20.0)),
}

# The North American Numbering Plan's area codes of those states, for contacts without an address.
_AREA_CODES = {
    "KY": "270 364 502 606 859",
    "RI": "401",
    "TX": "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 "
    "903 915 936 940 945 956 972 979",
}
_STATE_BY_AREA_CODE = {
    code: state for state, codes in _AREA_CODES.items() for code in codes.split()
}

CONTINENTAL = (EASTERN, CENTRAL, MOUNTAIN, ARIZONA, PACIFIC)
_NORTH_AMERICA = 1


def recipient_state(state: str | None, postal_code: str | None) -> str | None:
    """Return the two-letter code of the state the recipient lives in, None if unknown.

    The ZIP code decides where it is one; `state` is a code or a full name, in any case.
    """
    return state_of_zip(postal_code) or state_of_name(state)


def recipient_zones(
    *, timezone: str | None, state: str | None, postal_code: str | None, phone: str | None
) -> tuple[ZoneInfo, ...]:
    """Return the zones the recipient may be in: at least one.

    The contact's own `timezone` (an IANA name) comes first, then those of the address, then those
    of the phone number (E.164, or as dialled in the USA). What is unknown or unreadable counts as
    not given; where nothing is left, or the number is toll-free, it is every zone from Eastern to
    Pacific.
    """
    own = known_zone(timezone)
    if own is not None:
        return (own,)
    home = recipient_state(state, postal_code)
    names = STATES[home].zones if home else _phone_zones(_parsed(phone))
    return tuple(ZoneInfo(name) for name in names)


def texting_windows(
    *, timezone: str | None, state: str | None, postal_code: str | None, phone: str | None
) -> tuple[Window, ...]:
    """Return the windows in which a text may reach the recipient: it must be open in all of them.

    The hours are those of the recipient's state, or else of the state of the area code: Florida and
    others presume that a number lives where its area code does (Fla. Stat. 501.059(8)(d)).
    """
    zones = recipient_zones(timezone=timezone, state=state, postal_code=postal_code, phone=phone)
    home = recipient_state(state, postal_code) or _area_code_state(_parsed(phone))
    hours = _STRICTER_HOURS.get(home or "", _HOURS)
    return tuple(Window(zone, hours) for zone in zones)


def _parsed(phone: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(phone or "", "US")
    except phonenumbers.NumberParseException:
        return None


def _phone_zones(number: PhoneNumber | None) -> tuple[str, ...]:
    """Return the zones of the number's area code, or of its country outside North America."""
    if number is None:
        return CONTINENTAL
    if number.country_code == _NORTH_AMERICA and not phonenumbers.is_number_geographical(number):
        return CONTINENTAL
    names = phone_zones.time_zones_for_number(number)
    return tuple(name for name in names if known_zone(name)) or CONTINENTAL


def _area_code_state(number: PhoneNumber | None) -> str | None:
    """Return the state of the number's area code if its hours are stricter than ours."""
    if number is None or number.country_code != _NORTH_AMERICA:
        return None
    return _STATE_BY_AREA_CODE.get(str(number.national_number)[:3])
