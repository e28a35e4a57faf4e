"""What reaches the homeowner by e-mail and text, and what is kept of it."""

from tests.engine.helpers import at, run_through
from tests.world import EMAIL, TEXT, Json, World, noon_zone


async def test_email_step_sends_and_records_what_was_sent(world: World) -> None:
    contact = await world.create_contact()

    enrollment = await run_through(world, EMAIL, contact=contact)

    (message,) = await world.messages(contact["email"])
    assert message["subject"] == "Hello Ann"
    assert message["from"] == "Ridge Roofing <hello@ridge.example>"
    assert message["html"].startswith("<p>Hi Ann</p>")
    assert enrollment["status"] == "completed"
    assert enrollment["exit_reason"] == "completed"
    assert enrollment["emails_sent"] == 1
    assert enrollment["steps_completed"] == 1
    assert at(enrollment["completed_at"]) >= at(enrollment["enrolled_at"])
    assert enrollment["next_step_scheduled_at"] is None
    (execution,) = enrollment["executions"]
    assert execution["status"] == "completed"
    assert execution["result_data"].keys() == {"email_id", "sent_at", "provider"}
    assert execution["result_data"]["email_id"] == message["id"]
    assert execution["result_data"]["provider"] == "resend"
    assert at(execution["result_data"]["sent_at"]) == at(execution["started_at"])
    assert at(execution["scheduled_at"]) <= at(execution["started_at"])
    assert at(execution["started_at"]) <= at(execution["completed_at"])
    assert at(enrollment["last_step_executed_at"]) == at(execution["completed_at"])


async def test_email_carries_the_law_of_bulk_mail(world: World) -> None:
    contact = await world.create_contact()

    await run_through(world, EMAIL, contact=contact)

    (message,) = await world.messages(contact["email"])
    link = message["headers"]["List-Unsubscribe"].strip("<>")
    assert message["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message["html"]
    assert "1 Ridge Road, Denver, CO 80202" in message["html"]


async def test_email_takes_its_own_sender_name_reply_address_and_preheader(world: World) -> None:
    contact = await world.create_contact()
    config = {
        "subject": "{{ contact_name }}, your roof",
        "text": "Hi",
        "html": "<p>{{ custom.pet }}</p>",
        "from_name": "{{ user_name }}",
        "reply_to": "rob@ridge.example",
        "preheader": "Storm news",
    }
    await world.admin.patch(f"/contacts/{contact['id']}", {"custom": {"pet": "<b>Rex</b>"}})

    await run_through(world, {"step_type": "send_email", "step_config": config}, contact=contact)

    (message,) = await world.messages(contact["email"])
    assert message["subject"] == "Ann Lee, your roof"
    assert message["from"] == "Rob Admin <hello@ridge.example>"
    assert message["reply_to"] == "rob@ridge.example"
    assert "Storm news" in message["html"]
    assert "&lt;b&gt;Rex&lt;/b&gt;" in message["html"]
    assert message["text"].startswith("Hi")


async def test_text_step_sends_and_records_what_was_sent(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())

    enrollment = await run_through(world, TEXT, contact=contact)

    (message,) = await world.messages(contact["phone"])
    assert message["body"] == "Hi Ann"
    assert message["from"] == "+13035550199"
    assert enrollment["sms_sent"] == 1
    assert enrollment["emails_sent"] == 0
    (execution,) = enrollment["executions"]
    assert execution["result_data"]["sms_id"] == message["id"]
    assert execution["result_data"]["provider"] == "twilio"


async def test_text_is_void_when_the_hours_for_texts_end(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())

    await run_through(world, TEXT, contact=contact)

    (message,) = await world.messages(contact["phone"])
    assert 7 * 3600 < int(message["validity_period"]) <= 8 * 3600


async def test_text_takes_pictures(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    step = {
        "step_type": "send_sms",
        "step_config": {"body": "Look", "media_urls": ["https://ridge.example/roof.jpg"]},
    }

    await run_through(world, step, contact=contact)

    (message,) = await world.messages(contact["phone"])
    assert message["media_urls"] == ["https://ridge.example/roof.jpg"]


async def test_message_templates_give_the_content(world: World) -> None:
    letter = await template(world, channel="email", subject="To {{ first_name }}", html="<i>H</i>")
    note = await template(world, channel="sms", body="Short, {{ first_name }}")
    contact = await world.create_contact(timezone=noon_zone())

    await run_through(
        world,
        {"step_type": "send_email", "step_config": {"template_id": letter["id"]}},
        {"step_type": "send_sms", "step_config": {"template_id": note["id"]}},
        contact=contact,
    )

    (message,) = await world.messages(contact["email"])
    assert message["subject"] == "To Ann"
    assert "<i>H</i>" in message["html"]
    assert [each["body"] for each in await world.messages(contact["phone"])] == ["Short, Ann"]


async def test_estimate_comes_from_the_enrollments_project_else_from_the_newest(
    world: World,
) -> None:
    contact = await world.create_contact()
    older, newer = [
        (
            await world.admin.post(
                "/projects", {"contact_id": contact["id"], "name": name, "estimate_amount": amount}
            )
        )["project"]
        for name, amount in (("Roof", "12500.00"), ("Gutter", "800.00"))
    ]
    step = {
        "step_type": "send_email",
        "step_config": {"subject": "{{ project.name }} {{ estimate_amount }}", "html": "<p>x</p>"},
    }
    campaign = await world.create_campaign(step, allow_re_enrollment=True)

    await world.finished(await world.enroll(campaign, contact))
    await world.finished(await world.enroll(campaign, contact, project_id=older["id"]))

    assert [each["subject"] for each in await world.messages(contact["email"])] == [
        "Gutter 800.00",
        "Roof 12,500.00",
    ]
    assert newer["name"] == "Gutter"


async def test_all_ten_step_types_walk_to_the_end(world: World, sandbox_url: str) -> None:
    contact = await world.create_contact(timezone=noon_zone(), stage="lead")
    steps: list[Json] = [
        EMAIL,
        TEXT,
        {"step_type": "create_task", "step_config": {"title": "Call", "task_type": "call"}},
        {"step_type": "wait", "step_config": {}},
        {
            "step_type": "update_field",
            "step_config": {"entity": "contact", "field": "stage", "value": "warm"},
        },
        {"step_type": "manage_tags", "step_config": {"add": ["drip"]}},
        {
            "step_type": "notify",
            "step_config": {"role": "admin", "title": "Look", "message": "At it"},
        },
        {"step_type": "webhook", "step_config": {"url": f"{sandbox_url}/hook/ten"}},
        {
            "step_type": "conditional",
            "conditions": [{"field": "contact.stage", "operator": "equals", "value": "warm"}],
        },
        {"step_type": "exit_campaign", "step_config": {"reason": "stage_changed"}},
    ]

    enrollment = await run_through(world, *steps, contact=contact)

    assert [each["status"] for each in enrollment["executions"]] == ["completed"] * 10
    assert enrollment["steps_completed"] == 10
    assert (enrollment["status"], enrollment["exit_reason"]) == ("exited", "stage_changed")
    assert [each["step_type"] for each in enrollment["executions"]] == [
        step["step_type"] for step in steps
    ]


async def template(world: World, **values: str) -> Json:
    answer = await world.admin.post("/message-templates", {"name": "Hello", **values})
    body: Json = answer["message_template"]
    return body
