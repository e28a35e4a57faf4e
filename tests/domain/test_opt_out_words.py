"""What homeowners write, and what it says about consent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.opt_out_words import Meaning, meaning

OPT_OUTS = """
STOP | stop | Stop. | STOP!!! | "STOP" | 'stop' | “Stop” | ＳＴＯＰ | 🛑 STOP 🛑 | S T O P | S.T.O.P. | stooooop | stopp
END | Quit | cancel | Cancel. | UNSUBSCRIBE | unsubscribed | unsuscribe | StopAll | stop all | stop-all | REVOKE
OPTOUT | opt out | Opt-Out please | I'm opting out | opt me out | I would like to opt out
Please stop | stop please | just stop | stop it | STOP NOW | I said stop | ok stop | stop stop stop | stop already
Stop, thanks | Thank you. STOP | No longer need your services please stop | Will you stop? | i want this to stop
Stop. Wrong number. | Not interested, stop | STOP I already have a roofer | This is harassment. Stop. | Stop, we sold it
please stop texting me | Can you stop texting me? | quit texting me | plz stop txting | u need to stop | stop messaging
If you don't stop texting me I will report you | why won't you stop texting me | I told you to stop
I asked you guys to stop | stop sending me these messages | stop with the texts | stop sending | end these messages
cancel these texts | cancel my subscription | cease and desist | Cease all communications
How can I stop these messages? | I do not want this to go on, stop
how do i get these texts to stop | Stop harassing me | stop contacting me at this number
You can stop texting, I booked
take me off your list | Take me off this list now! | please take me off | get me off this list | remove | remove me
please take us off your list | remove me from your list | please remove my number | delete my number | have me removed
Is there a way to be removed from this list? | I'd like to be removed | unsubscribe me please | How do I unsubscribe?
do not contact me again | Don't contact me | don’t text me anymore | dont text this number | do not text
Do not contact this number | don't text me at this number | do not call or text me | pls dont txt me | Dont bother me
never text me again | do not reach out to me again | Don't send me anything | dont send any more texts
leave me alone | leave me the hell alone!! | no more texts | No more messages please | no texts | no further contact
no more calls or texts | I don't want any more texts | I do not want to receive these messages
I don't want you to text me
I no longer wish to be contacted | I never want to hear from you | lose my number | put me on your do not call list
I revoke my consent | You do not have permission to text me | I never gave you permission to contact me | go away
PARAR | parar por favor | BAJA | Alto | Cancelar | No me escriban más | no me escriba mas por favor | no me llame más
no me manden más mensajes | Ya no me manden mensajes | no me contacten | dejen de enviarme mensajes | deje de molestarme
no quiero recibir mensajes | ya no quiero más mensajes | quítenme de la lista | sáquenme de su lista | denme de baja
no más mensajes | borre mi número | déjenme en paz
"""  # noqa: RUF001 — quotes and wide letters as phones send them

NO_OPT_OUTS = """
when can you stop by? | Stop by anytime | Can you stop by tomorrow | Can you please stop by? | stop over at 5
stop at my house on Friday | Sounds good, stop in whenever | Please stop at 123 Main St | I asked you to stop by
I'll stop by your office | we stopped by yesterday | I'll be at the bus stop | pit stop first | nonstop leaks
don't stop | please don't stop | please don't stop texting me | I don't want you to stop texting me
Did you stop texting me?
The leak won't stop | The rain doesn't stop | When will the rain stop? | Can you stop the leak? | Stop the leak!
can you stop by to look at the end of the roof | quit raining, can you come? | I quit my job | quit claim deed
please don't cancel my appointment | cancel my Tuesday appointment | I need to cancel tomorrow | yes, cancel
Can we cancel the inspection? | Cancel the visit. Thanks | please cancel the crew for tomorrow | Did you cancel?
at the end of the street | the roof is at the end of its life | end of the month works | is this the end?
I didn't mean to unsubscribe | I unsubscribed by mistake | don't unsubscribe me | don't remove me
don't take me off the list | take me off the schedule | remove me from the Tuesday slot | remove my gutters
please remove the old shingles | I want the shingles to be removed | leave the ladder alone | no more leaks!
don't text me before 9am | don't text me while I'm at work | do not text me after 9pm | do not contact me until Monday
don't call me, text me | don't call, text is better | Please do not call, only text | don't contact me by phone
don't hesitate to contact me | dont forget to text me | why didn't you text me? | you never text me back
If you don't contact me by Friday I'll hire someone else | why don't you text me the quote | Text me the quote
don't contact my insurance | don't send the crew today | Don't bother coming | I did not get your text
I don't want to get wet | I don't need a roof | I don't have time to text | I never text | No thanks | not interested
Liked “Hi Ann, your roof. Reply STOP to opt out” | Loved "Reply STOP to unsubscribe" | 👍 to “Reply STOP to opt out”
Reacted 👍 to “Reply STOP to opt out” | Yes | YES | no | ok | 🙂 | ??? | When can you start? | Start Monday
No me llame antes de las 9 | la casa es de planta baja | ¿Puede parar mañana en mi casa? | no para de llover | no pare
no me mande la factura | deje la puerta abierta
"""


def phrases(table: str) -> list[str]:
    return [phrase.strip() for line in table.strip().splitlines() for phrase in line.split(" | ")]


@pytest.mark.parametrize("body", phrases(OPT_OUTS))
def test_wording_that_a_reasonable_person_takes_for_an_opt_out_is_one(body: str) -> None:
    assert meaning(body) is Meaning.OPT_OUT


@pytest.mark.parametrize("body", phrases(NO_OPT_OUTS))
def test_wording_about_something_else_is_a_reply(body: str) -> None:
    assert meaning(body) is None


@pytest.mark.parametrize(
    "body", ["START", "start.", "Unstop", "subscribe", "opt in", "Opt-In please", "“START”"]
)
def test_word_for_an_opt_in_alone_opts_in(body: str) -> None:
    assert meaning(body) is Meaning.OPT_IN


@pytest.mark.parametrize("body", ["HELP", "help!", "Info please", "ayuda"])
def test_word_for_help_alone_asks_for_help(body: str) -> None:
    assert meaning(body) is Meaning.HELP


@pytest.mark.parametrize(
    "body", ["STOP, don't start", "start. STOP", "Stop! Help", "help me, stop"]
)
def test_text_that_opts_out_and_says_more_opts_out(body: str) -> None:
    assert meaning(body) is Meaning.OPT_OUT


KEYWORDS = [
    "stop",
    "end",
    "quit",
    "cancel",
    "unsubscribe",
    "stopall",
    "revoke",
    "optout",
    "opt out",
]
AROUND = st.text(" \t\n.!?\"'“”‘’()*_-~🙏🏠🛑\u200b\ufe0f", max_size=6)  # noqa: RUF001 — what phones put there


@given(st.sampled_from(KEYWORDS), st.lists(st.booleans(), min_size=11, max_size=11), AROUND, AROUND)
def test_keyword_in_any_case_with_anything_around_it_opts_out(
    keyword: str, upper: list[bool], before: str, after: str
) -> None:
    cased = "".join(c.upper() if up else c for c, up in zip(keyword, upper, strict=False))
    assert meaning(before + cased + after) is Meaning.OPT_OUT


@given(st.sampled_from(phrases(OPT_OUTS)), st.sampled_from([str.upper, str.lower, str.title]))
def test_case_changes_nothing(phrase: str, cased: object) -> None:
    assert callable(cased)
    assert meaning(cased(phrase)) is Meaning.OPT_OUT


@settings(max_examples=200)
@given(
    st.text(max_size=1600)
    | st.lists(st.sampled_from(["stop", "dont", "text", "me", "the", "all", "by"])).map(" ".join)
)
def test_whatever_is_written_has_one_meaning_or_none(body: str) -> None:
    assert meaning(body) in {None, *Meaning}
