"""Writing to a contact by hand: what is taken, what is refused, and the list of what was written. No worker runs."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.limits import RateLimits
from services.settings import Settings
from tests.api.client import invalid_fields, problem
from tests.api.conftest import serving
from tests.world import Caller, Json, World, night_zone, noon_zone

LETTER = {"channel": "email", "subject": "Your roof, {{ first_name }}", "body": "We come at nine."}
NOTE = {"channel": "sms", "body": "Hi {{ first_name }}, we come at nine."}


def path(contact: Json) -> str:
    return f"/contacts/{contact['id']}/messages"


async def write(caller: Caller, contact: Json, **body: Any) -> Json:
    answer = await caller.request("POST", path(contact), json=body)
    assert answer.status_code == 201, answer.text
    message: Json = answer.json()["message"]
    return message


async def test_staff_writes_an_email_that_waits_to_be_sent(world: World) -> None:
    contact = await world.create_contact()

    message = await write(world.staff, contact, **LETTER)

    assert (message["channel"], message["direction"]) == ("email", "outbound")
    assert message["status"] == "queued"
    assert message["subject"] == "Your roof, Ann"
    assert message["body"].startswith("We come at nine.")
    assert message["to_address"] == contact["email"]
    assert message["from_address"] == "Ridge Roofing <hello@ridge.example>"
    assert message["campaign_id"] is message["step_id"] is None
    me = (await world.staff.get("/me"))["user"]
    assert message["user_id"] == me["id"]


async def test_email_by_hand_has_the_footer_that_the_law_asks_for(world: World) -> None:
    contact = await world.create_contact()

    message = await write(
        world.staff, contact, channel="email", subject="Hi", html="<p>Hi</p>", body="Hi"
    )

    for said in (message["html"], message["body"]):
        assert "1 Ridge Road, Denver, CO 80202" in said
        assert "http://campaigns.test/u/" in said


async def test_email_without_a_plain_text_is_told_in_words(world: World) -> None:
    contact = await world.create_contact()

    message = await write(
        world.staff,
        contact,
        channel="email",
        subject="Hi",
        html="<p>Hi <b>Ann</b>,</p><p>9&nbsp;am",
    )

    assert message["body"].splitlines()[:2] == ["Hi Ann,", "9 am"]


async def test_staff_writes_a_text_within_the_legal_hours(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())

    message = await write(world.staff, contact, **NOTE, media_urls=["https://ridge.example/a.png"])

    assert message["body"] == "Hi Ann, we come at nine."
    assert message["media_urls"] == ["https://ridge.example/a.png"]
    assert (message["from_address"], message["to_address"]) == ("+13035550199", contact["phone"])
    assert message["subject"] is message["html"] is None


async def test_message_template_stands_in_for_the_content(world: World) -> None:
    contact = await world.create_contact()
    template = await world.admin.post(
        "/message-templates",
        {
            "name": "Thanks",
            "channel": "email",
            "subject": "Thanks",
            "html": "<p>{{ last_name }}</p>",
        },
    )

    message = await write(
        world.staff, contact, channel="email", template_id=template["message_template"]["id"]
    )

    assert message["subject"] == "Thanks"
    assert message["html"].startswith("<p>Lee</p>")


@pytest.mark.parametrize(
    ("contact", "body", "code"),
    [
        ({"email": None}, LETTER, "no_email"),
        ({"email_opt_out": True}, LETTER, "email_opt_out"),
        ({"first_name": None}, LETTER, "missing_variable"),
        ({"phone": None}, NOTE, "no_phone"),
        ({"sms_opt_out": True}, NOTE, "sms_opt_out"),
        ({"sms_consent": False}, NOTE, "no_sms_consent"),
    ],
)
async def test_what_a_step_would_skip_is_refused_to_its_writer(
    world: World, contact: Json, body: Json, code: str
) -> None:
    created = await world.create_contact(timezone=noon_zone(), **contact)

    answer = await world.staff.request("POST", path(created), json=body)

    problem(answer, 409, code)
    assert (await world.staff.get(path(created)))["total"] == 0


async def test_address_that_somebody_has_opted_out_is_refused_to_a_namesake(world: World) -> None:
    first = await world.create_contact()
    await world.admin.patch(f"/contacts/{first['id']}", {"email_opt_out": True})
    second = await world.create_contact(email=first["email"])

    answer = await world.staff.request("POST", path(second), json=LETTER)

    problem(answer, 409, "suppressed")


async def test_email_without_a_postal_address_is_refused(world: World) -> None:
    contact = await world.create_contact()
    await world.admin.patch("/settings", {"postal_address": None})

    answer = await world.staff.request("POST", path(contact), json=LETTER)

    problem(answer, 409, "no_postal_address")


async def test_text_at_night_is_refused_and_says_when_it_may_go(world: World) -> None:
    zone = night_zone()
    contact = await world.create_contact(timezone=zone)

    answer = await world.staff.request("POST", path(contact), json=NOTE)

    refusal = problem(answer, 409, "outside_texting_hours")
    opens = datetime.fromisoformat(refusal["available_at"]).astimezone(ZoneInfo(zone))
    assert (opens.hour, opens.minute) == (9, 0)
    await write(world.staff, contact, **LETTER)


async def test_message_without_a_provider_is_refused(world: World, settings: Settings) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    bare = settings.model_copy(update={"resend_api_key": None, "twilio_auth_token": None})
    async with serving(bare, RateLimits()) as http:
        staff = Caller(http, world.staff.key)
        for body in (LETTER, NOTE):
            answer = await staff.request("POST", path(contact), json=body)
            problem(answer, 409, "provider_not_configured")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**LETTER, "subject": "Hi {{ frist_name }}"}, "subject"),
        ({**LETTER, "body": "Hi {{ frist_name }}"}, "body"),
        ({**LETTER, "html": "{% if %}"}, "html"),
        ({**LETTER, "subject": None}, "subject"),
        ({"channel": "email", "subject": "Hi"}, "html"),
        ({**LETTER, "media_urls": ["https://ridge.example/a.png"]}, "media_urls"),
        ({**NOTE, "body": "Hi {{ frist_name }}"}, "body"),
        ({**NOTE, "body": "x" * 1601}, "body"),
        ({**NOTE, "subject": "Hi"}, "subject"),
        ({**NOTE, "media_urls": ["http://ridge.example/a.png"]}, "media_urls.0"),
        ({"channel": "sms"}, "body"),
        ({"body": "Hi"}, "channel"),
        ({**NOTE, "channel": "fax"}, "channel"),
        ({**NOTE, "from_number": "+13035550100"}, "from_number"),
    ],
)
async def test_content_that_is_wrong_names_its_field(world: World, body: Json, field: str) -> None:
    contact = await world.create_contact(timezone=noon_zone())

    answer = await world.staff.request("POST", path(contact), json=body)

    assert field in invalid_fields(answer)


async def test_template_of_the_other_channel_is_refused(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    template = await world.admin.post(
        "/message-templates", {"name": "Hi", "channel": "sms", "body": "Hi"}
    )
    body = {"channel": "email", "template_id": template["message_template"]["id"]}

    answer = await world.staff.request("POST", path(contact), json=body)

    assert invalid_fields(answer) == {"template_id"}


async def test_conversation_of_another_company_is_not_there(world: World, stranger: World) -> None:
    contact = await world.create_contact()
    await write(world.staff, contact, **LETTER)

    for method, body in (("GET", None), ("POST", LETTER)):
        answer = await stranger.staff.request(method, path(contact), json=body)
        problem(answer, 404, "not_found")


async def test_deleted_contact_is_not_written_to(world: World) -> None:
    contact = await world.create_contact()
    await world.admin.delete(f"/contacts/{contact['id']}")

    answer = await world.staff.request("POST", path(contact), json=LETTER)

    problem(answer, 404, "not_found")


async def test_conversation_is_paged_newest_first_and_filtered(world: World) -> None:
    contact, other = await world.create_contact(timezone=noon_zone()), await world.create_contact()
    written = []
    for _ in range(3):
        written += [await write(world.staff, contact, **body) for body in (LETTER, NOTE)]
    await write(world.staff, other, **LETTER)
    newest_first = [message["id"] for message in reversed(written)]

    seen: list[str] = []
    cursor: str | None = None
    while len(seen) < len(newest_first):
        page = await world.staff.get(
            path(contact), limit=4, **({"cursor": cursor} if cursor else {})
        )
        assert page["total"] == 6
        seen += [message["id"] for message in page["messages"]]
        cursor = page["next_cursor"]

    assert seen == newest_first
    assert cursor is None
    behind = await world.staff.get(path(contact), offset=4)
    assert [message["id"] for message in behind["messages"]] == newest_first[4:]
    texts = await world.staff.get(path(contact), channel="sms")
    assert [message["id"] for message in texts["messages"]] == newest_first[::2]
    assert (await world.staff.get(path(contact), direction="inbound"))["total"] == 0


async def test_repeated_request_writes_one_message(world: World) -> None:
    contact = await world.create_contact()

    answers = [
        await world.staff.request(
            "POST", path(contact), json=LETTER, headers={"Idempotency-Key": "roof-1"}
        )
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert (await world.staff.get(path(contact)))["total"] == 1
