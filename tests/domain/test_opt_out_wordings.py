"""More of what homeowners write: a keyword that is addressed to somebody, quoted, or drawn."""

import pytest

from domain.opt_out_words import Meaning, meaning


@pytest.mark.parametrize(
    "body",
    [
        "STOP ALL MESSAGES",
        "Wrong number",
        "I think you have the wrong number, sorry",
        "stop all the texts",
        "Please stop all calls and texts",
        "stop sir",
        "Stop man!",
        "STOP -Ann",
        "STOP - Ann Lee",
        "stop ok?",
        "STOP to end",
        "Stop 2 end",
        "STOP2END",
        '"STOP" to unsubscribe',
        "reply stop",
        "text STOP",
        "revoke all",
        "END END",
        "unsub",
        "No more",
        "detener mensajes",
        "cancelen los mensajes",
        "🛑",
        "🛑🛑🛑",
        "\U0001f6d1\ufe0f please",
    ],
)
def test_keyword_that_is_addressed_quoted_or_drawn_is_an_opt_out(body: str) -> None:
    assert meaning(body) is Meaning.OPT_OUT


@pytest.mark.parametrize(
    "body",
    [
        "I gave you the wrong number, mine is 303 555 0100",
        "stop all the leaks",
        "Don't stop all messages",
        "Road closed 🛑 use the alley",
        "ok 🛑",
        "text Stop Roofing instead",
        "no more leaks",
        "I can text stop by time later",
        "end of May - end of June",
        "cancelen la cita",
        "non-stop rain, can you come?",
        "one-stop shop",
        "Bus-stop is at the corner",
    ],
)
def test_such_words_about_something_else_are_a_reply(body: str) -> None:
    assert meaning(body) is None
