"""A contact gets so many messages in a day, of all campaigns together: those of higher priority go first."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from db.session import engine
from db.tables import Execution
from tests.engine.by_hand import LETTER, sent
from tests.engine.capped import cap, count_of_today, held_back, start
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, at, statuses
from tests.engine.test_races import SlowToCommit, run_step, somebody_waits
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone

LATER = after(EMAIL, 2, "hours")


@pytest.fixture
async def contact(world: World) -> Json:
    """Somebody who gets one message a day."""
    await cap(world, contact_daily_cap=1)
    return await world.create_contact(timezone=noon_zone())


async def test_message_over_the_contacts_cap_goes_on_the_next_day(
    world: World, contact: Json
) -> None:
    await world.finished(await start(world, contact=contact))

    second = await start(world, contact=contact)

    waiting = await held_back(world, second)
    assert waiting["why"].startswith("the contact's cap of 1 a day is reached (1 sent)")
    await world.pass_time(second, hours=24)
    assert (await world.finished(second))["emails_sent"] == 1


async def test_emails_and_texts_of_all_campaigns_count_and_those_by_hand_do_not(
    world: World,
) -> None:
    await cap(world, contact_daily_cap=3)
    contact = await world.create_contact(timezone=noon_zone())
    await sent(world, contact, LETTER)
    await world.finished(await start(world, TEXT, EMAIL, contact=contact))

    enrollment = await start(world, EMAIL, TEXT, contact=contact)

    waiting = await held_back(world, enrollment, hour=9)
    assert statuses(waiting) == [("send_email", "completed"), ("send_sms", "pending")]


async def test_others_have_their_own_messages_of_the_day(world: World, contact: Json) -> None:
    await world.finished(await start(world, contact=contact))

    assert (await world.finished(await start(world)))["emails_sent"] == 1


async def test_lower_priority_leaves_its_place_to_what_is_due_later_today_and_goes_tomorrow(
    world: World, contact: Json
) -> None:
    higher = await start(world, LATER, contact=contact, priority=5)

    lower = await start(world, contact=contact, priority=4)

    waiting = await held_back(world, lower)
    counted = "0 sent, 1 due today in campaigns of higher priority"
    assert counted in waiting["why"]
    await world.pass_time(higher, hours=3)
    assert (await world.finished(higher))["emails_sent"] == 1
    await world.pass_time(lower, hours=24)
    assert (await world.finished(lower))["emails_sent"] == 1


async def test_higher_priority_does_not_wait_for_the_lower(world: World, contact: Json) -> None:
    lower = await start(world, LATER, contact=contact)

    assert (await world.finished(await start(world, contact=contact, priority=1)))["emails_sent"]

    await world.pass_time(lower, hours=3)
    await held_back(world, lower)


async def test_among_equals_whoever_comes_first_goes(world: World, contact: Json) -> None:
    await start(world, LATER, contact=contact, priority=3)

    done = await world.finished(await start(world, contact=contact, priority=3))

    assert done["emails_sent"] == 1


async def test_lower_priority_goes_where_there_is_a_place_for_both(world: World) -> None:
    await cap(world, contact_daily_cap=2)
    contact = await world.create_contact()
    await start(world, LATER, contact=contact, priority=5)

    assert (await world.finished(await start(world, contact=contact)))["emails_sent"] == 1
    await held_back(world, await start(world, contact=contact))


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(after(EMAIL, 1, "days"), id="due tomorrow"),
        pytest.param(
            {"step_type": "wait", "delay_value": 2, "delay_unit": "hours"}, id="no message"
        ),
    ],
)
async def test_lower_priority_yields_to_nothing_but_messages_of_today(
    world: World, contact: Json, step: Json
) -> None:
    await start(world, step, contact=contact, priority=5)

    assert (await world.finished(await start(world, contact=contact)))["emails_sent"] == 1


async def test_lower_priority_does_not_yield_for_days_to_what_does_not_move(
    world: World, contact: Json
) -> None:
    stuck = await start(world, LATER, contact=contact, priority=5)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Execution)
            .where(Execution.enrollment_id == UUID(stuck["id"]))
            .values(scheduled_at=Execution.scheduled_at - timedelta(days=1))
        )

    assert (await world.finished(await start(world, contact=contact)))["emails_sent"] == 1


@pytest.mark.parametrize("paused", ["campaign", "enrollment"])
async def test_lower_priority_does_not_yield_to_what_is_paused(
    world: World, contact: Json, paused: str
) -> None:
    higher = await start(world, LATER, contact=contact, priority=5)
    path = f"/campaigns/{higher['campaign_id']}"
    if paused == "campaign":
        await world.manager.patch(path, {"status": "paused"})
    else:
        await world.staff.post(f"{path}/enrollments/{higher['id']}/pause")

    assert (await world.finished(await start(world, contact=contact)))["emails_sent"] == 1


async def test_message_that_was_refused_does_not_count(
    world: World, contact: Json, faults: Faults
) -> None:
    await faults(resend={"mode": "bad_request", "count": 1})
    await world.finished(await start(world, contact=contact))

    assert (await world.finished(await start(world, contact=contact)))["emails_sent"] == 1


async def test_message_of_which_nobody_knows_whether_it_arrived_counts(
    world: World, contact: Json, faults: Faults
) -> None:
    await faults(resend={"mode": "accept_then_500"})
    unknown = await start(world, contact=contact)
    await world.until(unknown, lambda now: now["executions"][0]["error_message"] is not None)
    await faults(resend={})

    await held_back(world, await start(world, contact=contact))

    assert (await world.finished(unknown))["emails_sent"] == 1


async def test_message_without_an_answer_does_not_count_a_second_time_as_one_to_come(
    world: World, faults: Faults
) -> None:
    await cap(world, contact_daily_cap=2)
    contact = await world.create_contact(timezone=noon_zone())
    await faults(resend={"mode": "accept_then_500"})
    unknown = await start(world, contact=contact, priority=5)
    await world.until(unknown, lambda now: now["executions"][0]["error_message"] is not None)

    assert (await world.finished(await start(world, TEXT, contact=contact)))["sms_sent"] == 1


async def test_both_caps_hold_and_what_the_contacts_holds_back_uses_up_nothing_of_the_companys(
    world: World, contact: Json
) -> None:
    await cap(world, daily_send_cap=2)
    await world.finished(await start(world, contact=contact))
    by_contact = await held_back(world, await start(world, contact=contact))
    assert "the contact's cap of 1" in by_contact["why"]
    assert await count_of_today(world) == 1

    await world.finished(await start(world))

    by_company = await held_back(world, await start(world))
    assert "the company's cap of 2" in by_company["why"]


async def test_law_comes_before_the_caps_of_the_company(world: World) -> None:
    await cap(world, daily_send_cap=3, contact_daily_cap=3)
    contact = await world.create_contact(timezone=noon_zone())

    enrollment = await start(world, TEXT, TEXT, TEXT, TEXT, contact=contact)

    waiting = await world.until(enrollment, lambda now: "24 hours" in (now["why"] or ""))
    tomorrow = at(waiting["next_step_scheduled_at"]) - at(waiting["executions"][0]["started_at"])
    assert tomorrow.total_seconds() == 24 * 60 * 60


async def test_two_campaigns_at_the_same_moment_do_not_both_take_the_last_place(
    quiet_world: World, site: Site
) -> None:
    world, slow = quiet_world, SlowToCommit(site.settings.database_url)
    await cap(world, contact_daily_cap=1)
    contact = await world.create_contact()
    one, other = await start(world, contact=contact), await start(world, contact=contact)
    first = asyncio.create_task(run_step(site, slow, one, world))
    await slow.before_commit.wait()

    second = asyncio.create_task(run_step(site, site.database, other, world))
    await eventually(lambda: somebody_waits(world))
    slow.may_commit.set()
    _, plan = await asyncio.gather(first, second)

    assert "the contact's cap of 1 a day is reached (1 sent)" in plan.why
    assert len(await world.messages(contact["email"])) == 1
    await slow.close()
