"""Nobody gets more than three texts of campaigns in 24 hours, whichever campaigns they are of."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from db.session import engine
from db.tables import Execution
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, at, email, local, statuses
from tests.engine.test_races import SlowToCommit, run_step, somebody_waits
from tests.world import ALWAYS, EMAIL, TEXT, Json, World, eventually, noon_zone

DAY = timedelta(hours=24)


async def send_texts(world: World, contact: Json, count: int) -> list[Json]:
    """So many campaigns text the contact, one after the other."""
    return [
        await world.finished(await world.enroll(await world.create_campaign(TEXT), contact))
        for _ in range(count)
    ]


async def enroll(world: World, contact: Json, **campaign: Any) -> Json:
    return await world.enroll(await world.create_campaign(TEXT, **campaign), contact)


async def held_back(world: World, enrollment: Json) -> Json:
    """The enrollment, once its text was due and has been put off."""
    enrolled = at(enrollment["enrolled_at"])
    return await world.until(
        enrollment,
        lambda now: at(now["next_step_scheduled_at"]) > enrolled + timedelta(hours=1),
    )


async def why(world: World, enrollment: Json) -> str:
    async def says() -> bool:
        return "24 hours" in (await world.workflow(enrollment).query("state"))["why"]

    await eventually(says)
    answer: str = (await world.workflow(enrollment).query("state"))["why"]
    return answer


def first_sent(enrollment: Json) -> datetime:
    return at(enrollment["executions"][0]["started_at"])


async def test_fourth_text_waits_until_the_first_is_24_hours_old(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    first, *_ = await send_texts(world, contact, 3)

    fourth = await enroll(world, contact)

    waiting = await held_back(world, fourth)
    assert at(waiting["next_step_scheduled_at"]) == first_sent(first) + DAY
    assert statuses(waiting) == [("send_sms", "pending")]
    assert (await why(world, fourth)).startswith("3 texts in 24 hours reached")
    assert len(await world.messages(contact["phone"])) == 3

    await world.pass_time(fourth, hours=23)
    assert len(await world.messages(contact["phone"])) == 3
    await world.pass_time(fourth, hours=2)

    done = await world.finished(fourth)
    assert statuses(done) == [("send_sms", "completed")]
    assert first_sent(done) - first_sent(first) < DAY + timedelta(minutes=1)
    assert len(await world.messages(contact["phone"])) == 4


async def test_texts_of_one_campaign_are_counted_too(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    campaign = await world.create_campaign(TEXT, TEXT, email("x"), TEXT, TEXT)

    enrollment = await world.enroll(campaign, contact)

    waiting = await held_back(world, enrollment)
    assert [status for _, status in statuses(waiting)] == ["completed"] * 4 + ["pending"]
    assert at(waiting["next_step_scheduled_at"]) == first_sent(waiting) + DAY
    await world.pass_time(enrollment, hours=25)
    assert (await world.finished(enrollment))["sms_sent"] == 4


async def test_text_due_when_the_first_is_older_than_24_hours_is_not_held_back(
    world: World,
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    campaign = await world.create_campaign(TEXT, TEXT, TEXT, after(TEXT, 25, "hours"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["sms_sent"] == 3)

    await world.pass_time(enrollment, hours=26)

    done = await world.finished(enrollment)
    third, fourth = done["executions"][2:]
    late = at(fourth["started_at"]) - at(third["completed_at"]) - timedelta(hours=25)
    assert late < timedelta(minutes=1)


async def test_all_who_share_a_phone_are_one_person_and_others_are_not(world: World) -> None:
    zone = noon_zone()
    ann = await world.create_contact(timezone=zone)
    bob = await world.create_contact(timezone=zone, phone=ann["phone"])
    deleted = await world.create_contact(timezone=zone, phone=ann["phone"])
    other = await world.create_contact(timezone=zone)
    for contact in (ann, bob, deleted):
        await send_texts(world, contact, 1)
    await world.admin.delete(f"/contacts/{deleted['id']}")

    waits, goes = await enroll(world, ann), await enroll(world, other)

    await held_back(world, waits)
    assert (await world.finished(goes))["sms_sent"] == 1


async def test_emails_and_texts_that_were_refused_do_not_count(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await world.finished(await world.enroll(await world.create_campaign(EMAIL, EMAIL), contact))
    await faults(twilio={"mode": "bad_request", "count": 2})
    refused = await send_texts(world, contact, 2)
    assert [each["executions"][0]["status"] for each in refused] == ["failed"] * 2

    sent = await send_texts(world, contact, 3)

    assert [each["sms_sent"] for each in sent] == [1, 1, 1]


async def test_text_of_which_nobody_knows_whether_it_went_out_counts(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    sent = await send_texts(world, contact, 3)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Execution)
            .where(Execution.enrollment_id == sent[0]["id"])
            .values(status="unknown")
        )

    await held_back(world, await enroll(world, contact))


async def test_held_back_text_waits_for_the_next_opening_after_the_24_hours(world: World) -> None:
    zone = noon_zone()
    contact = await world.create_contact(timezone=zone)
    await send_texts(world, contact, 3)
    tomorrow = datetime.now(ZoneInfo(zone)).date() + timedelta(days=1)

    enrollment = await enroll(
        world,
        contact,
        respect_business_hours=True,
        business_hours={**ALWAYS, "timezone": "contact"},
        holidays=[tomorrow.isoformat()],
    )

    waiting = await held_back(world, enrollment)
    opening = at(waiting["next_step_scheduled_at"]).astimezone(ZoneInfo(zone))
    assert opening.date() == tomorrow + timedelta(days=1)
    assert local(waiting["next_step_scheduled_at"], ZoneInfo(zone)).endswith("09:00")


async def test_two_campaigns_at_the_same_moment_do_not_make_four(
    quiet_world: World, site: Site
) -> None:
    world, slow = quiet_world, SlowToCommit(site.settings.database_url)
    contact = await world.create_contact(timezone=noon_zone())
    for _ in range(2):
        await run_step(site, site.database, await enroll(world, contact), world)
    third, fourth = await enroll(world, contact), await enroll(world, contact)
    first = asyncio.create_task(run_step(site, slow, third, world))
    await slow.before_commit.wait()

    second = asyncio.create_task(run_step(site, site.database, fourth, world))
    await eventually(lambda: somebody_waits(world))
    slow.may_commit.set()
    _, plan = await asyncio.gather(first, second)

    assert "3 texts in 24 hours reached" in plan.why
    assert len(await world.messages(contact["phone"])) == 3
    await slow.close()


async def test_number_that_changes_hands_brings_its_texts_along(world: World) -> None:
    first = await world.create_contact(timezone=noon_zone())
    await send_texts(world, first, 3)
    moved_to = (await world.create_contact())["phone"]
    await world.admin.patch(f"/contacts/{first['id']}", {"phone": moved_to})
    second = await world.create_contact(phone=first["phone"], timezone=noon_zone())

    await held_back(world, await enroll(world, second))

    (over,) = await send_texts(world, first, 1)
    assert over["sms_sent"] == 1
