"""What an import makes of a company's contacts."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import func, select

from db.session import engine
from db.tables import Consent, Contact, Event, JobFile, Suppression
from domain.enums import Role
from tests.engine.helpers import after
from tests.engine.jobs import csv_of, finished_job, imported, upload
from tests.world import EMAIL, TEXT, Json, World

ANN = {"email": "ann@home.example", "first name": "Ann", "phone": "303-555-0134"}


async def contacts(world: World) -> list[Json]:
    """In the order in which they came."""
    found = (await world.staff.get("/contacts", limit=200))["contacts"]
    return list(reversed(found))


async def only(world: World) -> Json:
    (contact,) = await contacts(world)
    return contact


async def count(world: World, table: Any) -> int:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_rows_become_contacts_in_the_order_of_the_file(world: World) -> None:
    job = await imported(
        world,
        "First Name;E-mail;Mobile;Stage;Tags;Roof age;Time zone;State;ZIP;Assigned to;SMS consent\r\n"
        'José;jose@home.example;303-555-0134;lead;"hail, vip";12;America/Denver;CO;80202;'
        "STAFF@ridge.example;yes\r\n"
        ";;+44 20 7946 0958;;;;;;;;\r\n".encode("cp1252"),
    )

    assert (job["status"], job["total"], job["done"], job["failed"]) == ("completed", 2, 2, 0)
    assert job["finished_at"]
    first, second = await contacts(world)
    assert {
        name: first[name] for name in first if name not in ("id", "created_at", "updated_at")
    } == {
        "first_name": "José",
        "last_name": None,
        "email": "jose@home.example",
        "phone": "+13035550134",
        "stage": "lead",
        "tags": ["hail", "vip"],
        "custom": {"roof_age": "12"},
        "timezone": "America/Denver",
        "state": "CO",
        "postal_code": "80202",
        "assigned_to": str(world.user_ids[Role.STAFF]),
        "email_opt_out": False,
        "sms_opt_out": False,
        "sms_consent": True,
    }
    assert (second["phone"], second["email"], second["tags"]) == ("+442079460958", None, [])


async def test_bad_rows_are_listed_with_line_and_reason_and_good_ones_go_in(world: World) -> None:
    job = await imported(
        world,
        b"email,phone,first name,assigned to\n"
        b"ann@home.example,,Ann,\n"
        b"bob@home,,Bob,\n"
        b',303-555-ROOF,"Cid\nthe first",\n'
        b"\n"
        b",,Dan,\n"
        b"eve@home.example,,Eve,nobody@ridge.example\n"
        b"fay@home.example,,Fay\n"
        b"gus@home.example,,Gus,\n",
    )

    assert (job["status"], job["total"], job["done"], job["failed"]) == ("completed", 7, 2, 5)
    assert [error["id"] for error in job["errors"]] == ["3", "4", "7", "8", "9"]
    assert {error["code"] for error in job["errors"]} == {"validation_error"}
    named = [error["detail"].partition(":")[0].split(" ")[0] for error in job["errors"]]
    assert named == ["email", "phone", "email,", "assigned_to", "has"]
    assert [contact["first_name"] for contact in await contacts(world)] == ["Ann", "Gus"]


async def test_errors_are_all_there_page_by_page(world: World) -> None:
    rows = "".join(f"nobody {number}\n" for number in range(130))
    job = await imported(world, f"email\n{rows}".encode())

    assert [error["id"] for error in job["errors"]] == [str(line) for line in range(2, 102)]
    path, start = f"/jobs/{job['id']}/errors", {"limit": "60"}
    found: list[Json] = []
    while len(found) < 130:
        page = await world.staff.get(path, **start)
        assert page["total"] == 130
        found += page["errors"]
        start["cursor"] = page["next_cursor"]
    assert page["next_cursor"] is None
    assert [error["id"] for error in found] == [str(line) for line in range(2, 132)]
    assert (await world.staff.get(path, limit=2, offset=128))["errors"] == found[128:]


async def test_same_file_twice_changes_nothing(world: World) -> None:
    await world.create_contact(email="dan@home.example", phone=None)
    content = csv_of(
        {**ANN, "sms_consent": "yes", "tags": "vip;hail", "roof age": "12"},
        {"email": "ann@home.example", "first name": "Anna", "email_opt_out": "x"},
        {"phone": "303-555-0199", "first name": "Bob", "sms_opt_out": "yes"},
        {"phone": "303-555-0199", "email": "bob@home.example"},
        {"phone": "303-555-0199", "first name": "Bobby"},
        {"email": "cid@home.example", "phone": "303-555-0199"},
        {"email": "dan@home.example", "first name": "Dan"},
    )
    first = await imported(world, content, events=True)
    assert (first["done"], first["failed"]) == (7, 0)
    before = await contacts(world), await count(world, Event), await count(world, Consent)
    assert len(before[0]) == 4

    again = await imported(world, content, events=True)

    assert (again["done"], again["failed"]) == (7, 0)
    after_it = await contacts(world), await count(world, Event), await count(world, Consent)
    assert after_it == before


async def test_known_contact_takes_what_the_file_says_and_keeps_the_rest(world: World) -> None:
    ann = await world.create_contact(
        email="ann@home.example",
        last_name="Lee",
        stage="lead",
        tags=["old"],
        custom={"gate": "7", "roof": 1},
    )

    await imported(
        world,
        csv_of(
            {"email": "ANN@home.example", "stage": "won", "tags": "new", "roof": "slate"}, last=""
        ),
    )

    now = await only(world)
    assert now["updated_at"] > ann["updated_at"]
    assert now == {
        **ann,
        "stage": "won",
        "tags": ["old", "new"],
        "custom": {"gate": "7", "roof": "slate"},
        "updated_at": now["updated_at"],
    }


async def test_contact_is_known_by_its_phone_where_an_address_is_missing(world: World) -> None:
    ann = await world.create_contact(email=None, phone="+13035550134")

    await imported(world, csv_of(ANN))
    assert (await only(world))["email"] == "ann@home.example"
    await imported(world, csv_of({"phone": "3035550134", "stage": "won"}))

    assert (await only(world))["id"] == ann["id"]
    assert (await only(world))["stage"] == "won"


async def test_two_who_share_a_phone_stay_two(world: World) -> None:
    await imported(world, csv_of(ANN, {**ANN, "email": "bob@home.example", "first name": "Bob"}))

    assert [contact["first_name"] for contact in await contacts(world)] == ["Ann", "Bob"]


async def test_rows_about_one_person_are_one_contact_and_the_later_value_wins(world: World) -> None:
    await imported(
        world,
        csv_of(
            {**ANN, "tags": "hail", "stage": "lead"},
            {"email": "ann@home.example", "first name": "Anna", "tags": "vip"},
        ),
    )

    contact = await only(world)
    assert (contact["first_name"], contact["stage"]) == ("Anna", "lead")
    assert contact["tags"] == ["hail", "vip"]


async def test_of_two_with_one_address_the_newest_is_meant_and_none_that_is_deleted(
    world: World,
) -> None:
    first, second, third = [await world.create_contact(email=ANN["email"]) for _ in range(3)]
    await world.staff.delete(f"/contacts/{third['id']}")

    await imported(world, csv_of({"email": ANN["email"], "stage": "won"}))

    stages = {contact["id"]: contact["stage"] for contact in await contacts(world)}
    assert stages == {first["id"]: None, second["id"]: "won"}


async def test_consent_is_recorded_with_its_source(world: World) -> None:
    known = await world.create_contact(email="bob@home.example", sms_consent=False)

    await imported(
        world,
        csv_of(
            {**ANN, "sms_consent": "yes", "email_opt_out": "yes"},
            {"email": "bob@home.example", "sms_consent": "1"},
        ),
    )

    async with world.database.transaction(engine(world.tenant_id)) as session:
        records = (await session.execute(select(Consent.action, Consent.source))).all()
    assert sorted(records) == [("consented", "import")] * 2 + [("opted_out", "import")]
    assert {contact["sms_consent"] for contact in await contacts(world)} == {True}
    assert known["sms_consent"] is False


async def test_import_takes_neither_consent_nor_an_opt_out_back(world: World) -> None:
    await world.create_contact(
        email="ann@home.example", sms_consent=True, sms_opt_out=True, email_opt_out=True
    )

    await imported(
        world,
        csv_of(
            {"email": "ann@home.example", "sms_consent": "no", "sms_opt_out": "no"},
            email_opt_out="0",
        ),
    )

    contact = await only(world)
    assert (contact["sms_consent"], contact["sms_opt_out"], contact["email_opt_out"]) == (True,) * 3


async def test_opt_out_ends_enrollments_and_holds_for_the_address(world: World) -> None:
    by_email = await world.create_campaign(after(EMAIL, 3, "days"))
    by_text = await world.create_campaign(after(TEXT, 3, "days"))
    ann = await world.create_contact(email="ann@home.example", phone="+13035550134")
    left, stays = await world.enroll(by_email, ann), await world.enroll(by_text, ann)

    await imported(
        world,
        csv_of({"email": "ann@home.example", "email_opt_out": "yes", "phone": "303-555-0177"}),
    )

    assert (await world.finished(left))["exit_reason"] == "unsubscribed"
    assert (await world.detail(stays))["status"] == "active"
    await world.workflow(left).result()
    async with world.database.transaction(engine(world.tenant_id)) as session:
        suppressed = (await session.scalars(select(Suppression.address))).all()
    assert list(suppressed) == ["ann@home.example"]


async def test_opt_out_that_is_known_ends_no_new_enrollment(world: World) -> None:
    content = csv_of({**ANN, "email_opt_out": "yes"})
    await imported(world, content)
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 9}, EMAIL)
    enrollment = await world.enroll(campaign, await only(world))

    await imported(world, content)

    assert (await world.detail(enrollment))["status"] == "active"


async def test_events_are_raised_only_when_asked_for(world: World) -> None:
    await imported(world, csv_of(ANN))
    assert await count(world, Event) == 0

    await imported(world, csv_of({**ANN, "stage": "won", "tags": "vip"}), events=True)

    async with world.database.transaction(engine(world.tenant_id)) as session:
        names = set(await session.scalars(select(Event.event_name)))
    assert names == {"contact_updated", "contact_stage_changed", "tag_added"}


async def test_file_of_many_pieces_is_imported_whole_and_then_deleted(world: World) -> None:
    rows = [
        {"email": f"home{number}@home.example", "first name": str(number)} for number in range(2500)
    ]

    job = await imported(world, csv_of(*rows, rows[0]))

    assert (job["total"], job["done"], job["rate"] > 0) == (2501, 2501, True)
    assert await count(world, Contact) == 2500
    assert await count(world, JobFile) == 0
    page = await world.staff.get("/contacts", limit=3)
    assert [contact["first_name"] for contact in page["contacts"]] == ["2499", "2498", "2497"]


async def test_two_imports_of_one_file_at_once_make_each_contact_once(world: World) -> None:
    content = csv_of(*({"email": f"home{number}@home.example"} for number in range(1500)))
    jobs = [await upload(world, content) for _ in range(2)]

    for job in jobs:
        assert (await finished_job(world, job))["done"] == 1500

    assert await count(world, Contact) == 1500


@pytest.fixture
async def poison(postgres_url: str) -> AsyncIterator[str]:
    """A first name that the database refuses, which no rule of ours knows."""
    name = f"poison {uuid4()}"
    owner = await asyncpg.connect(postgres_url)
    await owner.execute(
        f"""
        create function refuse_poison() returns trigger language plpgsql as $$
        begin raise exception using errcode = '22000'; end $$;
        create trigger poison before insert on contacts for each row
            when (new.first_name = '{name}') execute function refuse_poison()
        """
    )
    yield name
    await owner.execute("drop function refuse_poison cascade")
    await owner.close()


async def test_row_that_the_database_refuses_fails_alone(world: World, poison: str) -> None:
    rows = [{"email": f"{name}@home.example", "first name": name} for name in "abcdefghij"]
    rows.insert(4, {"email": "poison@home.example", "first name": poison})

    job = await imported(world, csv_of(*rows))

    assert (job["status"], job["done"], job["failed"]) == ("completed", 10, 1)
    (error,) = job["errors"]
    assert (error["id"], error["code"]) == ("6", "validation_error")
    assert [contact["first_name"] for contact in await contacts(world)] == list("abcdefghij")


async def test_wordy_cells_come_as_they_are(world: World) -> None:
    formula = '=cmd|"/c calc"!A1'
    await imported(world, csv_of({**ANN, "notes": f'{formula}\nand "more"', "last": "O'Neil; Jr"}))

    contact = await only(world)
    assert contact["custom"]["notes"] == f'{formula}\nand "more"'
    assert contact["last_name"] == "O'Neil; Jr"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_every_encoding_of_excel_is_understood(world: World, encoding: str) -> None:
    await imported(world, csv_of({**ANN, "first name": "Zoë"}).decode().encode(encoding))

    assert (await only(world))["first_name"] == "Zoë"
