"""What a person writes by hand passes the gates of a step's message, and shows in the conversation."""

import pytest

from tests.engine.by_hand import LETTER, NOTE, handle, meets, sent, settled, until, write
from tests.engine.conftest import Faults, Site
from tests.world import Json, World, night_zone, noon_zone


async def test_email_by_hand_arrives_with_the_way_out_in_its_headers(world: World) -> None:
    contact = await world.create_contact()

    message = await sent(world, contact, LETTER)

    (arrived,) = await world.messages(contact["email"])
    assert message["status"] == "sent"
    assert arrived["idempotency_key"] == message["id"]
    assert arrived["subject"] == "Your roof"
    assert arrived["html"] == message["html"]
    assert arrived["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert arrived["headers"]["List-Unsubscribe"].strip("<>") in arrived["html"]
    assert arrived["tags"] == {"tenant_id": str(world.tenant_id), "message_id": message["id"]}


async def test_text_by_hand_arrives(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())

    message = await sent(world, contact, NOTE)

    (arrived,) = await world.messages(contact["phone"])
    assert message["status"] == "sent"
    assert arrived["body"] == "We come at nine."
    assert arrived["from"] == message["from_address"]


async def test_email_that_the_provider_refuses_has_failed(world: World) -> None:
    contact = await world.create_contact(email="bounce@home.example")

    message = await sent(world, contact, LETTER)

    assert message["status"] == "failed"
    assert "Resend 422" in message["error_message"]


@pytest.mark.parametrize(
    ("body", "change", "reason"),
    [
        (LETTER, {"email_opt_out": True}, "opted out"),
        (NOTE, {"sms_opt_out": True}, "opted out"),
        (NOTE, {"sms_consent": False}, "consented"),
        (NOTE, {"timezone": night_zone()}, "hour"),
        (LETTER, {"email": "another@home.example"}, "another address"),
    ],
)
async def test_gate_that_closes_before_the_send_stops_it(
    quiet_world: World, site: Site, body: Json, change: Json, reason: str
) -> None:
    world = quiet_world
    contact = await world.create_contact(timezone=noon_zone())
    message = await write(world, contact, body)
    await world.admin.patch(f"/contacts/{contact['id']}", change)

    async with site.working():
        message = await settled(world, contact, message)

    assert message["status"] == "skipped"
    assert reason in message["error_message"]
    assert await world.messages(contact["email"]) == []
    assert await world.messages(contact["phone"]) == []


async def test_contact_that_is_deleted_before_the_send_gets_nothing(
    quiet_world: World, site: Site
) -> None:
    world = quiet_world
    contact = await world.create_contact()
    message = await write(world, contact, LETTER)
    await world.admin.delete(f"/contacts/{contact['id']}")

    async with site.working():
        result = await handle(world, message).result()

    assert result == "skipped"
    assert await world.messages(contact["email"]) == []


async def test_opt_out_between_two_attempts_is_heard(world: World, faults: Faults) -> None:
    contact = await world.create_contact()
    await faults(resend={"mode": "refuse_429", "retry_after": 1})
    message = await write(world, contact, LETTER)
    await until(world, contact, message, meets("429"))

    await world.admin.patch(f"/contacts/{contact['id']}", {"email_opt_out": True})
    await faults(resend={})

    assert (await settled(world, contact, message))["status"] == "skipped"
    assert await world.messages(contact["email"]) == []


async def test_history_holds_nothing_of_what_was_written_or_to_whom(world: World) -> None:
    contact = await world.create_contact()
    message = await sent(world, contact, LETTER)

    history = (await handle(world, message).fetch_history()).to_json()

    for private in ("Your roof", "nine", contact["email"], "Ann"):
        assert private not in history


async def test_conversation_shows_campaigns_and_people_newest_first(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    step = {"step_type": "send_sms", "step_config": {"body": "From a campaign"}}
    email = {"step_type": "send_email", "step_config": {"subject": "A", "html": "<p>Hi"}}
    enrollment = await world.enroll(await world.create_campaign(step, email), contact)
    await world.finished(enrollment)
    await sent(world, contact, LETTER)

    listed = await world.staff.get(f"/contacts/{contact['id']}/messages")

    by_hand, letter, text = listed["messages"]
    assert listed["total"] == 3
    assert by_hand["user_id"]
    assert not by_hand["campaign_id"]
    assert (letter["channel"], letter["subject"], letter["status"]) == ("email", "A", "sent")
    assert letter["to_address"] == contact["email"]
    assert letter["body"].startswith("Hi")
    assert (text["channel"], text["body"], text["html"]) == ("sms", "From a campaign", None)
    assert text["enrollment_id"] == enrollment["id"]
    assert text["campaign_id"] == enrollment["campaign_id"]
    assert text["user_id"] is None


async def test_what_a_campaign_skipped_is_no_part_of_the_conversation(world: World) -> None:
    contact = await world.create_contact(email=None)
    email = {"step_type": "send_email", "step_config": {"subject": "A", "html": "<p>Hi"}}
    await world.finished(await world.enroll(await world.create_campaign(email), contact))

    assert (await world.staff.get(f"/contacts/{contact['id']}/messages"))["messages"] == []
