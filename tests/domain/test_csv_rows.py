"""CSV as spreadsheets of all countries write it, and what its rows say of contacts."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.csv_rows import Column, ContactRow, HeaderError, RowError, read_header, read_row
from domain.csv_text import (
    MAX_RECORD,
    SEPARATORS,
    Lines,
    Record,
    error_handler,
    find_encoding,
    find_separator,
    read_records,
)

HEADER = ["First name", "E-mail", "Roof age"]


def records_of(content: bytes) -> list[Record]:
    """All records of a file, its header the first."""
    encoding = find_encoding([content])
    text = io.TextIOWrapper(io.BytesIO(content), encoding, error_handler(encoding), newline="")
    lines = Lines(text.readline)
    separator = find_separator(lines, lambda header: len(set(header) & set(HEADER)))
    return list(read_records(lines, separator))


def cells_of(content: bytes) -> list[list[str]]:
    return [record.cells for record in records_of(content)]


def rows_of(content: bytes) -> list[ContactRow | str]:
    """What each row below the header says, or why it says nothing."""
    header, *records = records_of(content)
    columns = read_header(header.cells)
    rows: list[ContactRow | str] = []
    for record in records:
        try:
            rows.append(read_row(columns, record.line, record.cells))
        except RowError as error:
            rows.append(f"{record.line}: {error}")
    return rows


def one_row(header: str, row: str) -> ContactRow:
    (found,) = rows_of(f"{header}\n{row}\n".encode())
    assert isinstance(found, ContactRow), found
    return found


def columns_of(*names: str) -> list[str]:
    return [column.field for column in read_header(names)]


def tables(letters: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Rows of three cells with these letters, and with all that has to be quoted."""
    cell = st.text(letters | st.sampled_from(';,\t"\n\r'), max_size=12).map(str.strip)
    return st.lists(st.lists(cell, min_size=3, max_size=3).filter(any), max_size=8)


ANY = st.characters(exclude_categories=["Cc", "Cs"])
LATIN = st.characters(codec="ascii", exclude_categories=["Cc"]) | st.characters(
    min_codepoint=0xC0, max_codepoint=0xFF
)
"""In Windows-1252 never valid UTF-8, which a capital with a tilde before a symbol may be."""


@given(
    encoded=st.tuples(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), tables(ANY))
    | st.tuples(st.just("cp1252"), tables(LATIN)),
    separator=st.sampled_from(SEPARATORS),
    ending=st.sampled_from(["\r\n", "\n", "\r"]),
    minimal=st.booleans(),
    said=st.booleans(),
)
@settings(max_examples=150)
def test_whatever_a_spreadsheet_writes_is_read_as_it_was(
    *, encoded: tuple[str, list[list[str]]], separator: str, ending: str, minimal: bool, said: bool
) -> None:
    encoding, rows = encoded
    text = io.StringIO(newline="")
    if said:
        text.write(f"sep={separator}{ending}")
    table = [HEADER, *rows]
    # Python's writer leaves the other endings' characters without quotes.
    writer = csv.writer(
        text,
        delimiter=separator,
        lineterminator=ending,
        quoting=csv.QUOTE_MINIMAL if minimal and ending == "\r\n" else csv.QUOTE_ALL,
    )
    writer.writerows(table)

    assert cells_of(text.getvalue().encode(encoding)) == table


@given(st.binary(max_size=300))
def test_any_bytes_are_read_to_their_end(content: bytes) -> None:
    for record in records_of(content[: len(content) // 2 * 2]):
        assert record.cells or record.trouble


def test_letter_late_in_a_file_decides_on_its_encoding() -> None:
    plain = b"E-mail,First name\n" + b"ann@home.example,Ann\n" * 10_000
    assert cells_of(plain + "x@home.example,José".encode("cp1252"))[-1][1] == "José"
    assert cells_of(plain + "x@home.example,José".encode())[-1][1] == "José"


def test_broken_letter_in_utf_8_spoils_its_own_row_alone() -> None:
    content = "email,first name\na@home.example,José\n".encode() + b"b@home.example,Jos\xe9\n"
    good, bad = rows_of(content + "c@home.example,Zoë\n".encode())[:2]
    assert isinstance(good, ContactRow)
    assert good.fields["first_name"] == "José"
    assert (
        bad
        == '3: first_name (column "first name"): contains what is no character in the file\'s encoding'
    )


def test_file_that_breaks_off_within_a_letter_loses_its_last_row_alone() -> None:
    good, bad = rows_of("email,first name\na@home.example,José\nb@home.example,Zoë".encode()[:-1])
    assert isinstance(good, ContactRow)
    assert good.fields["first_name"] == "José"
    assert str(bad).startswith("3: first_name")


def test_nul_spoils_its_own_row_alone() -> None:
    first, second = rows_of(b"email\na\0nn@home.example\nbob@home.example\n")
    assert str(first).startswith("2: email: contains what is no character")
    assert isinstance(second, ContactRow)


def test_record_is_known_by_the_line_on_which_it_begins() -> None:
    records = records_of(b'sep=;\r\n\r\nE-mail;x\r\n"a\r\nb";1\r\n\r\n;;\r\nc;2\r\n\r\n')
    assert [record.line for record in records] == [3, 4, 8]


def test_quote_that_is_never_closed_takes_no_more_with_it_than_the_end() -> None:
    good, bad = records_of(b'E-mail,x\na,1\n"b,2\nc,3\n')[1:]
    assert good.cells == ["a", "1"]
    assert bad.line == 3
    assert bad.trouble.startswith("line 3 to 4 is not well-formed CSV")


def test_cell_and_row_without_an_end_are_left_behind() -> None:
    long = "x" * 200_000
    rows = records_of(f'E-mail,y\n"{long}",1\nb,2\n{"x," * MAX_RECORD}\nc,3\n'.encode())[1:]
    assert [(row.line, row.cells) for row in rows] == [
        (2, []),
        (3, ["b", "2"]),
        (4, []),
        (5, ["c", "3"]),
    ]
    assert "field larger" in rows[0].trouble
    assert f"{MAX_RECORD:,}" in rows[2].trouble


def test_unfinished_record_over_many_lines_is_left_behind() -> None:
    endless = '"a\n",' * (MAX_RECORD // 4)
    trouble = records_of(f"E-mail,y\n{endless}".encode())[1]
    assert f"{MAX_RECORD:,}" in trouble.trouble


def test_columns_are_known_by_their_usual_names() -> None:
    assert columns_of("First Name", "SURNAME", "e-mail", "Phone Number") == [
        "first_name", "last_name", "email", "phone",
    ]  # fmt: skip
    assert columns_of(" Email Address ", "Mobile", "Lead Status", "ZIP Code") == [
        "email", "phone", "stage", "postal_code",
    ]  # fmt: skip
    assert columns_of("email", "Tags", "Time zone", "State/Province", "assigned_to") == [
        "email", "tags", "timezone", "state", "assigned_to",
    ]  # fmt: skip
    assert columns_of("email", "SMS consent", "email_opt_out", "SMS Opt-Out") == [
        "email", "sms_consent", "email_opt_out", "sms_opt_out",
    ]  # fmt: skip


def test_other_columns_are_custom_fields() -> None:
    assert columns_of("email", "Roof age (years)", "custom.gate_code", "Dachgröße", "custom.a.b") == [
        "email", "custom.roof_age_years", "custom.gate_code", "custom.dachgröße", "custom.a_b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["first name", "last name"],
        ["email", "E-Mail"],
        ["phone", "mobile"],
        ["email", "Roof age", "custom.roof_age"],
        ["email", *(f"extra {number}" for number in range(201))],
        ["e\0m\0a\0i\0l\0"],
    ],
)
def test_header_that_does_not_say_who_is_who_is_refused(header: list[str]) -> None:
    with pytest.raises(HeaderError):
        read_header(header)


def test_values_take_their_stored_form() -> None:
    row = one_row(
        "email,mobile,tags,roof age,tz,zip,assigned_to",
        ' Ann@Home.Example ,(303) 555-0134,"hail; vip ,hail,",12,America/Denver,02134,Rob@Ridge.example',
    )
    assert row.fields == {
        "email": "ann@home.example",
        "phone": "+13035550134",
        "timezone": "America/Denver",
        "postal_code": "02134",
        "assigned_to": "Rob@Ridge.example",
    }
    assert (row.tags, row.custom) == (["hail", "vip"], {"roof_age": "12"})


def test_empty_cells_say_nothing() -> None:
    row = one_row("email,first name,tags,roof age,sms consent", "ann@home.example, ,,,")
    assert row == ContactRow(2, fields={"email": "ann@home.example"})


@pytest.mark.parametrize("text", ["yes", "TRUE", "1", "x", "Y"])
def test_flag_is_given_by_a_yes(text: str) -> None:
    assert one_row("email,sms_opt_out", f"ann@home.example,{text}").flags == {"sms_opt_out"}


@pytest.mark.parametrize("text", ["no", "False", "0", "", "N"])
def test_flag_is_not_given_by_a_no(text: str) -> None:
    assert one_row("email,sms_opt_out", f"ann@home.example,{text}").flags == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "ann"),
        ("email", "ann@home@example"),
        ("phone", "303-555-CALL"),
        ("phone", "555-0134"),
        ("phone", "3.03555E+09"),
        ("phone", " ".join("1" * 60_000)),
        ("first name", "x" * 256),
        ("stage", "x" * 101),
        ("zip", "x" * 21),
        ("timezone", "Denver"),
        ("sms_consent", "perhaps"),
        ("tags", "x" * 101),
        ("tags", ";".join(map(str, range(201)))),
        ("roof age", "x" * 2001),
    ],
)
def test_value_that_breaks_a_rule_is_named_with_its_column(name: str, value: str) -> None:
    key = Column(name, read_header([name, "email" if name != "email" else "phone"])[0].field)
    other = "phone" if name == "email" else "email"
    known = "3035550134" if name == "email" else "ann@home.example"
    (found,) = rows_of(f'{other},{name}\n{known},"{value}"\n'.encode())
    assert str(found).startswith(f"2: {key}: ")


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    (found,) = rows_of(b"E-mail,Mobile,sms_consent\nann,call me,maybe\n")
    assert str(found).count("; ") == 2
    assert 'email (column "E-mail"): ' in str(found)
    assert 'phone (column "Mobile"): ' in str(found)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ann@home.example", "has 1 cells where the header has 2"),
        ("ann@home.example,Ann,Lee", "has 3 cells where the header has 2"),
        (",Ann", "email, phone: one is needed, to know the contact again"),
    ],
)
def test_row_that_does_not_fit_the_header_is_told(row: str, reason: str) -> None:
    (found,) = rows_of(f"email,first name\n{row}\n".encode())
    assert found == f"2: {reason}"


def test_columns_without_a_name_may_be_empty() -> None:
    good, bad, beyond = rows_of(
        b"email,,first name,,\na@home.example,,Ann,,\nb@home.example,x,Bob,,\nc@home.example,,Cid,x,\n"
    )
    assert isinstance(good, ContactRow)
    assert str(bad).endswith("has a value, and its column no name")
    assert str(beyond).endswith("has 5 cells where the header has 3")
