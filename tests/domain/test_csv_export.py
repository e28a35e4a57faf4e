"""What a spreadsheet makes of our files: texts and numbers, never a formula."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.csv_export import Cell, cell, write_csv


@dataclass(frozen=True)
class Row:
    name: str
    amount: Decimal | None


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\tx", "\r=1", "\n=1", "=cmd|' /C calc'!A0",
        "\N{FULLWIDTH EQUALS SIGN}1", "\N{NO-BREAK SPACE}=1",
    ],
)  # fmt: skip
def test_text_that_could_be_a_formula_is_told_to_be_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Hail, 2026", "Hail, 2026"),
        ("1-2", "1-2"),
        ("'quoted'", "'quoted'"),
        (None, ""),
        (True, "true"),
        (0, "0"),
        (-12, "-12"),
        (Decimal("-400.10"), "-400.10"),
        (0.25, "0.25"),
        (date(2026, 3, 8), "2026-03-08"),
    ],
)
def test_value_stays_what_it_is(value: Cell, written: str) -> None:
    assert cell(value) == written


@given(st.text())
def test_no_text_begins_as_a_formula_does(text: str) -> None:
    assert cell(text).lstrip()[:1] not in tuple("=+-@")


@given(st.lists(st.builds(Row, st.text(st.characters(codec="utf-8")), st.none())))
def test_file_reads_back_row_by_row(rows: list[Row]) -> None:
    file = StringIO(write_csv(Row, rows), newline="")
    header, *read = csv.reader(file)
    assert header == ["name", "amount"]
    assert read == [[cell(row.name), ""] for row in rows]
