"""Test runs that are sent: to the given address alone, once, and counted nowhere."""

import re
from uuid import uuid4

import httpx
import pytest

from domain.enums import SuppressionReason
from tests.api.client import invalid_fields, problem
from tests.api.routes import create_suppression
from tests.engine.conftest import Faults
from tests.engine.helpers import after
from tests.engine.trials import try_out, ways
from tests.world import EMAIL, TEXT, World


def inbox() -> str:
    """An address of the company that nobody else has."""
    return f"tess.{uuid4().hex[:8]}@ridge.example"


def phone() -> str:
    """A number of the company that nobody else has."""
    return f"+1303{uuid4().int % 10_000_000:07d}"


async def test_emails_go_to_the_tester_alone_and_are_marked(world: World) -> None:
    contact, to = await world.create_contact(first_name="Bea"), inbox()
    campaign = await world.create_campaign(EMAIL, TEXT, after(EMAIL, 3, "days"), activate=False)

    run = await try_out(world, campaign, contact, by=world.admin, send_to=to)

    assert [(each["step_id"], each["status"], each["error"]) for each in run["sent"]] == [
        (run["entries"][place]["step_id"], "sent", None) for place in (0, 2)
    ]
    got = await world.messages(to)
    assert [each["subject"] for each in got] == ["[Test] Hello Bea"] * 2
    said = {run["entries"][place]["content"]["html"] for place in (0, 2)}
    assert {each["html"] for each in got} == said
    assert not await world.messages(contact["email"])
    assert not await world.messages(contact["phone"])


async def test_texts_go_to_the_testers_phone(world: World) -> None:
    campaign, to = await world.create_campaign(EMAIL, TEXT, activate=False), phone()

    run = await try_out(
        world,
        campaign,
        {"first_name": "Bo", "phone": "+13035550111", "sms_consent": True},
        by=world.admin,
        send_to=to,
    )

    assert ways(run) == [("send_email", "skipped"), ("send_sms", "done")]
    assert [each["channel"] for each in run["sent"]] == ["sms"]
    (got,) = await world.messages(to)
    assert got["body"] == "[Test] Hi Bo"


async def test_repeated_request_sends_nothing_again_and_tells_the_same(world: World) -> None:
    campaign, to = await world.create_campaign(EMAIL, activate=False), inbox()
    contact = await world.create_contact()
    answers = [
        await world.admin.request(
            "POST",
            f"/campaigns/{campaign['id']}/test-runs",
            json={"contact_id": contact["id"], "send_to": to},
            headers={"Idempotency-Key": "once"},
        )
        for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].json()["test_run"]["sent"][0]["status"] == "sent"
    assert len(await world.messages(to)) == 1


async def test_what_the_provider_refuses_is_told(world: World, faults: Faults) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    await faults(resend={"mode": "bad_request", "count": 1})

    run = await try_out(
        world, campaign, await world.create_contact(), by=world.admin, send_to=inbox()
    )

    (sent,) = run["sent"]
    assert sent["status"] == "failed"
    assert "422" in sent["error"]


async def test_what_fails_for_a_moment_is_sent_once_all_the_same(
    world: World, faults: Faults
) -> None:
    campaign, to = await world.create_campaign(EMAIL, activate=False), inbox()
    await faults(resend={"mode": "error_500", "count": 1})

    run = await try_out(world, campaign, await world.create_contact(), by=world.admin, send_to=to)

    assert run["sent"][0]["status"] == "sent"
    assert len(await world.messages(to)) == 1


async def test_text_whose_answer_is_lost_is_not_sent_again(world: World, faults: Faults) -> None:
    campaign, to = await world.create_campaign(TEXT, activate=False), phone()
    await faults(twilio={"mode": "accept_then_500", "count": 1})
    who = {"first_name": "Bo", "phone": "+13035550111", "sms_consent": True}

    run = await try_out(world, campaign, who, by=world.admin, send_to=to)

    assert run["sent"][0]["status"] == "sent"
    assert len(await world.messages(to)) == 1


async def test_nothing_goes_to_a_suppressed_address(world: World) -> None:
    campaign, to = await world.create_campaign(EMAIL, activate=False), inbox()
    await create_suppression(world, to, SuppressionReason.OPT_OUT)

    run = await try_out(world, campaign, await world.create_contact(), by=world.admin, send_to=to)

    assert run["sent"] == [
        {
            "id": None,
            "step_id": run["entries"][0]["step_id"],
            "channel": "email",
            "status": "failed",
            "error": "the address is suppressed: opt_out",
        }
    ]
    assert not await world.messages(to)


async def test_links_of_a_test_touch_nobody(world: World, api: httpx.AsyncClient) -> None:
    contact, to = await world.create_contact(), inbox()
    linked = {
        "step_type": "send_email",
        "step_config": {"subject": "Hi", "html": '<p><a href="https://ridge.example/x">x</a></p>'},
    }
    campaign = await world.create_campaign(linked, activate=False)

    await try_out(world, campaign, contact, by=world.admin, send_to=to)

    (got,) = await world.messages(to)
    assert "/t/" not in got["html"]
    (way_out,) = re.findall(r'href="(http://campaigns.test/u/[^"]+)"', got["html"])
    assert (await api.post(way_out)).status_code == 200
    after_it = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert after_it["email_opt_out"] is False


async def test_test_messages_are_in_no_conversation_and_no_count(world: World) -> None:
    await world.admin.patch("/settings", {"daily_send_cap": 1})
    contact, to = await world.create_contact(), inbox()
    campaign = await world.create_campaign(EMAIL)

    await try_out(world, campaign, contact, by=world.admin, send_to=to)
    enrollment = await world.finished(await world.enroll(campaign, contact))

    assert enrollment["emails_sent"] == 1
    listed = await world.staff.get(f"/contacts/{contact['id']}/messages")
    assert listed["total"] == 1
    now = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert now["total_enrolled"] == 1


@pytest.mark.parametrize("role", ["manager", "staff"])
async def test_only_admins_have_tests_sent(world: World, role: str) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    body = {"contact": {"email": "bo@home.example"}, "send_to": inbox()}

    response = await getattr(world, role).request(
        "POST", f"/campaigns/{campaign['id']}/test-runs", json=body
    )

    problem(response, 403, "forbidden")


@pytest.mark.parametrize("send_to", ["nobody", "a@", "+1", 5, [], "a" * 400])
async def test_address_that_is_none_is_named(world: World, send_to: object) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    body = {"contact": {"email": "bo@home.example"}, "send_to": send_to}

    response = await world.admin.request(
        "POST", f"/campaigns/{campaign['id']}/test-runs", json=body
    )

    assert invalid_fields(response) == {"send_to"}
