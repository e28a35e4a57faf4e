"""Links with character references, which mean in an attribute what a browser takes them for."""

from html import escape

import pytest

from domain.tracking import Tracking, tracked


def targets(html: str) -> list[str]:
    """What the links of an e-mail lead to."""
    found: list[str] = []

    def click(target: str) -> str:
        found.append(target)
        return "https://c.example/"

    tracked(html, Tracking("https://p.example/", click), unsubscribe_link="https://u.example/")
    return found


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        # https://html.spec.whatwg.org/multipage/parsing.html#named-character-reference-state
        ("a=1&copy=2", "a=1&copy=2"),
        ("x=1&region=5&section=2&notify=1&current=3&param=4", None),
        ("a=1&ampere=2&lt=3&gt=4", None),
        ("&notit;", None),
        ("&unknown;&a", None),
        ("a=1&amp;b=2", "a=1&b=2"),
        ("a=1&ampb=2&amp", "a=1&ampb=2&"),
        ("q=&quot;x&quot;", 'q="x"'),
        ("&#38;&#x26;&#38&#X26;", "&&&&"),
        ("&notin;", "∉"),
        ("&copy;=1&copy", "©=1©"),
        ("&#0;&#1114112;", "\ufffd\ufffd"),
        ("&&;&#;&#x;", None),
    ],
)
def test_reference_in_a_link_means_what_a_browser_takes_it_for(
    query: str, meant: str | None
) -> None:
    base = "https://a.example/?"
    expected = base + (query if meant is None else meant)
    assert targets(f'<a href="{base}{query}">') == [expected]
    assert targets(f'<a href="{escape(expected)}">') == [expected], "escaped, it means the same"
