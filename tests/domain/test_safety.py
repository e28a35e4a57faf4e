"""When a campaign stops itself, and when its admins are told."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.safety import (
    LAST,
    Notice,
    Tally,
    consent_missing,
    failing,
    is_failing,
    lacks_consent,
    must_pause,
    paused,
    stalled,
    why_paused,
)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    messages = draw(st.integers(0, LAST))
    return Tally(messages, draw(st.integers(0, messages)))


@given(tallies())
def test_campaign_pauses_when_more_than_a_quarter_of_ten_or_more_has_failed(sends: Tally) -> None:
    too_many = sends.messages >= 10 and Fraction(sends.wrong, sends.messages) > Fraction(1, 4)
    assert must_pause(sends) is too_many


@given(tallies())
def test_one_more_failure_never_lets_a_campaign_go_on(sends: Tally) -> None:
    if must_pause(sends):
        assert must_pause(Tally(sends.messages + 1, sends.wrong + 1))


@given(tallies())
def test_one_more_success_never_stops_a_campaign_that_had_enough_sends(sends: Tally) -> None:
    if sends.messages >= 10 and not must_pause(sends):
        assert not must_pause(Tally(sends.messages + 1, sends.wrong))


@pytest.mark.parametrize(
    ("messages", "wrong", "pauses"),
    [
        (9, 9, False),
        (10, 2, False),
        (10, 3, True),
        (12, 3, False),
        (100, 25, False),
        (100, 26, True),
    ],
)
def test_quarter_itself_is_not_too_much(messages: int, wrong: int, pauses: bool) -> None:
    assert must_pause(Tally(messages, wrong)) is pauses


@pytest.mark.parametrize(("wrong", "told"), [(0, False), (2, False), (3, True), (50, True)])
def test_third_failure_of_a_day_is_told(wrong: int, told: bool) -> None:
    assert is_failing(Tally(wrong, wrong)) is told


@pytest.mark.parametrize(
    ("messages", "wrong", "told"),
    [
        (9, 9, False),
        (10, 10, True),
        (20, 10, True),
        (21, 10, False),
        (100, 49, False),
        (100, 50, True),
    ],
)
def test_missing_consent_is_told_at_half_of_the_texts_and_ten(
    messages: int, wrong: int, told: bool
) -> None:
    assert lacks_consent(Tally(messages, wrong)) is told


def test_admins_read_what_happened_how_often_and_what_to_do() -> None:
    sends = Tally(40, 12, "Resend 403: the domain is not verified.")
    because = why_paused(sends)
    assert because == (
        "12 of its last 40 messages failed for good. "
        "The latest error: Resend 403: the domain is not verified."
    )
    assert paused("Storm", because) == Notice(
        "“Storm” has paused itself",
        f"{because} The campaign sends nothing until you resume it. Look at what failed and put it "
        "right, then resume it: everybody goes on where they stood.",
    )
    assert failing("Storm", Tally(3, 3)).message.startswith("3 messages of this campaign failed")
    assert "50 of the last 100 texts" in consent_missing("Storm", Tally(100, 50)).message
    assert stalled("Storm", 1, None).message.startswith("1 contact is overdue")
    assert stalled("Storm", 2, "no answer").message.startswith(
        "2 contacts are overdue by more than an hour, and in that time nobody has moved on. "
        "The latest error: no answer. "
    )
