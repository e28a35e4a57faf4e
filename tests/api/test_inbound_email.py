"""E-mail that comes in by Resend's `email.received`, and its body that has to be fetched. No worker runs."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from api.limits import RateLimits
from db.session import engine
from dev.sandbox import Store
from services.settings import Settings
from tests.api.conftest import Company, serving
from tests.mailbox import OURS, Mailbox
from tests.world import Json, World


@pytest.fixture
def mailbox(api: httpx.AsyncClient, settings: Settings, sandbox_store: Store) -> Mailbox:
    return Mailbox(api, settings, sandbox_store)


async def conversation(world: World, contact: Json) -> list[Json]:
    listed: list[Json] = (await world.staff.get(f"/contacts/{contact['id']}/messages"))["messages"]
    return listed


async def replies(world: World) -> list[tuple[str, Json]]:
    """The contacts and the properties of the replies that were noted."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        rows = await session.execute(
            text(
                "select contact_id, properties from events where event_name = 'email_replied'"
                " order by number"
            )
        )
        return [(str(contact_id), properties) for contact_id, properties in rows]


async def notified(world: World) -> list[Json]:
    listed: list[Json] = (await world.staff.get("/notifications"))["notifications"]
    return listed


async def test_reply_is_kept_raised_and_told_to_the_assigned_user(
    world: World, mailbox: Mailbox
) -> None:
    me = (await world.staff.get("/me"))["user"]
    contact = await world.create_contact(assigned_to=me["id"])

    email_id = await mailbox.write(f"Ann Lee <{contact['email'].upper()}>")

    (message,) = await conversation(world, contact)
    assert (message["channel"], message["direction"]) == ("email", "inbound")
    assert message["status"] == "received"
    assert message["subject"] == "Re: Your roof"
    assert message["body"] == "Yes, please come."
    assert (message["from_address"], message["to_address"]) == (contact["email"], OURS)
    ((contact_id, properties),) = await replies(world)
    assert contact_id == contact["id"]
    assert properties == {
        "subject": "Re: Your roof",
        "body": "Yes, please come.",
        "message_id": message["id"],
        "email_id": email_id,
    }
    (told,) = await notified(world)
    assert told["title"] == "Ann Lee sent an e-mail"
    assert "Yes, please come." in told["message"]
    assert told["contact_id"] == contact["id"]


async def test_webhook_that_comes_twice_is_one_reply(world: World, mailbox: Mailbox) -> None:
    contact = await world.create_contact()
    email_id = await mailbox.write(contact["email"])

    again = await mailbox.announce(email_id, contact["email"], OURS, "Re: Your roof")

    assert again.status_code == 204
    assert len(await conversation(world, contact)) == 1
    assert len(await replies(world)) == 1


async def test_email_that_has_html_alone_is_kept_in_words(world: World, mailbox: Mailbox) -> None:
    contact = await world.create_contact()

    await mailbox.write(contact["email"], text=None, html="<p>Yes,</p><p>please &amp; soon")

    (message,) = await conversation(world, contact)
    assert message["body"] == "Yes,\nplease & soon"
    assert message["html"] == "<p>Yes,</p><p>please &amp; soon"


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Re: Your roof", {"auto-submitted": "auto-replied"}),
        ("Out of office: Your roof", {}),
    ],
)
async def test_answering_machine_is_kept_and_is_no_reply(
    world: World, mailbox: Mailbox, subject: str, headers: dict[str, str]
) -> None:
    contact = await world.create_contact()

    await mailbox.write(contact["email"], subject=subject, headers=headers)

    (message,) = await conversation(world, contact)
    assert message["subject"] == subject
    assert await replies(world) == []
    assert await notified(world) == []


@pytest.mark.parametrize(
    ("said", "opts_out"),
    [
        ({"text": "Unsubscribe"}, True),
        (
            {"text": "Please stop emailing me.\n\nOn Mon, Ridge wrote:\n> Unsubscribe: https://x"},
            True,
        ),
        ({"text": "", "subject": "unsubscribe"}, True),
        ({"text": "Yes, come.\n\n> Unsubscribe: https://x\n> STOP"}, False),
    ],
)
async def test_reply_that_asks_for_no_more_email_is_an_opt_out(
    world: World, mailbox: Mailbox, said: dict[str, Any], opts_out: bool
) -> None:
    contact = await world.create_contact()

    await mailbox.write(contact["email"], **said)

    now = (await world.staff.get(f"/contacts/{contact['id']}"))["contact"]
    assert now["email_opt_out"] is opts_out
    assert len(await replies(world)) == (0 if opts_out else 1)


@pytest.mark.parametrize("sender", ["stranger@home.example", "", "no address", "a@b@c"])
async def test_email_from_a_stranger_is_accepted_and_forgotten(
    world: World, mailbox: Mailbox, sender: str
) -> None:
    contact = await world.create_contact()

    await mailbox.write(sender)

    assert await conversation(world, contact) == []
    assert await replies(world) == []


async def test_email_to_an_address_of_nobody_is_forgotten(world: World, mailbox: Mailbox) -> None:
    contact = await world.create_contact()

    await mailbox.write(contact["email"], to="info@elsewhere.example")

    assert await conversation(world, contact) == []


async def test_email_to_the_installations_address_belongs_to_who_has_no_other(
    world: World, mailbox: Mailbox, settings: Settings
) -> None:
    assert settings.resend_from_email
    contact = await world.create_contact()
    await mailbox.write(contact["email"], to=settings.resend_from_email)
    assert await conversation(world, contact) == []

    await world.admin.patch("/settings", {"from_email": None})
    await mailbox.write(contact["email"], to=f"Hello <{settings.resend_from_email}>")

    assert len(await conversation(world, contact)) == 1


async def test_reply_on_a_shared_address_goes_to_who_wrote_last(
    world: World, company: Company, mailbox: Mailbox
) -> None:
    other = await company()
    ours = await world.create_contact()
    theirs = await other.create_contact(email=ours["email"])
    await sent_an_email(other, theirs, "2026-01-01")
    await sent_an_email(world, ours, "2026-01-02")

    await mailbox.write(ours["email"])

    assert [each["direction"] for each in await conversation(world, ours)].count("inbound") == 1
    assert [each["direction"] for each in await conversation(other, theirs)].count("inbound") == 0


async def test_reply_where_nobody_wrote_goes_to_each_who_has_the_contact(
    world: World, company: Company, mailbox: Mailbox
) -> None:
    other = await company()
    ours = await world.create_contact()
    theirs = await other.create_contact(email=ours["email"])

    await mailbox.write(ours["email"])

    assert len(await conversation(world, ours)) == len(await conversation(other, theirs)) == 1


async def test_deleted_contact_is_a_stranger(world: World, mailbox: Mailbox) -> None:
    contact = await world.create_contact()
    await world.admin.delete(f"/contacts/{contact['id']}")

    await mailbox.write(contact["email"])

    assert await replies(world) == []


async def test_body_that_cannot_be_fetched_now_is_announced_again(
    world: World, settings: Settings, sandbox_store: Store
) -> None:
    contact = await world.create_contact()
    deaf = settings.model_copy(update={"resend_api_url": "http://127.0.0.1:9"})
    async with serving(deaf, RateLimits()) as http:
        mailbox = Mailbox(http, settings, sandbox_store)
        answer = await mailbox.announce(str(uuid4()), contact["email"], OURS, "Re: Your roof")

    assert answer.status_code == 503
    assert await conversation(world, contact) == []


async def test_body_that_resend_has_not_got_is_given_up(world: World, mailbox: Mailbox) -> None:
    contact = await world.create_contact()

    answer = await mailbox.announce(str(uuid4()), contact["email"], OURS, "Re: Your roof")

    assert answer.status_code == 204
    assert await conversation(world, contact) == []


async def test_letters_that_cannot_be_stored_do_not_stop_an_email(
    world: World, mailbox: Mailbox
) -> None:
    contact = await world.create_contact()

    await mailbox.write(contact["email"], text="Yes\0 please", html="<p>\0")

    (message,) = await conversation(world, contact)
    assert message["body"] == "Yes please"


async def sent_an_email(world: World, contact: Json, day: str) -> None:
    """As if somebody had written by hand that day."""
    body: dict[str, Any] = {"channel": "email", "subject": "Your roof", "body": "Hi"}
    written = await world.staff.post(f"/contacts/{contact['id']}/messages", body)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text(
                "update messages set status = 'completed', workflow_status = 'closed',"
                " started_at = cast(:day as text)::timestamptz where id = :id"
            ),
            {"day": day, "id": written["message"]["id"]},
        )
