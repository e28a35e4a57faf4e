"""CSV for spreadsheets, which take a cell that begins with `=` for a formula and run it.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

_FORMULA = re.compile(r"\s*[=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                      r"\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]|[\t\r\n]")  # fmt: skip
Cell = str | int | float | Decimal | date | None


def write_csv(kind: type[Any], rows: Iterable[object]) -> str:
    """A table of dataclasses of that kind: a line of their fields' names, and one for each."""
    names = [each.name for each in fields(kind)]
    return _write([names, *([getattr(row, name) for name in names] for row in rows)])


def cell(value: Cell) -> str:
    """A value as it may stand in a spreadsheet; a text that it could take for a formula begins with `'`.

    Numbers stay numbers, negative ones too.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, int | float | Decimal):
        return text
    return f"'{text}" if _FORMULA.match(text) else text


def _write(rows: Sequence[Sequence[Cell]]) -> str:
    file = StringIO()
    csv.writer(file).writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
