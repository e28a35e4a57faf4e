"""CSV as spreadsheets write it: in which encoding, with which separator, and its records one by one.

Excel writes UTF-8 with a byte order mark, UTF-16 with one ("Unicode text"), and Windows-1252; other programs write
UTF-8. These are told apart by rule, so no library that guesses from frequencies of letters is asked: a text in
Windows-1252 with letters beyond ASCII is no valid UTF-8.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

SEPARATORS: Final = (",", ";", "\t")
MAX_RECORD: Final = 1_000_000
"""Characters of one record, so that none fills the memory. A cell has at most `csv.field_size_limit()`."""

MAX_LINES: Final = 1_000_000

_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ASCII: Final = bytes(range(128))
_ENOUGH: Final = 100_000
"""This many more damaged bytes than whole ones, and the rest of the file need not be looked at."""
_SEPARATOR_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_LINES_OF_A_HEADER = 20


def find_encoding(blocks: Iterable[bytes]) -> str:
    """The codec of a file, from the whole of it; the first block has three bytes at least, if the file has.

    A file with damaged letters is still UTF-8 as long as most of its letters beyond ASCII are.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    damaged = whole = 0
    for number, block in enumerate(blocks):
        if number == 0:
            for mark, encoding in _MARKS.items():
                if block.startswith(mark):
                    return encoding
        text = decoder.decode(block)
        if not text.isascii():
            good = len(text.encode("utf-8", "ignore").translate(None, _ASCII))
            whole += good
            damaged += len(text.encode("utf-8", "surrogateescape").translate(None, _ASCII)) - good
        if damaged > whole + _ENOUGH:
            break
    damaged += len(decoder.getstate()[0])  # it ends within a letter
    return "cp1252" if damaged > whole else "utf-8"


def error_handler(encoding: str) -> str:
    """Decodes what is no character into half a character, so that the row is known by it."""
    return "surrogatepass" if encoding == "utf-16" else "surrogateescape"


class TooManyLines(ValueError):  # noqa: N818 — it says what is wrong, as the other refusals do
    """A file that is too long."""


class Lines(Iterator[str]):
    """The lines of a text, none longer than what is left of `MAX_RECORD`. `number` is that of the last one.

    Args:
        readline: Reads a line with its end, or as many characters of it as it is told to.
    """

    def __init__(self, readline: Callable[[int], str]) -> None:
        self._readline = readline
        self._ahead: deque[str] = deque()
        self._room = MAX_RECORD
        self.number = 0

    def begin_record(self) -> None:
        """The lines from here on are another record's."""
        self._room = MAX_RECORD

    def ahead(self) -> Iterator[str]:
        """The next lines, which stay to be read."""
        for place in range(_LINES_OF_A_HEADER):
            if place == len(self._ahead):
                line = self._readline(MAX_RECORD)
                if not line:
                    return
                self._ahead.append(line)
            yield self._ahead[place]

    def __next__(self) -> str:
        """The next line. Raises `csv.Error` at the end of one that is too long, `TooManyLines` after the last."""
        line = self._ahead.popleft() if self._ahead else self._readline(self._room + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if self.number > MAX_LINES:
            raise TooManyLines(f"has more than {MAX_LINES:,} lines; split it")
        if len(line) > self._room:
            while line and not line.endswith(("\n", "\r")):
                line = self._readline(MAX_RECORD)
            raise csv.Error(f"a row has more than {MAX_RECORD:,} characters")
        self._room -= len(line)
        return line


@dataclass(frozen=True, slots=True)
class Record:
    """A record, and the line on which it begins; `trouble` says why it could not be read."""

    line: int
    cells: list[str]
    trouble: str = ""


def find_separator(lines: Lines, score: Callable[[list[str]], int]) -> str:
    """The separator of a file: what its line `sep=;` says, else the one whose header makes the most sense.

    Takes blank lines and Excel's `sep=` line off the lines.

    Args:
        lines: From the beginning of the file.
        score: How many cells of a header are known.
    """
    while line := next(lines.ahead(), ""):
        said = _SEPARATOR_LINE.fullmatch(line)
        if not said and line.strip():
            break
        next(lines)
        if said:
            return said[1]

    def sense(separator: str) -> tuple[int, int]:
        try:
            header = next(_reader(lines.ahead(), separator), [])
        except csv.Error:
            return (-1, 0)
        return (score(header), len(header))

    return max(SEPARATORS, key=sense)


def read_records(lines: Lines, separator: str) -> Iterator[Record]:
    """The records from here on, blank ones left out. After one that cannot be read it goes on with the next line."""
    reader = _reader(lines, separator)
    while True:
        lines.begin_record()
        first = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            last = f" to {lines.number:,}" if lines.number > first else ""
            yield Record(first, [], f"line {first:,}{last} is not well-formed CSV: {error}")
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Record(first, cells)


def _reader(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    # strict: else a quote that is never closed swallows the rows after it without a word.
    return csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
