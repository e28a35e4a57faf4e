"""What an e-mail says: its HTML where only text can be shown, and a reply without what it quotes."""

import itertools
import re
from html.parser import HTMLParser

_SILENT = frozenset({"head", "script", "style", "title", "template"})
_BLOCKS = frozenset(
    {"address", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table",
     "tr", "ul"}
)  # fmt: skip
_SECTIONS = re.compile(r"<!\[[^>]*>?")
"""`<![if mso]>` and the like: the parser fails at those that it does not know."""

_SPACES = re.compile(r"[^\S\n]+")
_QUOTES = re.compile(
    r"\s*(>|-{2,}\s*(original message|forwarded message)|_{8,}|(on|am|el|le)\b.*(wrote|schrieb|escribi\w+|écrit)\s*:"
    r"|from:\s)",
    re.IGNORECASE,
)
_GAPS = re.compile(r"\s*\n\s*")


def plain_text(html: str) -> str:
    """The words of the HTML, a line for each block. Not for showing as HTML: it holds whatever was escaped."""
    reader = _Reader()
    reader.feed(_SECTIONS.sub(" ", html))
    reader.close()
    return _GAPS.sub("\n", _SPACES.sub(" ", "".join(reader.said))).strip()


def own_words(text: str) -> str:
    """What the writer of a reply has written: what stands before the e-mail that it quotes."""
    lines = itertools.takewhile(lambda line: not _QUOTES.match(line), text.splitlines())
    return "\n".join(lines).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 — its port
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in the source is no more than a space.
            self.said.append(data.replace("\n", " "))
