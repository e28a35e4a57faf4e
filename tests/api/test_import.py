"""What may be uploaded as contacts, and what is refused at once. What becomes of it: tests/engine/test_import.py."""

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.body_limit import MAX_BODY, MAX_UPLOAD
from domain.csv_text import MAX_LINES
from tests.api.client import invalid_fields, problem
from tests.world import Caller, Json, World

GOOD = b"first name,email\r\nAnn,ann@home.example\r\nBob,bob@home.example\r\n"


async def upload(who: Caller, content: bytes, **options: Any) -> httpx.Response:
    files = {"file": ("contacts.csv", content)}
    return await who.request("POST", "/contacts/import", files=files, **options)


async def job_of(response: httpx.Response) -> Json:
    assert response.status_code == 202, response.text
    body: Json = response.json()["job"]
    return body


def workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return content.getvalue()


async def test_upload_is_answered_with_a_running_job(world: World) -> None:
    job = await job_of(await upload(world.staff, GOOD))

    assert (job["kind"], job["status"], job["total"]) == ("contact_import", "running", 2)
    assert (job["done"], job["failed"], job["errors"], job["finished_at"]) == (0, 0, [], None)
    assert (await world.staff.get(f"/jobs/{job['id']}"))["job"] == job
    (listed,) = (await world.staff.get("/jobs"))["jobs"]
    assert listed["id"] == job["id"]
    errors = await world.staff.get(f"/jobs/{job['id']}/errors")
    assert (errors["errors"], errors["total"], errors["next_cursor"]) == ([], 0, None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (workbook(), "save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "save it as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (bytes(range(256)) * 20, "no column"),
        (b"Ann,ann@home.example\r\nBob,bob@home.example\r\n", "no column"),
        (b"colour,size\r\nred,4\r\n", "no column"),
        ("email\r\nann@home.example".encode("utf-16-le"), "is no text"),
        (b"email,name,E-mail\r\na@home.example,Ann,b@home.example\r\n", "two columns"),
        (b"email,roof age,Roof Age\r\na@home.example,1,2\r\n", "two columns"),
        ("email\r\nann@home.example\r\n".encode("utf-16")[:-1], "middle of a character"),
        (b'"email,first\r\nann@home.example,Ann\r\n', "no header"),
        (b"email\r\n" + b"\n" * MAX_LINES, "more than"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_file_that_is_no_table_of_contacts_is_refused_at_once(
    world: World, content: bytes, reason: str
) -> None:
    response = await upload(world.staff, content)

    assert invalid_fields(response) == {"file"}
    assert reason in response.json()["detail"]
    assert (await world.staff.get("/jobs"))["total"] == 0


async def test_form_without_its_file_is_refused(world: World) -> None:
    path = "/contacts/import"
    options: dict[str, Any]
    for options in ({"json": {}}, {"data": {"file": "email"}}, {"data": {"events": "true"}}):
        refused = await world.staff.request("POST", path, **options)
        assert invalid_fields(refused) == {"file"}
    other = await world.staff.request("POST", path, files={"contacts": ("a.csv", GOOD)})
    assert "file" in invalid_fields(other)
    maybe = await upload(world.staff, GOOD, data={"events": "maybe"})
    assert invalid_fields(maybe) == {"events"}
    unknown = await upload(world.staff, GOOD, data={"dedupe": "no"})
    assert invalid_fields(unknown) == {"dedupe"}


async def test_form_that_breaks_off_is_refused(world: World) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    for content in (b"--x\r\nnonsense", b"", b"--y\r\n\r\n"):
        response = await world.staff.request(
            "POST", "/contacts/import", content=content, headers=headers
        )
        assert invalid_fields(response) <= {"body", "file"}


async def test_two_files_are_refused(world: World) -> None:
    files = [("file", ("a.csv", GOOD)), ("file", ("b.csv", GOOD))]
    response = await world.staff.request("POST", "/contacts/import", files=files)
    assert invalid_fields(response) == {"body"}


async def test_file_beyond_the_limit_of_other_bodies_is_taken(world: World) -> None:
    row = b"ann@home.example," + b"x" * 2000 + b"\n"
    content = b"email,notes\n" + row * (2 * MAX_BODY // len(row))

    job = await job_of(await upload(world.staff, content))

    assert job["total"] == content.count(b"\n") - 1


async def test_upload_without_an_end_is_read_up_to_its_limit(world: World) -> None:
    taken = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        while True:
            taken += 5_000_000
            yield b"\n" * 5_000_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = await world.staff.request(
        "POST", "/contacts/import", content=flood(), headers=headers
    )

    problem(response, 413, "payload_too_large")
    assert taken <= MAX_UPLOAD + 5_000_000


async def test_same_key_and_file_is_one_job_though_the_boundary_differs(world: World) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    first, again = [await upload(world.staff, GOOD, headers=headers) for _ in range(2)]

    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert (await world.staff.get("/jobs"))["total"] == 1


async def test_same_key_for_another_file_or_other_fields_is_refused(world: World) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    await upload(world.staff, GOOD, headers=headers)

    other = await upload(world.staff, GOOD + b"Cid,cid@home.example\r\n", headers=headers)
    problem(other, 409, "idempotency_key_reused")
    with_events = await upload(world.staff, GOOD, headers=headers, data={"events": "true"})
    problem(with_events, 409, "idempotency_key_reused")


async def test_cancelled_job_stays_cancelled(world: World) -> None:
    long = GOOD + b"".join(b"Ann,ann.%d@home.example\n" % number for number in range(20_000))
    job = await job_of(await upload(world.staff, long))
    path = f"/jobs/{job['id']}"

    cancelled = (await world.staff.post(f"{path}/cancel"))["job"]

    assert cancelled["status"] == "cancelled"
    assert cancelled["finished_at"]
    assert (await world.staff.post(f"{path}/cancel"))["job"] == cancelled
    assert (await world.staff.get(path))["job"] == cancelled


@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 30, "²"])
async def test_cursor_that_is_none_is_refused(world: World, cursor: str) -> None:
    job = await job_of(await upload(world.staff, GOOD))
    response = await world.staff.request(
        "GET", f"/jobs/{job['id']}/errors", params={"cursor": cursor}
    )
    assert invalid_fields(response) == {"cursor"}
