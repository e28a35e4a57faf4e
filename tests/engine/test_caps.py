"""A company's daily cap: exactly so many messages of campaigns go out in its day, the others on later days."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from db.session import engine
from tests.engine.by_hand import LETTER, sent
from tests.engine.capped import cap, count_of_today, counts, held_back, start
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import statuses
from tests.engine.test_races import SlowToCommit, run_step, somebody_waits
from tests.world import EMAIL, TEXT, World, eventually, noon_zone


async def test_many_at_once_send_exactly_the_cap_and_the_rest_waits_for_tomorrow(
    world: World,
) -> None:
    await cap(world, daily_send_cap=5)
    campaign = await world.create_campaign(EMAIL)
    contacts = [await world.create_contact() for _ in range(12)]

    enrollments = await asyncio.gather(*(world.enroll(campaign, each) for each in contacts))

    async def are_settled() -> bool:
        latest = [await world.detail(each) for each in enrollments]
        held = [each for each in latest if "cap of 5" in (each["why"] or "")]
        done = [each for each in latest if each["status"] == "completed"]
        return (len(done), len(held)) == (5, 7)

    await eventually(are_settled)
    assert await count_of_today(world) == 5
    assert sum([len(await world.messages(each["email"])) for each in contacts]) == 5


async def test_what_is_over_the_cap_goes_tomorrow_and_never_gets_lost(world: World) -> None:
    await cap(world, daily_send_cap=1)
    first = await world.finished(await start(world))
    second, third = await start(world), await start(world)

    for each in (second, third):
        waiting = await held_back(world, each)
        assert statuses(waiting) == [("send_email", "pending")]
        assert waiting["why"].startswith("the company's cap of 1 a day is reached")
    await world.pass_time(second, hours=24)
    assert (await world.finished(second))["emails_sent"] == 1
    await world.pass_time(third, hours=24)
    await held_back(world, third, days=2)
    await world.pass_time(third, hours=24)

    assert (await world.finished(third))["emails_sent"] == 1
    assert list((await counts(world)).values()) == [1, 1, 1]
    assert first["emails_sent"] == 1


async def test_held_back_message_waits_for_the_first_opening_of_the_next_day(world: World) -> None:
    await cap(world, daily_send_cap=1)
    await world.finished(await start(world))
    zone = ZoneInfo(noon_zone())
    tomorrow = (datetime.now(zone) + timedelta(days=1)).date()
    hours = {"start": 9, "end": 24, "days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]}

    waits = await start(world, respect_business_hours=True, business_hours=hours)

    waiting = await world.until(waits, lambda now: "cap of 1" in (now["why"] or ""))
    opening = datetime.fromisoformat(waiting["next_step_scheduled_at"]).astimezone(zone)
    assert (opening.date(), opening.hour, opening.minute) == (tomorrow, 9, 0)
    assert f"{opening:%a %d %b %Y %H:%M}" in waiting["why"]


async def test_texts_and_emails_share_the_cap_and_what_is_written_by_hand_has_none(
    world: World,
) -> None:
    await cap(world, daily_send_cap=2)
    contact = await world.create_contact(timezone=noon_zone())
    assert (await sent(world, contact, LETTER))["status"] == "sent"
    assert await count_of_today(world) == 0

    both = await start(world, TEXT, EMAIL, TEXT, contact=contact)

    waiting = await held_back(world, both, hour=9)
    assert (waiting["sms_sent"], waiting["emails_sent"]) == (1, 1)
    assert (await sent(world, contact, LETTER))["status"] == "sent"
    assert await count_of_today(world) == 2


async def test_message_that_is_tried_several_times_counts_once(
    world: World, faults: Faults
) -> None:
    await cap(world, daily_send_cap=2)
    await faults(resend={"mode": "refuse_429", "retry_after": 1, "count": 2})
    await world.finished(await start(world))
    await faults(resend={"mode": "accept_then_500", "count": 1})
    done = await world.finished(await start(world))

    assert done["emails_sent"] == 1
    assert await count_of_today(world) == 2


async def test_message_without_an_answer_is_asked_for_again_though_the_cap_is_reached(
    world: World, faults: Faults
) -> None:
    await cap(world, daily_send_cap=1)
    await faults(resend={"mode": "accept_then_500", "count": 1})

    done = await world.finished(await start(world))

    assert statuses(done) == [("send_email", "completed")]
    assert await count_of_today(world) == 1


async def test_message_that_waits_for_its_provider_leaves_its_place_to_others(
    world: World, faults: Faults
) -> None:
    await cap(world, daily_send_cap=1)
    await faults(resend={"mode": "refuse_429", "retry_after": 3, "count": 1})
    waits = await start(world)
    await world.until(waits, lambda now: now["executions"][0]["error_message"] is not None)

    assert (await world.finished(await start(world)))["emails_sent"] == 1

    await held_back(world, waits)
    assert await count_of_today(world) == 1


async def test_message_that_is_refused_for_good_uses_up_nothing(
    world: World, faults: Faults
) -> None:
    await cap(world, daily_send_cap=1)
    await faults(
        twilio={"mode": "bad_request", "count": 1}, resend={"mode": "bad_request", "count": 1}
    )
    refused = [await world.finished(await start(world, step)) for step in (TEXT, EMAIL)]
    assert [each["executions"][0]["status"] for each in refused] == ["failed"] * 2
    assert await count_of_today(world) == 0

    assert (await world.finished(await start(world)))["emails_sent"] == 1


async def test_message_that_is_skipped_uses_up_nothing(world: World) -> None:
    await cap(world, daily_send_cap=1)
    nobody = await world.create_contact(email_opt_out=True)

    skipped = await world.finished(await start(world, contact=nobody))

    assert statuses(skipped) == [("send_email", "skipped")]
    assert (await world.finished(await start(world)))["emails_sent"] == 1


async def test_message_that_is_stopped_right_before_the_send_gives_its_place_back(
    quiet_world: World, site: Site
) -> None:
    world, slow = quiet_world, SlowToCommit(site.settings.database_url)
    await cap(world, daily_send_cap=1)
    contact = await world.create_contact()
    enrollment = await start(world, contact=contact)
    attempt = asyncio.create_task(run_step(site, slow, enrollment, world))
    await slow.before_commit.wait()
    await world.staff.patch(f"/contacts/{contact['id']}", {"email": "ann@elsewhere.example"})
    slow.may_commit.set()

    await attempt

    assert await world.messages(contact["email"]) == []
    assert await count_of_today(world) == 0
    await slow.close()


async def test_two_at_the_same_moment_do_not_take_the_same_place(
    quiet_world: World, site: Site
) -> None:
    world, slow = quiet_world, SlowToCommit(site.settings.database_url)
    await cap(world, daily_send_cap=1)
    one, other = await start(world), await start(world)
    first = asyncio.create_task(run_step(site, slow, one, world))
    await slow.before_commit.wait()

    second = asyncio.create_task(run_step(site, site.database, other, world))
    await eventually(lambda: somebody_waits(world))
    slow.may_commit.set()
    _, plan = await asyncio.gather(first, second)

    assert "the company's cap of 1 a day is reached" in plan.why
    assert await count_of_today(world) == 1
    await slow.close()


async def test_admins_are_told_once_that_the_cap_is_reached(world: World) -> None:
    await cap(world, daily_send_cap=1)
    await world.finished(await start(world))
    assert (await world.admin.get("/notifications"))["total"] == 0

    for _ in range(2):
        await held_back(world, await start(world))

    (told,) = (await world.admin.get("/notifications"))["notifications"]
    assert told["title"] == "The messages of the day are sent"
    assert "as many messages as the settings allow in a day (1)" in told["message"]
    assert (await world.staff.get("/notifications"))["total"] == 0


async def test_counts_of_days_long_past_are_forgotten_with_the_first_message_of_a_day(
    world: World,
) -> None:
    await cap(world, daily_send_cap=3)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text(
                "insert into daily_sends (tenant_id, day, sent)"
                " select :tenant, current_date - age, 7 from unnest(array[5, 10, 400]) age"
            ),
            {"tenant": world.tenant_id},
        )

    await world.finished(await start(world))

    assert sorted((await counts(world)).values()) == [1, 7]


async def test_company_without_a_cap_counts_nothing_and_holds_nothing_back(world: World) -> None:
    done = await world.finished(await start(world, EMAIL, EMAIL, EMAIL))

    assert done["emails_sent"] == 3
    assert await counts(world) == {}
