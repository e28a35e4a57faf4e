"""How an e-mail comes to tell that it was opened, and which of its links was followed.

The HTML is changed in place: a pixel goes in, web links give way to links of ours, and everything else stays as it
was written, byte for byte. Tags are found as the HTML standard finds them
(https://html.spec.whatwg.org/multipage/parsing.html#tokenization), so that what a mail program takes for a comment,
a style or a text is none of our business either.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from html.entities import html5

MAX_TARGET = 2000
"""Characters of a URL. A longer one is left alone: in a token it outgrows what proxies take in a request."""

_SPACE = r"[\t\n\f\r ]"
_NAME = re.compile(r"</?([a-zA-Z][^\t\n\f\r />]*)")
# Possessive: a value whose quote never closes must not be read as one without quotes.
_ATTRIBUTE = re.compile(
    rf"""(?:{_SPACE}|/)*+ (?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*+)
    (?: {_SPACE}*+ = {_SPACE}*+ (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)'
                                  | (?!["']) (?P<bare>[^\t\n\f\r >]*+) )
      | (?! {_SPACE}*+ = ) )""",
    re.VERBOSE,
)
_TAG_END = re.compile(rf"(?:{_SPACE}|/)*+>")
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_OTHER = re.compile(r"<[!?/][^>]*(?:>|\Z)")
"""A doctype, `<![if mso]>`, `<?xml …>`: to a browser no tags."""

_NO_MARKUP_INSIDE = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
)
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_REFERENCE = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|(?P<name>[a-zA-Z][a-zA-Z0-9]*(?:;|(?![a-zA-Z0-9=]))))"
)
"""In an attribute `&copy=2` and `&region` are no references: links are written so.

https://html.spec.whatwg.org/multipage/parsing.html#named-character-reference-state
"""
_DROPPED_FROM_URLS = str.maketrans("", "", "\t\n\r")
"""As browsers do: https://url.spec.whatwg.org/#concept-basic-url-parser."""


@dataclass(frozen=True, slots=True)
class Tracking:
    """Where an e-mail tells of itself: the URL of its pixel, and of the link that stands for a target."""

    pixel: str
    click: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag in its place. `attributes` are the places of the values; the first of a name counts."""

    name: str
    start: int
    closes: bool
    attributes: Mapping[str, tuple[int, int]]


def tracked(html: str, tracking: Tracking, *, unsubscribe_link: str) -> str:
    """The HTML of an e-mail with pixel and click links.

    Links to elsewhere than the web (`mailto:`, `tel:`, `#`, relative ones) stay, and so does the way
    out: nobody who leaves is to be counted on the way.
    """
    changes: list[tuple[int, int, str]] = []
    pixel_at = len(html)
    for tag in _tags(html):
        if tag.closes:
            pixel_at = tag.start if tag.name == "body" else pixel_at
        elif tag.name in ("a", "area") and (place := tag.attributes.get("href")):
            target = _target(html[slice(*place)])
            if _WEB.match(target) and len(target) <= MAX_TARGET and target != unsubscribe_link:
                changes.append((*place, escape(tracking.click(target))))
    image = f'<img src="{escape(tracking.pixel)}" width="1" height="1" alt="" style="border:0">'
    changes.append((pixel_at, pixel_at, image))
    parts, done = [], 0
    for start, end, new in sorted(changes):
        parts += [html[done:start], new]
        done = end
    return "".join([*parts, html[done:]])


def _target(value: str) -> str:
    """The URL that an attribute's value means."""
    return _REFERENCE.sub(_character, value).strip().translate(_DROPPED_FROM_URLS)


def _character(reference: re.Match[str]) -> str:
    name = reference["name"]
    return reference[0] if name and name not in html5 else unescape(reference[0])


def _tags(html: str) -> Iterator[_Tag]:
    """The tags that count, in their order."""
    at = html.find("<")
    while at >= 0:
        if comment := _COMMENT.match(html, at):
            at = comment.end()
        elif name := _NAME.match(html, at):
            tag, end = _tag(html, name)
            if tag is None:
                return
            yield tag
            at = end if tag.closes else _past_text(html, tag.name, end)
        elif other := _OTHER.match(html, at):
            at = other.end()
        else:
            at += 1
        at = html.find("<", at)


def _tag(html: str, name: re.Match[str]) -> tuple[_Tag | None, int]:
    """The tag that begins so, and where it ends; None if it never does."""
    attributes: dict[str, tuple[int, int]] = {}
    at = name.end()
    while found := _ATTRIBUTE.match(html, at):
        value = found.lastgroup if found.lastgroup != "name" else None
        place = found.span(value) if value else (found.end(), found.end())
        attributes.setdefault(found["name"].lower(), place)
        at = found.end()
    end = _TAG_END.match(html, at)
    if end is None:
        return None, len(html)
    closes = html.startswith("</", name.start())
    return _Tag(name[1].lower(), name.start(), closes, attributes), end.end()


def _past_text(html: str, name: str, at: int) -> int:
    """Where markup begins again: after the content of a script, a style or the like."""
    if name not in _NO_MARKUP_INSIDE:
        return at
    end = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE).search(html, at)
    return end.start() if end else len(html)
