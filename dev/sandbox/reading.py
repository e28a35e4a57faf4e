"""What a mail program finds in an e-mail: its links, its images, the way out in its head."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

_LINK_IN_HEADER = re.compile(r"<(https?://[^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Link:
    """A link, and the words that one clicks on."""

    url: str
    words: str


def links(html: str) -> list[Link]:
    """The links that lead into the web, in their order."""
    return [link for link in _read(html).links if link.url.startswith(("http://", "https://"))]


def images(html: str) -> list[str]:
    """The addresses of the images, in their order."""
    return _read(html).images


def unsubscribe_link(headers: Mapping[str, str]) -> str | None:
    """Where `List-Unsubscribe` says that one unsubscribes by a POST (RFC 8058)."""
    match = _LINK_IN_HEADER.search(headers.get("List-Unsubscribe", ""))
    return match[1] if match else None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.images: list[str] = []
        self._url: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            self._url, self._words = values.get("href"), []
        elif tag == "img" and (source := values.get("src")):
            self.images.append(source)

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url:
            self.links.append(Link(self._url, " ".join("".join(self._words).split())))
            self._url = None


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
