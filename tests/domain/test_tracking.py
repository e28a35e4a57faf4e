"""An e-mail that tells of its opening and of its links, and is otherwise the one that was written."""

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.message_configs import SendEmail
from domain.messages import compose_email
from domain.tracking import MAX_TARGET, Tracking, tracked

PIXEL = "https://ridge.example/t/o/pixel"
CLICK = "https://ridge.example/t/c/"
WAY_OUT = "https://ridge.example/u/token"
IMAGE = f'<img src="{PIXEL}" width="1" height="1" alt="" style="border:0">'
TRACKING = Tracking(PIXEL, lambda target: CLICK + target.encode().hex())


def track(html: str) -> str:
    return tracked(html, TRACKING, unsubscribe_link=WAY_OUT)


def click(target: str) -> str:
    return CLICK + target.encode().hex()


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ('<a href="{}">x</a>', "https://a.example/?q=1#top"),
        ("<a href='{}'>x</a>", "http://a.example/it"),
        ("<a href={}>x</a>", "http://a.example/"),
        ("<a href={} class=x>x</a>", "http://a.example"),
        ('<A CLASS="x" HREF="{}" TITLE=\'y\'>x</A>', "HTTPS://A.example/"),
        ('<a\n\thref = "{}"\n>x</a>', "https://a.example"),
        ('<a title="a > b" data-x=\'"\' href="{}">x</a>', "https://a.example"),
        ('<map><area shape="rect" href="{}"/></map>', "https://a.example"),
        ('<a/href="{}">x</a>', "https://a.example"),
        ('<p>1 < 2 <a href="{}">x</a>', "https://a.example"),
        ('<![if mso]><a href="{}">x</a><![endif]>', "https://a.example"),
        ('<!-- > --><a href="{}">x</a>', "https://a.example"),
        ('<!--><a href="{}">x</a>', "https://a.example"),
        ('<script>"</scripty>"</script ><a href="{}">x</a>', "https://a.example"),
        ('<!DOCTYPE html><html><a href="{}" href="http://other.example">x</a>', "https://a.b"),
    ],
)
def test_web_link_gives_way_to_a_click_link_and_nothing_around_it_moves(
    written: str, target: str
) -> None:
    assert track(written.format(target)) == written.format(click(target)) + IMAGE


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&b=2", "https://a.example/?a=1&b=2"),
        ("&#104;ttps://a.example/&quot;", 'https://a.example/"'),
        (" https://a.example/a\n b ", "https://a.example/a b"),
        ("https://a.example/ü?q=dächer", "https://a.example/ü?q=dächer"),
    ],
)
def test_target_is_what_a_browser_takes_the_value_for(value: str, target: str) -> None:
    assert track(f'<a href="{value}">x</a>') == f'<a href="{click(target)}">x</a>{IMAGE}'


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="{WAY_OUT}">Unsubscribe</a>',
        '<a href="mailto:ann@home.example">x</a>',
        '<a href="tel:+13035550100">x</a>',
        '<a href="#top">x</a>',
        '<a href="/about">x</a>',
        '<a href="//a.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="">x</a>',
        "<a href>x</a>",
        '<a href href="https://a.example">x</a>',
        '<a name="x">x</a>',
        '<a data-href="https://a.example">x</a>',
        '<a href="https://">x</a>',
        f'<a href="https://a.example/{"x" * MAX_TARGET}">x</a>',
        '<abbr href="https://a.example">x</abbr>',
        '<link href="https://a.example/x.css"><img src="https://a.example/x.png">',
        '<!-- <a href="https://a.example">x</a> -->',
        '<!--[if mso]><a href="https://a.example">x</a><![endif]-->',
        "<style>a::after { content: '<a href=\"https://a.example\">' }</style>",
        "<script>document.write('<a href=\"https://a.example\">')</script>",
        '<TITLE><a href="https://a.example"></TITLE>',
        '<textarea><a href="https://a.example"></textarea>',
        "<img alt='<a href=\"https://a.example\">'>",
        "&lt;a href=https://a.example&gt;",
        "https://a.example",
        '<a href="https://a.example>x</a>',
        '<a href="https://a.example"',
        "<",
        "<a",
        "</",
        "<!",
        "<!-- unfinished",
        "<style>unfinished",
        "",
    ],
)
def test_what_is_no_web_link_stays(html: str) -> None:
    assert track(html) == html + IMAGE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<html><body><p>Hi</p>", "</body></html>"),
        ("<p>Hi</p>", "</BODY >\n</html>\n"),
        ("<!-- </body> --><p>Hi</p>", "</body>"),
        ("<p>Hi</p><!-- </body> -->", ""),
        ("<p>Hi</p><style></body></style>", ""),
        ("<body>Hi", ""),
    ],
)
def test_pixel_is_the_last_thing_of_the_body(before: str, after: str) -> None:
    assert track(before + after) == before + IMAGE + after


def test_link_behind_the_body_is_a_link_too() -> None:
    html = '<body>Hi</body><a href="https://a.example">x</a>'

    assert track(html) == f'<body>Hi{IMAGE}</body><a href="{click("https://a.example")}">x</a>'


def test_address_of_pixel_and_click_cannot_break_out_of_their_attributes() -> None:
    hostile = Tracking('https://a.example/"><b>', lambda _: 'https://a.example/"&<')

    html = tracked('<a href="http://b.example">x</a>', hostile, unsubscribe_link="")

    assert '<a href="https://a.example/&quot;&amp;&lt;">' in html
    assert '<img src="https://a.example/&quot;&gt;&lt;b&gt;" ' in html


pieces = st.one_of(
    st.sampled_from(
        [
            "<p class='x'>", "</p>", "<br/>", " a < b && c ", "&amp;", "\n", "é", "<!-- c -->", "<b>", "'", '"',
            "<style>p{}</style>", "</div>", "<!doctype html>", "<td width=10 nowrap>", "<?xml?>", "<a>", "<", ">",
        ]
    ),
    st.builds(
        lambda quote, path: f"<a href={quote}http://a.example/{path}{quote}>",
        st.sampled_from(["'", '"']),
        st.text("abcäö/?=._-", max_size=10),
    ),
    st.text(max_size=15),
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(pieces, max_size=12).map("".join))
def test_any_text_comes_back_when_pixel_and_links_are_taken_out_again(html: str) -> None:
    targets: list[str] = []

    def number(target: str) -> str:
        targets.append(target)
        return f"{CLICK}{len(targets) - 1};"

    result = tracked(html, Tracking(PIXEL, number), unsubscribe_link=WAY_OUT)

    assert result.count(IMAGE) == html.count(IMAGE) + 1
    restored = result.replace(IMAGE, "", 1)
    for place, target in enumerate(targets):
        assert target.startswith("http://a.example/")
        restored = restored.replace(f"{CLICK}{place};", target)
    assert restored == html


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]


links = st.lists(
    st.builds(
        lambda before, host: (f'{before}<a class=b href="http://{host}.example/?a&amp;b">', host),
        st.sampled_from(["<p>", "text &lt;", "<!-- x -->", "<style>x</style>", "<i title='>'>"]),
        st.text("abc", min_size=1, max_size=5),
    ),
    max_size=5,
)


@settings(max_examples=100)
@given(links)
def test_mail_program_finds_every_link_and_each_leads_where_it_led(
    written: list[tuple[str, str]],
) -> None:
    reader = _Hrefs()
    reader.feed(track("".join(html for html, _ in written)))
    reader.close()

    assert reader.found == [click(f"http://{host}.example/?a&b") for _, host in written]


VALUES = {"unsubscribe_link": WAY_OUT, "review_link": "https://reviews.example/?a=1&b=2"}


def test_composed_email_is_tracked_but_for_its_way_out() -> None:
    config = SendEmail(subject="Hi", html='<a href="{{ review_link }}">Review us</a>')

    email = compose_email(config, VALUES, postal_address="1 Road", tracking=TRACKING)

    assert email.html
    assert f'<a href="{click(VALUES["review_link"])}">Review us</a>' in unescape(email.html)
    assert f'<a href="{WAY_OUT}">Unsubscribe</a>' in email.html
    assert email.html.endswith(IMAGE)


def test_text_is_sent_as_it_was_written() -> None:
    config = SendEmail(subject="Hi", text="Review us: https://reviews.example/")

    email = compose_email(config, VALUES, postal_address="1 Road", tracking=TRACKING)

    assert email.html is None
    assert email.text
    assert "https://reviews.example/" in email.text
    assert "/t/" not in email.text


def test_email_that_is_only_looked_at_is_not_tracked() -> None:
    config = SendEmail(subject="Hi", html='<a href="{{ review_link }}">Review us</a>')

    email = compose_email(config, VALUES, postal_address="1 Road")

    assert email.html
    assert "/t/" not in email.html
