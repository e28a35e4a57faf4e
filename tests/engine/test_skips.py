"""Steps that do not run for a contact, and say why; the enrollment goes on."""

from typing import Any

import pytest

from domain.enums import Role
from tests.engine.conftest import Site
from tests.engine.helpers import after, minutes_until, run_through, statuses, tag, walked
from tests.world import EMAIL, TEXT, Json, World, noon_zone

NAMELESS = {
    "step_type": "send_email",
    "step_config": {"subject": "About {{ custom.roof_type }}", "html": "<p>Hi</p>"},
}
TASK = {"step_type": "create_task", "step_config": {"title": "x", "task_type": "call"}}


@pytest.mark.parametrize(
    ("step", "values", "code", "reason"),
    [
        (EMAIL, {"email": None}, "no_email", "no e-mail address"),
        (EMAIL, {"email_opt_out": True}, "email_opt_out", "opted out of e-mail"),
        (TEXT, {"phone": None}, "no_phone", "no phone number"),
        (TEXT, {"sms_opt_out": True}, "sms_opt_out", "opted out of texts"),
        (TEXT, {"sms_consent": False}, "no_sms_consent", "not consented to texts"),
        (EMAIL, {"first_name": None}, "missing_variable", "first_name"),
        (NAMELESS, {}, "missing_variable", "custom.roof_type"),
    ],
)
async def test_contact_who_may_not_get_a_message_is_skipped_with_the_reason(
    world: World, step: Json, values: dict[str, Any], code: str, reason: str
) -> None:
    contact = await world.create_contact(**values)

    enrollment = await run_through(world, step, tag("after"), contact=contact)

    skipped, _ = enrollment["executions"]
    assert skipped["status"] == "skipped"
    assert skipped["result_data"]["skipped"] == code
    assert reason in skipped["result_data"]["reason"]
    assert reason in skipped["error_message"]
    assert enrollment["status"] == "completed"
    assert enrollment["steps_completed"] == 1
    assert (enrollment["emails_sent"], enrollment["sms_sent"]) == (0, 0)
    assert await walked(world, contact) == ["after"]
    for address in (contact["email"], contact["phone"]):
        if address:
            assert await world.messages(address) == []


async def test_empty_variable_with_a_default_is_no_reason_to_skip(world: World) -> None:
    contact = await world.create_contact(first_name=None)
    config = {"subject": "Hello {{ first_name | default: 'neighbor' }}", "html": "<p>Hi</p>"}

    await run_through(world, {"step_type": "send_email", "step_config": config}, contact=contact)

    assert [m["subject"] for m in await world.messages(contact["email"])] == ["Hello neighbor"]


@pytest.mark.parametrize(
    ("step_type", "config"),
    [
        ("create_task", {"title": "Call {{ custom.nobody }}", "task_type": "call"}),
        ("notify", {"role": "admin", "title": "x", "message": "{{ custom.nobody }}"}),
        ("update_field", {"entity": "contact", "field": "stage", "value": "{{ custom.nobody }}"}),
    ],
)
async def test_empty_variable_skips_steps_of_any_kind(
    world: World, step_type: str, config: dict[str, Any]
) -> None:
    contact = await world.create_contact()

    enrollment = await run_through(
        world, {"step_type": step_type, "step_config": config}, contact=contact
    )

    (skipped,) = enrollment["executions"]
    assert skipped["status"] == "skipped"
    assert "custom.nobody" in skipped["error_message"]
    assert enrollment["tasks_created"] == 0


async def test_empty_variable_in_a_webhooks_body_skips_it(world: World, sandbox_url: str) -> None:
    contact = await world.create_contact()
    url = f"{sandbox_url}/hook/{contact['id']}"
    config = {"url": url, "body": {"deep": ["{{ custom.nobody }}"]}}

    enrollment = await run_through(
        world, {"step_type": "webhook", "step_config": config}, contact=contact
    )

    assert statuses(enrollment) == [("webhook", "skipped")]
    assert await world.messages(contact["id"]) == []


async def test_project_field_of_a_contact_without_a_project_is_skipped(world: World) -> None:
    config = {"entity": "project", "field": "stage", "value": "won"}
    contact = await world.create_contact()

    enrollment = await run_through(
        world, {"step_type": "update_field", "step_config": config}, contact=contact
    )

    (skipped,) = enrollment["executions"]
    assert skipped["result_data"]["skipped"] == "no_project"


async def test_notification_that_reaches_nobody_is_skipped(world: World) -> None:
    manager = world.user_ids[Role.MANAGER]
    await world.admin.patch(f"/users/{manager}", {"is_active": False})
    config = {"user_ids": [str(manager)], "title": "Look", "message": "At it"}

    enrollment = await run_through(
        world,
        {"step_type": "notify", "step_config": config},
        contact=await world.create_contact(),
    )

    (skipped,) = enrollment["executions"]
    assert skipped["result_data"]["skipped"] == "nobody_to_notify"


async def test_providers_that_are_not_configured_skip_their_steps(
    quiet_world: World, site: Site
) -> None:
    contact = await quiet_world.create_contact(timezone=noon_zone())

    async with site.working(resend_api_key=None, twilio_account_sid=None):
        enrollment = await run_through(quiet_world, EMAIL, TEXT, tag("after"), contact=contact)

    assert [each["result_data"].get("skipped") for each in enrollment["executions"]] == [
        "provider_not_configured",
        "provider_not_configured",
        None,
    ]
    assert enrollment["status"] == "completed"
    assert await quiet_world.messages(contact["email"]) == []


async def test_skip_is_decided_when_due_and_not_when_the_window_opens(world: World) -> None:
    contact = await world.create_contact(email=None)
    campaign = await world.create_campaign(
        after(EMAIL, minutes_until("Sat", 11), "minutes"),
        tag("after"),
        respect_business_hours=True,
    )
    enrollment = await world.enroll(campaign, contact)

    await world.pass_time(enrollment, minutes=minutes_until("Sat", 11) + 5)

    enrollment = await world.finished(enrollment)
    assert statuses(enrollment) == [("send_email", "skipped"), ("manage_tags", "completed")]


async def test_consent_withdrawn_while_waiting_for_the_window_skips_the_text(world: World) -> None:
    contact = await world.create_contact(timezone="America/Denver")
    minutes = minutes_until("Sat", 22)
    campaign = await world.create_campaign(after(TEXT, minutes, "minutes"))
    enrollment = await world.enroll(campaign, contact)
    await world.pass_time(enrollment, minutes=minutes + 5)
    await world.admin.patch(f"/contacts/{contact['id']}", {"sms_consent": False})

    await world.pass_time(enrollment, days=1)

    enrollment = await world.finished(enrollment)
    assert enrollment["executions"][0]["result_data"]["skipped"] == "no_sms_consent"
    assert await world.messages(contact["phone"]) == []


async def test_task_is_not_lost_to_a_missing_address(world: World) -> None:
    contact = await world.create_contact(email=None, phone=None)

    enrollment = await run_through(world, EMAIL, TEXT, TASK, contact=contact)

    assert enrollment["tasks_created"] == 1
