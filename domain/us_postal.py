"""The states and territories of the USA: their names, ZIP codes and clocks.

ZIP prefixes are those of USPS labeling list L002. The zones are those of 49 CFR part 71, one for
each clock in use today: what parts of Indiana or Michigan did before 1974 or 2006 does not matter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

EASTERN = "America/New_York"
CENTRAL = "America/Chicago"
MOUNTAIN = "America/Denver"
ARIZONA = "America/Phoenix"
PACIFIC = "America/Los_Angeles"
ALASKA = "America/Anchorage"
ALEUTIAN = "America/Adak"
HAWAII = "Pacific/Honolulu"
ATLANTIC = "America/Puerto_Rico"
SAMOA = "Pacific/Pago_Pago"
CHAMORRO = "Pacific/Guam"


@dataclass(frozen=True)
class State:
    """A state or territory.

    `zips` are three-digit prefixes, single or as ranges, and whole ZIP codes where one lies in a
    prefix of another state. `zones` are IANA names, the one with the most people first.
    """

    name: str
    zips: str
    zones: tuple[str, ...]


STATES: dict[str, State] = {
    "AL": State("Alabama", "350-352 354-369", (CENTRAL,)),
    "AK": State("Alaska", "995-999", (ALASKA, ALEUTIAN)),
    "AS": State("American Samoa", "96799", (SAMOA,)),
    "AZ": State("Arizona", "850-853 855-857 859-860 863-865", (ARIZONA, MOUNTAIN)),
    "AR": State("Arkansas", "716-729", (CENTRAL,)),
    "CA": State("California", "900-908 910-928 930-961", (PACIFIC,)),
    "CO": State("Colorado", "800-816", (MOUNTAIN,)),
    "CT": State("Connecticut", "060-069", (EASTERN,)),
    "DE": State("Delaware", "197-199", (EASTERN,)),
    "DC": State("District of Columbia", "200 202-205 569", (EASTERN,)),
    "FL": State("Florida", "320-339 341-342 344 346-347 349", (EASTERN, CENTRAL)),
    "GA": State("Georgia", "300-319 398-399", (EASTERN,)),
    "GU": State("Guam", "969", (CHAMORRO,)),
    "HI": State("Hawaii", "967-968", (HAWAII,)),
    "ID": State("Idaho", "832-838", (MOUNTAIN, PACIFIC)),
    "IL": State("Illinois", "600-620 622-629", (CENTRAL,)),
    "IN": State("Indiana", "460-479", (EASTERN, CENTRAL)),
    "IA": State("Iowa", "500-516 520-528", (CENTRAL,)),
    "KS": State("Kansas", "660-662 664-679", (CENTRAL, MOUNTAIN)),
    "KY": State("Kentucky", "400-418 420-427", (EASTERN, CENTRAL)),
    "LA": State("Louisiana", "700-701 703-708 710-714", (CENTRAL,)),
    "ME": State("Maine", "039-049", (EASTERN,)),
    "MD": State("Maryland", "206-212 214-219", (EASTERN,)),
    "MA": State("Massachusetts", "010-027 055", (EASTERN,)),
    "MI": State("Michigan", "480-499", (EASTERN, CENTRAL)),
    "MN": State("Minnesota", "550-551 553-567", (CENTRAL,)),
    "MS": State("Mississippi", "386-397", (CENTRAL,)),
    "MO": State("Missouri", "630-631 633-641 644-658", (CENTRAL,)),
    "MT": State("Montana", "590-599", (MOUNTAIN,)),
    "NE": State("Nebraska", "680-681 683-693", (CENTRAL, MOUNTAIN)),
    "NV": State("Nevada", "889-891 893-895 897-898", (PACIFIC, MOUNTAIN)),
    "NH": State("New Hampshire", "030-038", (EASTERN,)),
    "NJ": State("New Jersey", "070-089", (EASTERN,)),
    "NM": State("New Mexico", "870-871 873-875 877-884", (MOUNTAIN,)),
    "NY": State("New York", "005 100-149 06390", (EASTERN,)),
    "NC": State("North Carolina", "270-289", (EASTERN,)),
    "ND": State("North Dakota", "580-588", (CENTRAL, MOUNTAIN)),
    "MP": State("Northern Mariana Islands", "96950 96951 96952", (CHAMORRO,)),
    "OH": State("Ohio", "430-459", (EASTERN,)),
    "OK": State("Oklahoma", "730-731 734-741 743-749", (CENTRAL,)),
    "OR": State("Oregon", "970-979", (PACIFIC, MOUNTAIN)),
    "PA": State("Pennsylvania", "150-196", (EASTERN,)),
    "PR": State("Puerto Rico", "006-007 009", (ATLANTIC,)),
    "RI": State("Rhode Island", "028-029", (EASTERN,)),
    "SC": State("South Carolina", "290-299", (EASTERN,)),
    "SD": State("South Dakota", "570-577", (CENTRAL, MOUNTAIN)),
    "TN": State("Tennessee", "370-385", (CENTRAL, EASTERN)),
    "TX": State("Texas", "733 750-770 772-799 885", (CENTRAL, MOUNTAIN)),
    "UT": State("Utah", "840-847", (MOUNTAIN,)),
    "VT": State("Vermont", "050-054 056-059", (EASTERN,)),
    "VI": State("Virgin Islands", "008", (ATLANTIC,)),
    "VA": State("Virginia", "201 220-246", (EASTERN,)),
    "WA": State("Washington", "980-986 988-994", (PACIFIC,)),
    "WV": State("West Virginia", "247-268", (EASTERN,)),
    "WI": State("Wisconsin", "530-532 534-535 537-549", (CENTRAL,)),
    "WY": State("Wyoming", "820-831", (MOUNTAIN,)),
}


def _prefixes(zips: str) -> Iterator[str]:
    for item in zips.split():
        first, _, last = item.partition("-")
        yield from (str(n).zfill(len(first)) for n in range(int(first), int(last or first) + 1))


_ZIP = re.compile(r"(\d{5})(-?\d{4})?", re.ASCII)
_BY_ZIP = {prefix: code for code, state in STATES.items() for prefix in _prefixes(state.zips)}
_BY_NAME = {state.name.casefold(): code for code, state in STATES.items()}


def state_of_zip(postal_code: str | None) -> str | None:
    """Return the code of the state a ZIP or ZIP+4 code lies in, None for any other text."""
    match = _ZIP.fullmatch((postal_code or "").strip())
    return match and (_BY_ZIP.get(match[1]) or _BY_ZIP.get(match[1][:3]))


def state_of_name(state: str | None) -> str | None:
    """Return the code of the state that a code or a full name means, in any case; else None."""
    text = " ".join((state or "").replace(".", "").split())
    return text.upper() if text.upper() in STATES else _BY_NAME.get(text.casefold())
