"""The inbox: who is in it, in which order, and what is unread."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import update

from db.session import engine
from db.tables import Execution
from dev.sandbox import Store
from domain.enums import ExecutionStatus
from services.settings import Settings
from tests.api.client import invalid_fields, problem
from tests.api.test_deadlocks import until_somebody_waits_for
from tests.inbound import write
from tests.mailbox import Mailbox
from tests.world import EMAIL, Json, World

LETTER = {"channel": "email", "subject": "Your roof", "body": "We come at nine."}


@pytest.fixture
def mailbox(world: World, settings: Settings, sandbox_store: Store) -> Mailbox:
    return Mailbox(world.admin.http, settings, sandbox_store)


async def inbox(world: World, **params: object) -> list[Json]:
    conversations: list[Json] = (await world.staff.get("/conversations", **params))["conversations"]
    return conversations


async def names(world: World, **params: object) -> list[str]:
    return [each["contact"]["first_name"] for each in await inbox(world, **params)]


async def by_hand(world: World, contact: Json) -> Json:
    message: Json = (await world.staff.post(f"/contacts/{contact['id']}/messages", LETTER))[
        "message"
    ]
    return message


async def by_campaign(world: World, contact: Json, at: datetime) -> Json:
    """A campaign has written, as the engine records it; the conversation's own word of it."""
    campaign = await world.create_campaign({**EMAIL, "delay_value": 3, "delay_unit": "days"})
    enrollment = await world.enroll(campaign, contact)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Execution)
            .where(Execution.enrollment_id == enrollment["id"])
            .values(
                status=ExecutionStatus.COMPLETED,
                completed_at=at,
                content={"to": contact["email"], "subject": "Hail", "text": "It hails."},
            )
        )
    messages = (await world.staff.get(f"/contacts/{contact['id']}/messages"))["messages"]
    message: Json = next(each for each in messages if each["enrollment_id"] == enrollment["id"])
    return message


async def test_contact_without_messages_is_in_no_conversation(world: World) -> None:
    await world.create_contact()

    assert await world.staff.get("/conversations") == {
        "conversations": [],
        "total": 0,
        "limit": 50,
        "offset": 0,
    }


async def test_unread_replies_come_first_then_the_newest(world: World, settings: Settings) -> None:
    people = [await world.create_contact(first_name=name) for name in ("Ann", "Bob", "Cid", "Dan")]
    for person in people:
        await by_hand(world, person)
    await write(world, settings, people[1], "Yes, please.")
    await write(world, settings, people[0], "At nine?")

    assert await names(world) == ["Ann", "Bob", "Dan", "Cid"]
    assert [each["unread"] for each in await inbox(world)] == [1, 1, 0, 0]
    assert await names(world, unread=True) == ["Ann", "Bob"]
    assert await names(world, unread=False) == ["Dan", "Cid"]
    assert await names(world, limit=2, offset=1) == ["Bob", "Dan"]
    page = await world.staff.get("/conversations", limit=1, offset=3)
    assert (page["total"], page["limit"], page["offset"]) == (4, 1, 3)


async def test_last_message_is_the_conversations_own_newest(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact()
    await write(world, settings, contact, "Yes, please.")
    await by_hand(world, contact)

    (only,) = await inbox(world)

    newest = (await world.staff.get(f"/contacts/{contact['id']}/messages"))["messages"][0]
    assert only["last_message"] == newest
    assert (only["last_message"]["subject"], only["unread"]) == ("Your roof", 1)
    assert only["contact"] == {
        name: contact[name] for name in ("id", "first_name", "last_name", "email", "phone")
    }


async def test_what_a_campaign_sent_is_in_the_conversation_at_its_time(world: World) -> None:
    ann, bob = [await world.create_contact(first_name=name) for name in ("Ann", "Bob")]
    now = datetime.now(UTC)
    sent = await by_campaign(world, ann, now + timedelta(minutes=1))
    last = await by_hand(world, bob)
    await by_campaign(world, bob, now - timedelta(days=1))

    first, second = await inbox(world)

    assert (first["contact"]["first_name"], first["last_message"]) == ("Ann", sent)
    assert (second["contact"]["first_name"], second["last_message"]["id"]) == ("Bob", last["id"])


async def test_step_that_was_skipped_is_in_no_conversation(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(EMAIL), contact)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        skip = update(Execution).where(Execution.enrollment_id == enrollment["id"])
        await session.execute(skip.values(status=ExecutionStatus.SKIPPED))

    assert await inbox(world) == []


async def test_replies_are_unread_until_somebody_of_the_company_reads_them(
    world: World, stranger: World, settings: Settings
) -> None:
    contact = await world.create_contact()
    path = f"/contacts/{contact['id']}/messages/read"
    for body in ("Yes", "At nine?"):
        await write(world, settings, contact, body)
    assert [each["unread"] for each in await inbox(world)] == [2]
    problem(await stranger.staff.request("POST", path), 404, "not_found")

    assert (await world.staff.request("POST", path)).status_code == 204

    answer = await world.admin.get("/conversations")
    assert [each["unread"] for each in answer["conversations"]] == [0]
    assert (await world.admin.get("/conversations", unread=True))["total"] == 0
    await write(world, settings, contact, "Hello?")
    assert [each["unread"] for each in await inbox(world)] == [1]


async def test_own_message_leaves_replies_unread(world: World, settings: Settings) -> None:
    contact = await world.create_contact()
    await write(world, settings, contact, "Yes")

    await by_hand(world, contact)

    assert [each["unread"] for each in await inbox(world)] == [1]


async def test_email_of_a_person_is_unread_and_that_of_an_answering_machine_is_not(
    world: World, mailbox: Mailbox
) -> None:
    ann, bob = [await world.create_contact(first_name=name) for name in ("Ann", "Bob")]
    await mailbox.write(ann["email"])
    await mailbox.write(bob["email"], subject="Out of office: Your roof")

    seen = {each["contact"]["first_name"]: each["unread"] for each in await inbox(world)}

    assert seen == {"Ann": 1, "Bob": 0}


async def test_same_text_delivered_twice_is_unread_once(world: World, settings: Settings) -> None:
    contact = await world.create_contact()
    for _ in range(2):
        await write(world, settings, contact, "Yes", MessageSid=f"SM{contact['id']}")

    assert [each["unread"] for each in await inbox(world)] == [1]


@pytest.mark.parametrize("search", ["ann l", "ANN.LEE@home", "3035550"])
async def test_search_looks_into_name_email_and_phone(world: World, search: str) -> None:
    ann = await world.create_contact(email="ann.lee@home.example", phone="+13035550147")
    bob = await world.create_contact(first_name="Bob", last_name="Ray", phone="+17205550123")
    for person in (ann, bob):
        await by_hand(world, person)

    answer = await world.staff.get("/conversations", search=search)

    assert [each["contact"]["id"] for each in answer["conversations"]] == [ann["id"]]
    assert answer["total"] == 1


async def test_deleted_contact_leaves_the_inbox_for_good(world: World) -> None:
    contact, other = await world.create_contact(), await world.create_contact()
    campaign = await world.create_campaign({**EMAIL, "delay_value": 3, "delay_unit": "days"})
    enrollment = await world.enroll(campaign, contact)
    for person in (contact, other):
        await by_hand(world, person)

    (step,) = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]

    await world.admin.delete(f"/contacts/{contact['id']}")
    async with world.database.transaction(engine(world.tenant_id)) as session:
        # A send that was under way comes through.
        sent = Execution(
            tenant_id=world.tenant_id,
            campaign_id=campaign["id"],
            enrollment_id=enrollment["id"],
            step_id=step["id"],
            step_type="send_email",
            visit=9,
            scheduled_at=datetime.now(UTC),
        )
        session.add(sent)
        await session.flush()
        sent.status, sent.completed_at = ExecutionStatus.COMPLETED, datetime.now(UTC)

    answer = await world.staff.get("/conversations")
    assert [each["contact"]["id"] for each in answer["conversations"]] == [other["id"]]
    assert answer["total"] == 1


async def test_conversations_of_another_company_are_not_seen(world: World, stranger: World) -> None:
    await by_hand(world, await world.create_contact())

    assert (await stranger.staff.get("/conversations"))["total"] == 0


@pytest.mark.parametrize(
    ("params", "field"),
    [({"limit": 0}, "limit"), ({"limit": 201}, "limit"), ({"offset": -1}, "offset"),
     ({"unread": "maybe"}, "unread"), ({"search": "a\0b"}, "search")],
)  # fmt: skip
async def test_part_that_is_none_is_refused(world: World, params: Json, field: str) -> None:
    answer = await world.staff.request("GET", "/conversations", params=params)
    assert field in invalid_fields(answer)


async def test_reply_does_not_wait_for_whoever_changes_its_writer(
    world: World, settings: Settings, postgres_url: str
) -> None:
    """Twilio asks once: one that waited, and held what the other wants next, would be lost."""
    contact = await world.create_contact()
    other = await asyncpg.connect(postgres_url)
    try:
        async with other.transaction():
            await other.execute(
                "update contacts set stage = 'won' where id = $1", UUID(contact["id"])
            )
            async with asyncio.timeout(20):
                await write(world, settings, contact, "On my way.")
            assert [each["unread"] for each in await inbox(world)] == [1]
    finally:
        await other.close()


async def test_contact_that_writes_while_it_is_deleted_is_in_no_inbox(
    world: World, settings: Settings, postgres_url: str
) -> None:
    contact = await world.create_contact()
    other = await asyncpg.connect(postgres_url)
    try:
        async with other.transaction():
            await other.execute(
                "update contacts set is_deleted = true where id = $1", UUID(contact["id"])
            )
            await other.execute("set constraints all immediate")
            writing = asyncio.create_task(write(world, settings, contact, "On my way."))
            await until_somebody_waits_for(other)
        await writing
    finally:
        await other.close()
    assert await inbox(world) == []


async def test_contact_that_is_deleted_while_it_writes_is_in_no_inbox(
    world: World, postgres_url: str
) -> None:
    contact = await world.create_contact()
    other = await asyncpg.connect(postgres_url)
    try:
        async with other.transaction():
            await other.execute(
                "insert into messages (tenant_id, contact_id, channel, direction)"
                " values ($1, $2, 'sms', 'inbound')",
                world.tenant_id,
                UUID(contact["id"]),
            )
            await other.execute("set constraints all immediate")
            deleting = asyncio.create_task(world.staff.delete(f"/contacts/{contact['id']}"))
            await until_somebody_waits_for(other)
        await deleting
    finally:
        await other.close()
    assert await inbox(world) == []
