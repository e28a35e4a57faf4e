import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plain_text import own_words, plain_text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Hi <b>Ann</b>,</p><p>we come at nine.</p>", "Hi Ann,\nwe come at nine."),
        ("Hi<br>Ann", "Hi\nAnn"),
        ("Hi\n   Ann", "Hi Ann"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("9&nbsp;am", "9 am"),
        ("<style>p { color: red }</style><title>T</title><p>Hi</p>", "Hi"),
        ("<script>if (a < b) alert()</script>Hi", "Hi"),
        ("<!-- no -->Hi", "Hi"),
        ("<![if mso]>Hi<![endif]>", "Hi"),
        ("<<![x>![x[Hi", "< ![x[Hi"),
        ("<p>never closed <b>at all", "never closed at all"),
        ("", ""),
    ],
)
def test_words_of_html_come_out_a_line_for_each_block(html: str, words: str) -> None:
    assert plain_text(html) == words


@given(
    st.text(alphabet="aB<>/&;!?[]-#x\"' \n=", max_size=60) | st.text(alphabet="<![x>", max_size=12)
)
def test_nothing_that_arrives_as_html_fails(html: str) -> None:
    words = plain_text(html)

    assert words == words.strip()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("Stop\n\nOn Mon, 2 Nov 2026 at 9:00, Ridge <a@b.example> wrote:\n> Hi", "Stop"),
        ("Stop\n> Hi", "Stop"),
        ("Stop\n-----Original Message-----\nFrom: Ridge", "Stop"),
        ("Stop\nFrom: Ridge <a@b.example>", "Stop"),
        ("On Monday is fine.\nAnn", "On Monday is fine.\nAnn"),
        ("> all of it is quoted", ""),
    ],
)
def test_own_words_of_a_reply_end_where_it_quotes(reply: str, words: str) -> None:
    assert own_words(reply) == words
