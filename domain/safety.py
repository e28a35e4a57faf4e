"""When a campaign does harm and stops itself, when its admins are told, and in which words.

| of a campaign | what is done |
| --- | --- |
| its last 100 sends: more than a quarter failed for good, of at least ten | it pauses itself |
| its sends of a day: three failed for good | the admins are told |
| its last 100 texts: half were skipped for want of consent, and at least ten | the admins are told |
| enrollments overdue by an hour, in which nobody has moved on | the admins are told |

Gmail and Yahoo block whoever keeps mailing to addresses that bounce; carriers do the same with texts.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

LAST: Final = 100
"""How many of a campaign's messages are looked at, the newest."""

DAY: Final = timedelta(days=1)
STALLED_AFTER: Final = timedelta(hours=1)

_ENOUGH_TO_TELL: Final = 10
_FAILED_IN_A_DAY: Final = 3


@dataclass(frozen=True, slots=True)
class Tally:
    """Of so many messages, so many went wrong; `error` is what the latest of those came to."""

    messages: int
    wrong: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told."""

    title: str
    message: str


def must_pause(sends: Tally) -> bool:
    """Whether too many of a campaign's last sends failed for good to go on."""
    return sends.messages >= _ENOUGH_TO_TELL and 4 * sends.wrong > sends.messages


def is_failing(sends_of_a_day: Tally) -> bool:
    """Whether the sends that failed for good are more than a wrong address or two."""
    return sends_of_a_day.wrong >= _FAILED_IN_A_DAY


def lacks_consent(texts: Tally) -> bool:
    """Whether a campaign texts people of whom many have never agreed to it."""
    return texts.wrong >= _ENOUGH_TO_TELL and 2 * texts.wrong >= texts.messages


def why_paused(sends: Tally) -> str:
    """Why a campaign has paused itself."""
    return f"{sends.wrong} of its last {sends.messages} messages failed for good.{_latest(sends)}"


def paused(name: str, because: str) -> Notice:
    """A campaign has paused itself."""
    return Notice(
        f"“{name}” has paused itself",
        f"{because} The campaign sends nothing until you resume it. Look at what failed and put it right, then "
        "resume it: everybody goes on where they stood.",
    )


def failing(name: str, sends_of_a_day: Tally) -> Notice:
    """Sends of a campaign fail."""
    return Notice(
        f"Messages of “{name}” are failing",
        f"{sends_of_a_day.wrong} messages of this campaign failed for good in the last 24 hours."
        f"{_latest(sends_of_a_day)} Look at what failed, and correct the addresses or the settings.",
    )


def consent_missing(name: str, texts: Tally) -> Notice:
    """Texts of a campaign are skipped in bulk."""
    return Notice(
        f"Many contacts in “{name}” have not agreed to texts",
        f"{texts.wrong} of the last {texts.messages} texts of this campaign were not sent, because there is no "
        "consent on record. Where a contact has agreed, note it with the contact; else reach them by e-mail.",
    )


def stalled(name: str, overdue: int, error: str | None) -> Notice:
    """Nobody in a campaign moves on."""
    who = "1 contact is" if overdue == 1 else f"{overdue} contacts are"
    return Notice(
        f"“{name}” is not moving",
        f"{who} overdue by more than an hour, and in that time nobody has moved on.{_said(error)} What waits is "
        "tried again by itself. If this lasts, ask whoever looks after your system.",
    )


def _latest(tally: Tally) -> str:
    return _said(tally.error)


def _said(error: str | None) -> str:
    return f" The latest error: {error.rstrip('.')}." if error else ""
