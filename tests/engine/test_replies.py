"""What a homeowner's text does to the campaigns that she is in."""

from typing import Any

import pytest
from sqlalchemy import select

from db.session import engine
from db.tables import Notification
from domain.enums import Role
from tests.engine.helpers import after, at, statuses, tag
from tests.world import EMAIL, TEXT, Json, World, noon_zone

LATER = after(TEXT, 3, "weeks")


@pytest.fixture
async def contact(world: World) -> Json:
    return await world.create_contact(timezone=noon_zone())


async def start(world: World, contact: Json, *steps: Json, **campaign: Any) -> Json:
    """A campaign that has texted the contact, and goes on later."""
    created = await world.create_campaign(TEXT, *(steps or [LATER]), **campaign)
    enrollment = await world.enroll(created, contact)
    return await world.until(enrollment, lambda now: now["sms_sent"] == 1)


async def reply(world: World, contact: Json, body: str) -> None:
    """The contact answers the newest text."""
    *_, message = await world.messages(contact["phone"])
    answer = await world.homeowner.reply(message, body)
    assert answer.status == 200


def replied(enrollment: Json) -> bool:
    return bool(enrollment["executions"][0]["replied_at"])


async def test_reply_ends_every_running_campaign_of_the_phone(world: World, contact: Json) -> None:
    partner = await world.create_contact(phone=contact["phone"], timezone=noon_zone())
    running = [
        await start(world, contact),
        await start(world, contact),
        await start(world, partner),
    ]
    silent = await world.enroll(await world.create_campaign(LATER), contact)

    await reply(world, contact, "Yes, please call me")

    for enrollment in running:
        await world.workflow(enrollment).result()
        ended = await world.detail(enrollment)
        assert (ended["status"], ended["exit_reason"]) == ("exited", "replied")
        assert ended["sms_replied"] == 1
        text = ended["executions"][0]
        assert at(text["replied_at"]) >= at(text["completed_at"])
    ended = await world.finished(silent)
    assert (ended["exit_reason"], ended["sms_replied"]) == ("replied", 0)


async def test_reply_leaves_a_campaign_that_goes_on_after_one(world: World, contact: Json) -> None:
    stays = await start(world, contact, exit_on_reply=False)

    await reply(world, contact, "How much?")

    enrollment = await world.until(stays, lambda now: now["sms_replied"] == 1)
    assert enrollment["status"] == "active"
    assert replied(enrollment)
    assert enrollment["executions"][-1]["replied_at"] is None


async def test_reply_reaches_the_goal_of_engagement(world: World, contact: Json) -> None:
    enrollment = await start(world, contact, goal_type="engagement")

    await reply(world, contact, "Sounds good")

    ended = await world.finished(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "goal_achieved")
    assert ended["goal_achieved"]


async def test_second_reply_to_the_same_text_counts_no_more(world: World, contact: Json) -> None:
    enrollment = await start(world, contact, exit_on_reply=False)
    await reply(world, contact, "One")
    first = await world.until(enrollment, replied)

    await reply(world, contact, "Two")

    again = await world.detail(enrollment)
    assert again["sms_replied"] == 1
    assert again["executions"][0]["replied_at"] == first["executions"][0]["replied_at"]


async def test_reply_counts_for_the_last_text_of_the_enrollment(
    world: World, contact: Json
) -> None:
    created = await world.create_campaign(TEXT, EMAIL, TEXT, LATER, exit_on_reply=False)
    enrollment = await world.enroll(created, contact)
    await world.until(enrollment, lambda now: now["sms_sent"] == 2)

    await reply(world, contact, "OK")

    enrollment = await world.until(enrollment, lambda now: now["sms_replied"] == 1)
    marks = [bool(each["replied_at"]) for each in enrollment["executions"]]
    assert marks == [False, False, True, False]


async def test_reply_when_all_is_over_counts_for_the_newest_campaign_that_texted(
    world: World, contact: Json
) -> None:
    older, newer = [
        await world.finished(await world.enroll(await world.create_campaign(TEXT), contact))
        for _ in range(2)
    ]
    await world.finished(await world.enroll(await world.create_campaign(EMAIL), contact))

    await reply(world, contact, "Still there?")

    counted = await world.until(newer, lambda now: now["sms_replied"] == 1)
    assert replied(counted)
    assert counted["status"] == "completed"
    assert not replied(await world.detail(older))


async def test_reply_goes_on_with_who_waits_for_it(world: World, contact: Json) -> None:
    until = {"event": "sms_replied", "timeout": {"delay_value": 5, "delay_unit": "days"}}
    wait = {"step_type": "wait", "step_config": {"until": until}}
    enrollment = await start(world, contact, wait, tag("heard"), exit_on_reply=False)
    await world.until(enrollment, lambda now: statuses(now)[-1] == ("wait", "running"))

    await reply(world, contact, "Hi")

    ended = await world.finished(enrollment)
    assert statuses(ended)[1:] == [("wait", "completed"), ("manage_tags", "completed")]


async def test_reply_to_a_campaign_tells_who_made_it_where_nobody_is_assigned(
    world: World, contact: Json
) -> None:
    other = {"email": f"{contact['id']}@ridge.example", "name": "Sue", "role": "admin"}
    await world.admin.post("/users", other)
    enrollment = await start(world, contact)

    await reply(world, contact, "Call me")

    async with world.database.transaction(engine(world.tenant_id)) as session:
        (told,) = await session.scalars(select(Notification))
    assert told.user_id == world.user_ids[Role.ADMIN]
    assert (told.title, told.message) == ("Ann Lee sent a text", "Call me")
    assert str(told.enrollment_id) == enrollment["id"]


async def test_stop_is_heard_before_the_next_text_and_is_no_reply(
    world: World, contact: Json
) -> None:
    texts = await start(world, contact)
    emails = await world.enroll(await world.create_campaign(after(EMAIL, 3, "weeks")), contact)

    await reply(world, contact, "Please stop texting me")

    ended = await world.finished(texts)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")
    assert (ended["sms_replied"], replied(ended)) == (0, False)
    assert (await world.detail(emails))["status"] == "active"
    again = await world.finished(await world.enroll(await world.create_campaign(TEXT), contact))
    assert again["status"] == "completed"
    assert again["executions"][0]["result_data"]["skipped"] == "sms_opt_out"
    assert len(await world.messages(contact["phone"])) == 1

    await reply(world, contact, "START")

    back = await world.finished(await world.enroll(await world.create_campaign(TEXT), contact))
    assert back["sms_sent"] == 1
