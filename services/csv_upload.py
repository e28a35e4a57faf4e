"""An uploaded CSV file of contacts, read piece by piece, so that nobody holds the whole of it."""

import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from domain.csv_rows import HeaderError, count_known, read_header
from domain.csv_text import (
    Lines,
    TooManyLines,
    error_handler,
    find_encoding,
    find_separator,
    read_records,
)
from domain.errors import Invalid

PIECE_ROWS: Final = 1000
"""Rows of a piece: a portion of about half a second."""

_PIECE_SIZE: Final = 1_000_000
"""Characters of a piece, about."""

_BLOCK: Final = 1 << 16
_BINARIES: Final = {
    b"PK\x03\x04": "is an Excel workbook or another ZIP archive",
    b"PK\x05\x06": "is an empty ZIP archive",
    b"\xd0\xcf\x11\xe0": "is an Excel workbook",
    b"%PDF": "is a PDF document",
    b"\x1f\x8b": "is a compressed file",
}

Row = tuple[int, list[str] | str]
"""The line and its cells, or why it cannot be read."""


class CsvUpload:
    """The columns of the file, and its rows.

    Raises:
        Invalid: it is no CSV file of contacts, which may show only when the pieces are read.
    """

    def __init__(self, file: BinaryIO) -> None:
        lines = Lines(_open(file).readline)
        try:
            separator = find_separator(lines, count_known)
            self._records = read_records(lines, separator)
            header = next(self._records, None)
            if header is None:
                raise _refusal("is empty")
            if header.trouble:
                raise _refusal(f"has no header that can be read: {header.trouble}")
            self.columns = read_header(header.cells)
        except (HeaderError, TooManyLines) as error:
            raise _refusal(str(error)) from error
        except UnicodeDecodeError as error:
            raise _broken() from error

    def pieces(self) -> Iterator[list[Row]]:
        """The rows below the header, in pieces that are small enough to be held."""
        piece: list[Row] = []
        size = 0
        try:
            for record in self._records:
                piece.append((record.line, record.trouble or record.cells))
                size += sum(map(len, record.cells))
                if len(piece) == PIECE_ROWS or size > _PIECE_SIZE:
                    yield piece
                    piece, size = [], 0
        except TooManyLines as error:
            raise _refusal(str(error)) from error
        except UnicodeDecodeError as error:
            raise _broken() from error
        if piece:
            yield piece


def _open(file: BinaryIO) -> io.TextIOWrapper:
    """The file as text. Raises Invalid."""
    start = file.read(_BLOCK)
    for mark, what in _BINARIES.items():
        if start.startswith(mark):
            raise _refusal(f"{what}, not CSV; open it and save it as CSV UTF-8")
    file.seek(0)
    encoding = find_encoding(iter(lambda: file.read(_BLOCK), b""))
    file.seek(0)
    return io.TextIOWrapper(file, encoding, error_handler(encoding), newline="")


def _broken() -> Invalid:
    return _refusal("ends in the middle of a character; it may not have been saved as a whole")


def _refusal(why: str) -> Invalid:
    return Invalid.field("file", why)
