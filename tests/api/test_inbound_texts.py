"""Texts that come in: what they change, who is told, and that nothing is heard twice or from a forger."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from twilio.request_validator import RequestValidator

from domain.enums import Role
from services.settings import Settings
from tests.api.client import problem
from tests.inbound import (
    OWN_NUMBER,
    PATH,
    events,
    flags,
    notifications,
    post_text,
    received,
    suppressed,
    texted,
    write,
)
from tests.world import TEXT, World

# What it means ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "STOP",
        "End",
        "CANCEL.",
        "opt out",
        "Please stop texting me",
        "take me off your list",
        "No me escriban más",
        "“stop” 🛑",
    ],
)
async def test_opt_out_is_heard_kept_and_recorded_with_its_wording(
    world: World, settings: Settings, body: str
) -> None:
    contact = await world.create_contact()

    response = await write(world, settings, contact, body)

    assert response.headers["content-type"].startswith("text/xml")
    assert response.text.endswith("<Response/>"), "Twilio answers a STOP itself"
    assert (await flags(world, contact))[0]
    records = (await world.admin.get(f"/contacts/{contact['id']}/consents"))["consents"]
    newest = records[0]
    assert (newest["channel"], newest["action"]) == ("sms", "opted_out")
    assert (newest["source"], newest["wording"]) == ("sms_keyword", body)
    assert newest["recorded_by"] is None
    (message,) = await received(world, contact)
    assert (message["body"], message["channel"]) == (body, "sms")
    assert (message["from_address"], message["to_address"]) == (contact["phone"], OWN_NUMBER)
    assert await events(world, contact) == [], "an opt-out is no reply"
    assert await notifications(world) == []


async def test_opt_out_ends_the_campaigns_that_text_and_leaves_the_others(
    world: World, settings: Settings
) -> None:
    later = {"delay_value": 3, "delay_unit": "weeks"}
    texts = await world.create_campaign({**TEXT, **later})
    other = await world.create_campaign({"step_type": "wait", **later})
    contact = await world.create_contact()
    ends, stays = await world.enroll(texts, contact), await world.enroll(other, contact)

    await write(world, settings, contact, "STOP")

    ended = await world.detail(ends)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")
    assert (await world.detail(stays))["status"] == "active"


async def test_opt_out_holds_for_all_who_share_the_phone_now_and_later(
    world: World, settings: Settings
) -> None:
    ann = await world.create_contact()
    bob = await world.create_contact(phone=ann["phone"], first_name="Bob")

    await write(world, settings, ann, "STOP")

    assert (await flags(world, bob))[0]
    assert await suppressed(world, ann["phone"]) == ["opt_out"]


async def test_start_gives_back_what_stop_took_and_is_consent(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact(sms_consent=False)
    await texted(world, contact, timedelta(days=1), OWN_NUMBER)
    await write(world, settings, contact, "STOP")
    assert await flags(world, contact) == (True, False)

    await write(world, settings, contact, "Start")

    assert await flags(world, contact) == (False, True)
    records = (await world.admin.get(f"/contacts/{contact['id']}/consents"))["consents"]
    said = {(each["action"], each["source"], each["wording"]) for each in records}
    assert said == {
        ("opted_out", "sms_keyword", "STOP"),
        ("opted_in", "sms_keyword", "Start"),
        ("consented", "sms_keyword", "Start"),
    }
    assert await suppressed(world, contact["phone"]) == []
    assert await events(world, contact) == []


async def test_what_twilio_took_it_for_goes_before_our_reading(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact()

    await write(world, settings, contact, "Ya basta con esto", OptOutType="STOP")
    assert (await flags(world, contact))[0]

    await write(world, settings, contact, "Quiero seguir", OptOutType="START")
    assert not (await flags(world, contact))[0]

    await write(world, settings, contact, "stop?", OptOutType="HELP")
    assert not (await flags(world, contact))[0]


@pytest.mark.parametrize("body", ["When can you stop by?", "HELP", "YES", "", "Don't stop"])
async def test_anything_else_is_a_reply_and_changes_no_consent(
    world: World, settings: Settings, body: str
) -> None:
    contact = await world.create_contact()

    await write(world, settings, contact, body)

    assert await flags(world, contact) == (False, True)
    (message,) = await received(world, contact)
    (event,) = await events(world, contact)
    assert event.properties == {
        "body": body,
        "message_id": message["id"],
        "message_sid": event.properties["message_sid"],
    }
    assert event.properties["message_sid"].startswith("SM")


async def test_pictures_are_kept(world: World, settings: Settings) -> None:
    contact = await world.create_contact()
    urls = [f"https://api.twilio.com/media/{place}" for place in range(2)]

    await write(world, settings, contact, "", NumMedia="2", MediaUrl0=urls[0], MediaUrl1=urls[1])

    (message,) = await received(world, contact)
    assert message["media_urls"] == urls
    (notification,) = await notifications(world)
    assert notification["message"] == "2 pictures"


# Who is told ------------------------------------------------------------------------------------


async def test_reply_tells_the_assigned_user(world: World, settings: Settings) -> None:
    contact = await world.create_contact(assigned_to=str(world.user_ids[Role.STAFF]))

    await write(world, settings, contact, "Call me after five")

    (told,) = (await world.staff.get("/notifications"))["notifications"]
    assert told["title"] == "Ann Lee sent a text"
    assert told["message"] == "Call me after five"
    assert told["contact_id"] == contact["id"]
    assert await notifications(world) == []


async def test_reply_of_whom_nobody_is_assigned_tells_the_active_admins(
    world: World, settings: Settings
) -> None:
    gone = str(world.user_ids[Role.STAFF])
    await world.admin.patch(f"/users/{gone}", {"is_active": False})
    contact = await world.create_contact(assigned_to=gone)

    await write(world, settings, contact, "Hello?")

    assert [each["message"] for each in await notifications(world)] == ["Hello?"]
    assert (await world.manager.get("/notifications"))["notifications"] == []


async def test_reply_names_the_number_of_whom_has_no_name(world: World, settings: Settings) -> None:
    contact = await world.create_contact(first_name=None, last_name=None)

    await write(world, settings, contact, "Hi")

    (told,) = await notifications(world)
    assert told["title"] == f"{contact['phone']} sent a text"


# Once, and from Twilio --------------------------------------------------------------------------


async def test_text_delivered_twice_is_heard_once(world: World, settings: Settings) -> None:
    contact = await world.create_contact()
    for body in ("Hello", "Hello"):
        await write(world, settings, contact, body, MessageSid="SMtwice")

    assert len(await received(world, contact)) == 1
    assert len(await events(world, contact)) == 1
    assert len(await notifications(world)) == 1


async def test_stop_delivered_late_again_does_not_undo_a_start(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact()
    stop = f"SM{uuid4().hex}"
    await write(world, settings, contact, "STOP", MessageSid=stop)
    await write(world, settings, contact, "START")

    await write(world, settings, contact, "STOP", MessageSid=stop)

    assert not (await flags(world, contact))[0]


async def test_forged_text_is_forbidden_and_changes_nothing(
    world: World, api: httpx.AsyncClient, settings: Settings
) -> None:
    contact = await world.create_contact()
    form = {"From": contact["phone"], "To": OWN_NUMBER, "Body": "STOP", "MessageSid": "SM1"}
    others = RequestValidator("another token").compute_signature(
        f"{settings.public_url}{PATH}", form
    )
    assert settings.twilio_auth_token
    changed = RequestValidator(settings.twilio_auth_token).compute_signature(
        f"{settings.public_url}{PATH}", {**form, "Body": "Hi"}
    )

    for signature in ("", "bm9uZQ==", others, changed):
        headers = {"X-Twilio-Signature": signature}
        problem(await api.post(PATH, data=form, headers=headers), 403, "forbidden")

    assert await flags(world, contact) == (False, True)
    assert await received(world, contact) == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (
            b"From=%2B13035550123&Body=\xff\xfe%00%ff&MessageSid",
            "application/x-www-form-urlencoded",
        ),
        (b"From=%2B1303555", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
    ],
)
async def test_body_that_is_no_form_is_forbidden_without_a_fuss(
    api: httpx.AsyncClient, body: bytes, content_type: str
) -> None:
    headers = {"content-type": content_type, "x-twilio-signature": "bm9uZQ=="}
    problem(await api.post(PATH, content=body, headers=headers), 403, "forbidden")


@pytest.mark.parametrize(
    "form",
    [
        {"From": "72975", "To": OWN_NUMBER, "Body": "STOP"},
        {"From": "ROOFCO", "To": OWN_NUMBER, "Body": "STOP"},
        {"From": "", "To": "", "Body": ""},
        {"From": "whatsapp:+13035550123", "To": OWN_NUMBER, "Body": "STOP"},
        {"From": "+13035550123", "To": "\0", "Body": "\0\ud83d".encode(errors="replace").decode()},
        {"From": "+13035550123", "To": "72975" * 99, "Body": "STOP" * 999},
        {"From": "+13035550123", "To": OWN_NUMBER, "Body": "STOP", "MessageSid": ""},
        {"From": "+13035550123", "To": OWN_NUMBER, "Body": "STOP", "MessageSid": "S" * 999},
        {"From": "+13035550123", "NumMedia": "many", "MediaUrl0": "\0", "OptOutType": "\0"},
    ],
)
async def test_signed_text_of_nobody_or_nonsense_is_taken_and_forgotten(
    api: httpx.AsyncClient, settings: Settings, form: dict[str, str]
) -> None:
    response = await post_text(api, settings, **form)
    assert (response.status_code, response.headers["content-type"]) == (
        200,
        "text/xml; charset=utf-8",
    )


async def test_nul_in_a_text_is_left_out(world: World, settings: Settings) -> None:
    contact = await world.create_contact()
    await write(world, settings, contact, "Hi\0 there", MediaUrl0="https://x.example/\0a")
    (message,) = await received(world, contact)
    assert (message["body"], message["media_urls"]) == ("Hi there", ["https://x.example/a"])
