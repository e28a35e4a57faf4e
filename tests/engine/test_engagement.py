"""E-mails that the engine sent, and what their readers did: opened, clicked, bounced, complained, left."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.engine.helpers import after, email, fork, inside, tag, walked
from tests.world import EMAIL, TEXT, Json, World

MACHINE = "Barracuda Sentinel (EE)"
REVIEW = {
    "step_type": "send_email",
    "step_config": {
        "subject": "How was it?",
        "html": '<body><a href="{{ review_link }}?a=1&amp;b=2">Review us</a>'
        ' <a href="tel:+13035550100">Call</a></body>',
    },
}


async def read(world: World, campaign: Json, contact: Json) -> tuple[Json, Json]:
    """The enrollment, and the first e-mail of it, a minute after it was sent."""
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["emails_sent"] == 1)
    await world.read_later()
    (message, *_) = await world.messages(contact["email"])
    return enrollment, message


async def test_email_tells_of_its_opening_and_of_its_links(world: World) -> None:
    campaign = await world.create_campaign(REVIEW, after(EMAIL, 3, "weeks"))
    enrollment, message = await read(world, campaign, await world.create_contact())

    assert 'href="tel:+13035550100"' in message["html"]
    assert "reviews.example" not in message["html"]
    assert (await world.homeowner.open(message)).status == 200
    answer = await world.homeowner.click(message)
    assert (answer.status, answer.location) == (302, "https://reviews.example/ridge?a=1&b=2")

    now = await world.detail(enrollment)
    assert (now["emails_opened"], now["emails_clicked"]) == (1, 1)
    assert now["executions"][0]["opened_at"]
    assert now["executions"][0]["clicked_at"]


async def test_what_is_stored_is_what_was_sent(world: World) -> None:
    campaign = await world.create_campaign(REVIEW)
    contact = await world.create_contact()
    await world.finished(await world.enroll(campaign, contact))

    (message,) = await world.messages(contact["email"])
    (seen,) = (await world.admin.get(f"/contacts/{contact['id']}/messages"))["messages"]
    assert seen["html"] == message["html"]
    assert "/t/o/" in seen["html"]


async def test_each_email_has_links_of_its_own(world: World) -> None:
    campaign = await world.create_campaign(REVIEW, REVIEW)
    contact = await world.create_contact()
    await world.finished(await world.enroll(campaign, contact))
    await world.read_later()
    first, second = await world.messages(contact["email"])

    assert not set(re.findall(r"/t/\S+", first["html"])) & set(
        re.findall(r"/t/\S+", second["html"])
    )
    await world.homeowner.click(second)
    (enrollment,) = (await world.admin.get(f"/campaigns/{campaign['id']}/enrollments"))[
        "enrollments"
    ]
    timeline = (await world.detail(enrollment))["executions"]
    assert [bool(each["clicked_at"]) for each in timeline] == [False, True]


async def test_plain_text_stays_as_it_was_written(world: World) -> None:
    config = {"subject": "Hi", "text": "Review us: {{ review_link }}"}
    campaign = await world.create_campaign({"step_type": "send_email", "step_config": config})
    contact = await world.create_contact()
    await world.finished(await world.enroll(campaign, contact))

    (message,) = await world.messages(contact["email"])
    assert message["html"] is None
    assert "https://reviews.example/ridge" in message["text"]
    assert "/t/" not in message["text"]


async def test_whoever_opens_as_the_email_arrives_is_a_machine(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 3, "weeks"))
    contact = await world.create_contact()
    begun = datetime.now(UTC)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["emails_sent"] == 1)
    (message,) = await world.messages(contact["email"])

    await world.homeowner.open(message)

    opened = (await world.detail(enrollment))["emails_opened"]
    assert opened == 0 or datetime.now(UTC) - begun > timedelta(seconds=2)


@pytest.mark.parametrize(("user_agent", "branch"), [(None, "opened"), (MACHINE, "ignored")])
async def test_branch_sees_people_and_no_machines(
    world: World, user_agent: str | None, branch: str
) -> None:
    campaign = await world.create_campaign(EMAIL, activate=False)
    opened = {"field": "enrollment.emails_opened", "operator": "greater_than", "value": 0}
    conditional = await world.add_step(campaign, **after(fork(opened), 3, "days"))
    await world.add_step(campaign, **inside(tag("opened"), conditional, "true"))
    await world.add_step(campaign, **inside(tag("ignored"), conditional, "false"))
    campaign = await world.activate(campaign)
    contact = await world.create_contact()
    enrollment, message = await read(world, campaign, contact)

    await world.homeowner.open(message, **({"user_agent": user_agent} if user_agent else {}))
    await world.pass_time(enrollment, days=3)

    await world.finished(enrollment)
    assert await walked(world, contact) == [branch]


async def test_click_of_a_machine_reaches_no_goal(world: World) -> None:
    campaign = await world.create_campaign(
        REVIEW, after(EMAIL, 1, "days"), goal_type="engagement", name="Reviews"
    )
    contact = await world.create_contact()
    enrollment, message = await read(world, campaign, contact)

    await world.homeowner.click(message, user_agent=MACHINE)
    await world.pass_time(enrollment, days=1)

    ended = await world.finished(enrollment)
    assert (ended["status"], ended["goal_achieved"]) == ("completed", False)
    assert ended["emails_sent"] == 2


async def test_open_and_click_after_two_weeks_that_were_skipped_count(world: World) -> None:
    campaign = await world.create_campaign(after(REVIEW, 2, "weeks"))
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await world.pass_time(enrollment, weeks=2)
    await world.finished(enrollment)
    await world.read_later()
    (message,) = await world.messages(contact["email"])

    await world.homeowner.open(message)
    await world.homeowner.click(message)

    over = await world.detail(enrollment)
    assert (over["emails_opened"], over["emails_clicked"]) == (1, 1)
    (execution,) = over["executions"]
    assert execution["opened_at"] >= execution["completed_at"]


async def test_hard_bounce_keeps_the_next_email_from_being_sent(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, after(email("Second"), 3, "days"))
    contact = await world.create_contact()
    enrollment, message = await read(world, campaign, contact)

    assert (await world.homeowner.bounce(message)).status == 204
    await world.pass_time(enrollment, days=3)

    done = await world.finished(enrollment)
    assert done["status"] == "completed"
    first, second = done["executions"]
    assert first["bounced_at"]
    assert (second["status"], second["result_data"]["skipped"]) == ("skipped", "suppressed")
    assert len(await world.messages(contact["email"])) == 1


async def test_bounce_is_the_addresss_whoever_has_it_later(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 3, "days"))
    contact = await world.create_contact()
    _, message = await read(world, campaign, contact)
    await world.homeowner.bounce(message)

    namesake = await world.create_contact(email=contact["email"])
    moved = await world.admin.patch(f"/contacts/{contact['id']}", {"email": "new@home.example"})
    again = await world.create_campaign(email("Again"))

    skipped = await world.finished(await world.enroll(again, namesake))
    sent = await world.finished(await world.enroll(again, moved["contact"]))
    assert skipped["executions"][0]["result_data"]["skipped"] == "suppressed"
    assert sent["emails_sent"] == 1


async def test_complaint_ends_the_drip_at_once(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 3, "weeks"))
    contact = await world.create_contact()
    enrollment, message = await read(world, campaign, contact)

    assert (await world.homeowner.complain(message)).status == 204

    await world.workflow(enrollment).result()
    ended = await world.detail(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")


async def test_one_click_unsubscribe_is_noted_with_its_email_and_ends_the_drip(
    world: World,
) -> None:
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 3, "weeks"))
    contact = await world.create_contact()
    enrollment, message = await read(world, campaign, contact)

    assert (await world.homeowner.unsubscribe(message)).status == 200

    await world.workflow(enrollment).result()
    ended = await world.detail(enrollment)
    assert ended["exit_reason"] == "unsubscribed"
    assert ended["executions"][0]["unsubscribed_at"]


async def test_suppressed_number_gets_no_text(world: World) -> None:
    contact = await world.create_contact()
    other = await world.create_contact(phone=contact["phone"])
    await world.staff.patch(f"/contacts/{other['id']}", {"sms_opt_out": True})
    campaign = await world.create_campaign(TEXT)

    done = await world.finished(await world.enroll(campaign, contact))

    assert done["sms_sent"] == 0
    assert done["executions"][0]["status"] == "skipped"
    assert await world.messages(contact["phone"]) == []
