"""What an import is said to do: the same as it then does, and nothing happens."""

import httpx
import pytest

from domain.csv_text import MAX_LINES
from services.import_preview import LOOKED_AT
from tests.api.client import invalid_fields
from tests.world import Caller, Json, World


async def ask(who: Caller, content: bytes | str) -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    files = {"file": ("contacts.csv", raw)}
    return await who.request("POST", "/contacts/import/preview", files=files)


async def preview(world: World, content: bytes | str) -> Json:
    answer = await ask(world.staff, content)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()["preview"]
    return body


async def test_preview_tells_columns_and_the_first_rows_as_they_stand(world: World) -> None:
    told = await preview(
        world, "First Name;E-mail;Roof age;\r\nJosé;jose@home.example; 12 ;\r\n".encode("cp1252")
    )

    assert told["columns"] == [
        {"header": "First Name", "field": "first_name"},
        {"header": "E-mail", "field": "email"},
        {"header": "Roof age", "field": "custom.roof_age"},
    ]
    assert told["sample"] == [["José", "jose@home.example", "12", ""]]
    assert (told["rows"], told["looked_at"], told["new"], told["known"]) == (1, 1, 1, 0)
    assert (told["failed"], told["problems"]) == (0, [])


async def test_column_without_a_name_means_no_field(world: World) -> None:
    told = await preview(world, "email,,phone\nann@home.example,,\n")

    assert told["columns"][1] == {"header": "", "field": None}


async def test_preview_counts_people_and_not_rows(world: World) -> None:
    await world.create_contact(email="ann@home.example", phone=None)
    await world.create_contact(email="bob@home.example", phone="+13035550134")

    told = await preview(
        world,
        "email,phone\nANN@home.example,\n,303-555-0134\nbob@home.example,\n"
        "cid@home.example,\ncid@home.example,\ndan@home.example,\n",
    )

    assert (told["rows"], told["known"], told["new"], told["failed"]) == (6, 2, 2, 0)


async def test_contacts_of_another_company_are_new(world: World, stranger: World) -> None:
    await stranger.create_contact(email="ann@home.example")

    assert (await preview(world, "email\nann@home.example\n"))["new"] == 1


async def test_rows_that_could_not_be_taken_are_told_by_line(world: World) -> None:
    told = await preview(
        world,
        "email,assigned to,notes\n"
        "ann@home.example,,\n"
        "bob@home,,\n"
        'cid@home.example,nobody@ridge.example,"two\nlines"\n'
        "dan@home.example\n"
        'eve@home.example,,"no end" x\n',
    )

    assert (told["rows"], told["new"], told["failed"]) == (5, 1, 4)
    assert [problem["line"] for problem in told["problems"]] == [3, 4, 6, 7]
    assert told["problems"][0]["detail"].startswith("email: not an e-mail address")
    assert "names no user" in told["problems"][1]["detail"]


async def test_nothing_is_saved(world: World) -> None:
    await preview(world, "email,roof age\nann@home.example,12\n")

    assert (await world.staff.get("/contacts"))["total"] == 0
    assert (await world.staff.get("/jobs"))["total"] == 0
    assert not [each for each in (await world.staff.get("/vocabulary"))["fields"] if "roof" in each]


async def test_of_a_long_file_the_first_rows_are_looked_at_and_all_are_counted(
    world: World,
) -> None:
    rows = "".join(f"home{number}@home.example\n" for number in range(LOOKED_AT + 1_500))
    told = await preview(world, f"email\n{rows}nobody\n")

    assert (told["rows"], told["looked_at"]) == (LOOKED_AT + 1_501, LOOKED_AT)
    assert (told["new"], told["failed"], len(told["sample"])) == (LOOKED_AT, 0, 5)


async def test_problems_and_cells_without_end_are_cut(world: World) -> None:
    rows = "".join(f"nobody {number}\n" for number in range(150))
    told = await preview(world, f"email\n{'x' * 1_000}\n{rows}")

    assert (told["failed"], len(told["problems"])) == (151, 100)
    assert (len(told["sample"][0][0]), told["sample"][0][0][-1]) == (200, "…")


async def test_letters_that_are_damaged_are_shown_as_such(world: World) -> None:
    told = await preview(world, "email,name\nann@home.example,é é é ".encode() + b"\xff\n")

    assert told["sample"] == [["ann@home.example", "é é é ?"]]
    assert told["failed"] == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + bytes(100), "save it as CSV"),
        (b"colour,size\r\nred,4\r\n", "no column"),
        (b"email\r\n" + b"\n" * MAX_LINES, "more than"),
    ],
)
async def test_file_that_is_no_table_of_contacts_is_refused(
    world: World, content: bytes, reason: str
) -> None:
    answer = await ask(world.staff, content)

    assert invalid_fields(answer) == {"file"}
    assert reason in answer.json()["detail"]


async def test_form_without_its_file_is_refused(world: World) -> None:
    answer = await world.staff.request("POST", "/contacts/import/preview", json={})
    assert invalid_fields(answer) == {"file"}
