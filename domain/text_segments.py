"""How many segments a text is billed as, and how long it may be.

The alphabet is 3GPP TS 23.038 (GSM 7-bit default alphabet and its extension table); the limits are
Twilio's: https://www.twilio.com/docs/glossary/what-sms-character-limit
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MAX_TEXT_LENGTH = 1600
"""Characters of one text. Twilio refuses a longer body (error 21617)."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs.

    Attributes:
        encoding: GSM-7 where every character is in its alphabet, else UCS-2.
        units: Septets (GSM-7) or UTF-16 code units (UCS-2).
        count: Segments on the wire; 0 for an empty text.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    count: int


def segments(text: str) -> Segments:
    """Measure a text: 160 units in one GSM-7 segment, 153 in each of several; 70 and 67 in UCS-2.

    A character that takes two units (an extension character, a surrogate pair) is never split.
    """
    if all(character in _BASIC or character in _EXTENSION for character in text):
        sizes = [2 if character in _EXTENSION else 1 for character in text]
        return Segments("GSM-7", sum(sizes), _count(sizes, alone=160, joined=153))
    sizes = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Segments("UCS-2", sum(sizes), _count(sizes, alone=70, joined=67))


def _count(sizes: Sequence[int], *, alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    count, free = 1, joined
    for size in sizes:
        if size > free:
            count, free = count + 1, joined
        free -= size
    return count
