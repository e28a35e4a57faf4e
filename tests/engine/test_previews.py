"""Seeing what a step says to a contact while it is being written, and having it sent as a test."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.enums import SuppressionReason
from tests.api.client import invalid_fields, problem
from tests.api.routes import create_suppression
from tests.engine.helpers import after
from tests.engine.trials import try_out
from tests.world import EMAIL, TEXT, Caller, Json, World

BO: Json = {"first_name": "Bo", "phone": "+13035550111", "sms_consent": True}


def inbox() -> str:
    return f"tess.{uuid4().hex[:8]}@ridge.example"


def phone() -> str:
    return f"+1303{uuid4().int % 10_000_000:07d}"


async def ask(who: Caller, campaign: Json, step: Json, **body: Any) -> httpx.Response:
    written = {name: step[name] for name in ("step_type", "step_config")}
    return await who.request(
        "POST", f"/campaigns/{campaign['id']}/previews", json={**written, **body}
    )


async def look(world: World, step: Json, by: Caller | None = None, **body: Any) -> Json:
    """What is answered to a request that is all right."""
    campaign = await world.create_campaign(activate=False)
    response = await ask(by or world.staff, campaign, step, **body)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


async def test_email_is_shown_as_it_would_go_out(world: World) -> None:
    contact = await world.create_contact(first_name="Bea")

    answer = await look(world, EMAIL, contact_id=contact["id"])

    content = answer["preview"]["content"]
    assert (answer["sent"], answer["preview"]["skipped"]) == (None, None)
    assert content["subject"] == "Hello Bea"
    assert content["html"].startswith("<p>Hi Bea</p>")
    assert "1 Ridge Road" in content["html"]
    assert answer["preview"]["variants"] == []
    assert (answer["preview"]["segments"], answer["preview"]["encoding"]) == (None, None)
    assert await world.messages(contact["email"]) == []


async def test_preview_says_what_a_test_run_says(world: World) -> None:
    contact = await world.create_contact()
    await world.admin.post(
        "/projects", {"contact_id": contact["id"], "name": "Roof", "estimate_amount": "12500"}
    )
    said = {
        "subject": "{{ project.name }}: {{ estimate_amount }}, asks {{ user_name }}",
        "text": "{{ contact.email }} {{ booking_link }}",
    }
    step: Json = {"step_type": "send_email", "step_config": said}
    campaign = await world.create_campaign(step, activate=False)

    answer = (await ask(world.staff, campaign, step, contact_id=contact["id"])).json()
    (entry,) = (await try_out(world, campaign, contact))["entries"]

    shown = answer["preview"]["content"]
    assert shown["subject"] == "Roof: 12,500.00, asks Rob Admin" == entry["content"]["subject"]
    body, _, _ = shown["body"].partition("Unsubscribe:")
    assert entry["content"]["body"].startswith(body)


@pytest.mark.parametrize(
    ("body", "segments", "encoding"),
    [
        ("Hi {{ first_name }}", 1, "GSM-7"),
        ("Hi {{ first_name }} 🏠", 1, "UCS-2"),
        ("a" * 161, 2, "GSM-7"),
        ("é" * 160, 1, "GSM-7"),
        ("я" * 71, 2, "UCS-2"),
    ],
)
async def test_text_tells_what_it_is_billed_as(
    world: World, body: str, segments: int, encoding: str
) -> None:
    step = {"step_type": "send_sms", "step_config": {"body": body}}

    shown = (await look(world, step, contact=BO))["preview"]

    assert shown["content"]["body"] == body.replace("{{ first_name }}", "Bo")
    assert (shown["segments"], shown["encoding"]) == (segments, encoding)


async def test_each_variant_is_shown_and_measured(world: World) -> None:
    variants = [
        {"name": "short", "body": "Hi {{ first_name }}"},
        {"name": "long", "body": "{{ first_name }}" + "!" * 200},
        {"name": "unsayable", "body": "{{ project.name }}"},
    ]
    step = {"step_type": "send_sms", "step_config": {"variants": variants}}

    shown = (await look(world, step, contact=BO))["preview"]

    assert [(each["name"], each["segments"]) for each in shown["variants"]] == [
        ("short", 1),
        ("long", 2),
        ("unsayable", None),
    ]
    assert shown["content"] == shown["variants"][0]["content"]
    assert shown["content"]["body"] == "Hi Bo"
    assert shown["variants"][1]["content"]["body"].startswith("Bo!!!")
    assert "project.name" in shown["variants"][2]["skipped"]
    assert shown["skipped"] is None


@pytest.mark.parametrize(
    ("step", "who", "reason"),
    [
        (TEXT, {"first_name": "Bo", "phone": "+13035550111"}, "has not consented"),
        (TEXT, {**BO, "sms_opt_out": True}, "opted out of texts"),
        (EMAIL, {"first_name": "Bo"}, "no e-mail address"),
        (EMAIL, {"first_name": "Bo", "email": "bo@home.example", "email_opt_out": True}, "opted"),
    ],
)
async def test_who_would_not_get_it_is_told_why_and_shown_it(
    world: World, step: Json, who: Json, reason: str
) -> None:
    shown = (await look(world, step, contact=who))["preview"]

    assert reason in shown["skipped"]
    assert "Hi Bo" in (shown["content"]["body"] or shown["content"]["html"])


async def test_company_without_an_address_sees_its_email_and_what_is_missing(world: World) -> None:
    await world.admin.patch("/settings", {"postal_address": None})
    contact, to = await world.create_contact(), inbox()

    answer = await look(world, EMAIL, world.admin, contact_id=contact["id"], send_to=to)

    assert answer["preview"]["content"]["subject"] == "Hello Ann"
    assert answer["preview"]["skipped"] == "the settings have no postal address"
    assert [(each["status"], each["error"]) for each in answer["sent"]] == [
        ("failed", "the settings have no postal address")
    ]


async def test_what_cannot_be_said_is_not_shown(world: World) -> None:
    shown = (await look(world, EMAIL, contact={"email": "bo@home.example"}))["preview"]

    assert "first_name" in shown["skipped"]
    assert (shown["content"]["subject"], shown["content"]["html"]) == (None, None)


@pytest.mark.parametrize(
    ("step_type", "config", "content"),
    [
        (
            "create_task",
            {"title": "Call {{ first_name }}", "description": "Today", "task_type": "call"},
            {"subject": "Call Bo", "body": "Today"},
        ),
        (
            "notify",
            {"role": "manager", "title": "{{ first_name }}", "message": "Look"},
            {"subject": "Bo", "body": "Look"},
        ),
        (
            "webhook",
            {"url": "https://crm.example/hook", "body": {"name": "{{ first_name }}"}},
            {"body": '{"name": "Bo"}'},
        ),
        ("wait", {}, {"subject": None, "body": None}),
        ("conditional", {}, {"subject": None, "body": None}),
    ],
)
async def test_other_steps_show_what_they_say(
    world: World, step_type: str, config: Json, content: Json
) -> None:
    step = {"step_type": step_type, "step_config": config}

    shown = (await look(world, step, contact=BO))["preview"]

    assert {name: shown["content"][name] for name in content} == content


async def test_template_of_the_company_is_shown(world: World) -> None:
    template = await world.admin.post(
        "/message-templates", {"name": "Hi", "channel": "sms", "body": "Dear {{ first_name }}"}
    )
    config = {"template_id": template["message_template"]["id"]}

    shown = await look(world, {"step_type": "send_sms", "step_config": config}, contact=BO)

    assert shown["preview"]["content"]["body"] == "Dear Bo"
    misplaced = {"step_type": "send_email", "step_config": config}
    refused = await ask(world.staff, await world.create_campaign(EMAIL), misplaced, contact=BO)
    assert invalid_fields(refused) == {"step_config.template_id"}


@pytest.mark.parametrize(
    ("step", "body", "fields"),
    [
        (EMAIL, {}, {"contact_id"}),
        (EMAIL, {"contact_id": str(uuid4()), "contact": BO}, {"contact_id"}),
        (EMAIL, {"contact": {"phone": "1"}}, {"contact.phone"}),
        (EMAIL, {"contact": {"assigned_to": str(uuid4())}}, {"contact.assigned_to"}),
        (EMAIL, {"contact": BO, "send_to": "nobody"}, {"send_to"}),
        (EMAIL, {"contact": BO, "send_to": "+13035550100"}, {"send_to"}),
        (TEXT, {"contact": BO, "send_to": "bo@home.example"}, {"send_to"}),
        ({**TEXT, "step_type": "wait", "step_config": {}}, {"contact": BO, "send_to": "a@b.example"}, {"send_to"}),
        ({**TEXT, "step_config": {}}, {"contact": BO}, {"step_config.body"}),
        ({**TEXT, "step_config": {"body": "{{ nobody }}"}}, {"contact": BO}, {"step_config.body"}),
        ({**TEXT, "step_config": {"body": "Hi", "x": 1}}, {"contact": BO}, {"step_config.x"}),
        ({**TEXT, "step_type": "fax"}, {"contact": BO}, {"step_type"}),
        (TEXT, {"contact": BO, "x": 1}, {"x"}),
    ],
)  # fmt: skip
async def test_bad_input_names_its_field(
    world: World, step: Json, body: Json, fields: set[str]
) -> None:
    campaign = await world.create_campaign(activate=False)

    assert invalid_fields(await ask(world.admin, campaign, step, **body)) == fields


async def test_unknown_contact_is_not_found(world: World) -> None:
    campaign = await world.create_campaign(activate=False)
    response = await ask(world.staff, campaign, EMAIL, contact_id=str(uuid4()))
    problem(response, 404, "not_found")


async def test_only_an_admin_has_it_sent(world: World) -> None:
    campaign, to = await world.create_campaign(activate=False), inbox()
    for who in (world.staff, world.manager):
        refused = await ask(who, campaign, EMAIL, contact={**BO}, send_to=to)
        problem(refused, 403, "forbidden")
    assert await world.messages(to) == []


async def test_test_goes_to_the_tester_alone_and_unsubscribes_nobody(world: World) -> None:
    contact, to = await world.create_contact(first_name="Bea"), inbox()

    answer = await look(world, EMAIL, world.admin, contact_id=contact["id"], send_to=to)

    assert [(each["status"], each["error"]) for each in answer["sent"]] == [("sent", None)]
    (got,) = await world.messages(to)
    assert got["subject"] == "[Test] Hello Bea"
    assert got["html"] == answer["preview"]["content"]["html"]
    assert await world.messages(contact["email"]) == []
    link = got["html"].partition('href="')[2].partition('"')[0]
    await world.admin.http.post(link)
    now = (await world.staff.get(f"/contacts/{contact['id']}"))["contact"]
    assert now["email_opt_out"] is False
    assert now["updated_at"] == contact["updated_at"]


async def test_each_variant_is_sent(world: World) -> None:
    variants = [
        {"name": "a", "body": "One, {{ first_name }}"},
        {"name": "b", "body": "Two, {{ project.name }}"},
        {"name": "c", "body": "Three"},
    ]
    step, to = {"step_type": "send_sms", "step_config": {"variants": variants}}, phone()

    answer = await look(world, step, world.admin, contact={"first_name": "Bo"}, send_to=to)

    assert [each["status"] for each in answer["sent"]] == ["sent", "failed", "sent"]
    assert {each["body"] for each in await world.messages(to)} == {
        "[Test] One, Bo",
        "[Test] Three",
    }


async def test_suppressed_address_gets_no_test(world: World) -> None:
    to = inbox()
    await create_suppression(world, to, SuppressionReason.COMPLAINT)

    answer = await look(world, EMAIL, world.admin, contact=BO, send_to=to)

    assert [each["status"] for each in answer["sent"]] == ["failed"]
    assert await world.messages(to) == []


async def test_nothing_is_left_of_a_preview(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    before = await world.staff.get("/contacts"), await world.staff.get("/campaigns")

    await ask(world.admin, campaign, EMAIL, contact_id=contact["id"], send_to=inbox())
    await ask(world.staff, campaign, EMAIL, contact=BO)

    assert (await world.staff.get("/contacts"), await world.staff.get("/campaigns")) == before
    found = await world.staff.get(f"/campaigns/{campaign['id']}/enrollments")
    assert found["total"] == 0
    report = await world.staff.get(f"/campaigns/{campaign['id']}/analytics")
    assert report["analytics"]["email"]["sent"] == 0
