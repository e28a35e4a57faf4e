"""A campaign that fails too often for good pauses itself, and goes on where it stood when a person resumes it."""

import asyncio

from sqlalchemy import func, select

from db.session import engine
from db.tables import Enrollment
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, statuses
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone

REFUSED = {"email": "bounce@home.example"}
"""The sandbox's Resend refuses the mailbox `bounce` for good."""
FAILED, SENT = ("send_email", "failed"), ("send_email", "completed")


async def send(world: World, campaign: Json, count: int, **contact: object) -> list[Json]:
    """Enroll so many contacts; their walks are over when it returns, and what follows of them is done."""
    contacts = [await world.create_contact(**contact) for _ in range(count)]
    enrollments = [await world.enroll(campaign, each) for each in contacts]
    for enrollment in enrollments:
        await world.workflow(enrollment).result()
    return contacts


async def latest(world: World, campaign: Json) -> Json:
    found: Json = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    return found


async def is_paused(world: World, campaign: Json) -> bool:
    return bool((await latest(world, campaign))["status"] == "paused")


async def told(world: World, campaign: Json) -> list[Json]:
    """What its admin was told of the pauses of a campaign."""
    answer = await world.admin.get("/notifications")
    return [
        each
        for each in answer["notifications"]
        if each["campaign_id"] == campaign["id"] and "has paused itself" in each["title"]
    ]


async def test_campaign_pauses_itself_at_more_than_a_quarter_of_failures(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, name="Storm 2026")
    await send(world, campaign, 9)
    await send(world, campaign, 3, **REFUSED)
    assert (await latest(world, campaign))["status"] == "active"

    await send(world, campaign, 1, **REFUSED)

    now = await latest(world, campaign)
    assert now["status"] == "paused"
    because = "4 of its last 13 messages failed for good. The latest error: Resend 422"
    assert now["paused_because"].startswith(because)
    (notice,) = await told(world, campaign)
    assert notice["title"] == "“Storm 2026” has paused itself"
    assert notice["message"].startswith(now["paused_because"])
    for other in (world.manager, world.staff):
        assert (await other.get("/notifications"))["total"] == 0


async def test_fewer_than_ten_sends_pause_nothing_though_all_have_failed(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    await send(world, campaign, 9, **REFUSED)
    assert (await latest(world, campaign))["status"] == "active"
    # Skipped for want of an address: neither sent nor failed.
    await send(world, campaign, 3, email=None)
    assert (await latest(world, campaign))["status"] == "active"

    await send(world, campaign, 1, **REFUSED)

    assert (await latest(world, campaign))["paused_because"].startswith("10 of its last 10 ")


async def test_texts_that_are_refused_count_too(world: World) -> None:
    campaign = await world.create_campaign(TEXT)

    await send(world, campaign, 10, phone="+15005550001", timezone=noon_zone())

    assert await is_paused(world, campaign)


async def test_failures_at_the_same_moment_pause_a_campaign_once(
    world: World, faults: Faults
) -> None:
    campaign = await world.create_campaign(EMAIL)
    contacts = [await world.create_contact() for _ in range(20)]
    await faults(resend={"mode": "bad_request", "delay_ms": 200})

    await asyncio.gather(*(world.enroll(campaign, each) for each in contacts))
    await eventually(lambda: is_paused(world, campaign))
    await eventually(lambda: nothing_is_under_way(world, campaign))

    assert len(await told(world, campaign)) == 1


async def test_resumed_campaign_goes_on_where_it_stood_and_counts_anew(
    quiet_world: World, site: Site, faults: Faults
) -> None:
    world = quiet_world
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 1, "days"))
    contacts = [await world.create_contact() for _ in range(12)]
    enrollments = [await world.enroll(campaign, each) for each in contacts]
    await faults(resend={"mode": "bad_request"})
    async with site.working(resend_rate_per_second=20):
        await eventually(lambda: is_paused(world, campaign))
        await eventually(lambda: nothing_is_under_way(world, campaign))
        await faults(resend={})
        before = [statuses(await world.detail(each))[0] for each in enrollments]
        assert before.count(FAILED) >= 10

        await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "active"})

        now = await latest(world, campaign)
        assert (now["status"], now["paused_because"]) == ("active", None)
        refused = await world.enroll(campaign, await world.create_contact(**REFUSED))
        await world.until(refused, lambda seen: statuses(seen)[0] == FAILED)
        for contact, enrollment, first in zip(contacts, enrollments, before, strict=True):
            await world.until(enrollment, lambda seen: len(seen["executions"]) == 2)
            await world.pass_time(enrollment, days=1, minutes=1)
            ended = await world.finished(enrollment)
            sent = [FAILED, SENT] if first == FAILED else [SENT, SENT]
            assert statuses(ended) == sent
            assert len(await world.messages(contact["email"])) == sent.count(SENT)
    assert (await latest(world, campaign))["status"] == "active"


async def test_campaign_that_pauses_itself_again_on_the_same_day_says_so_again(
    world: World,
) -> None:
    campaign = await world.create_campaign(EMAIL)
    for times in (1, 2):
        await send(world, campaign, 10, **REFUSED)
        assert await is_paused(world, campaign)
        assert len(await told(world, campaign)) == times
        await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "active"})


async def test_hard_bounces_pause_a_campaign_that_was_sent_without_a_failure(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    contacts = await send(world, campaign, 11)
    messages = [(await world.messages(each["email"]))[0] for each in contacts]

    await world.homeowner.bounce(messages[0], "Transient")
    for message in messages[1:3]:
        for _ in range(2):
            await world.homeowner.bounce(message)
    assert (await latest(world, campaign))["status"] == "active"
    await world.homeowner.bounce(messages[3])

    now = await latest(world, campaign)
    assert now["status"] == "paused"
    assert now["paused_because"].startswith("3 of its last 11 messages failed for good.")


async def test_campaign_that_a_person_has_paused_gets_no_reason_of_its_own(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    contacts = await send(world, campaign, 10)
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})

    for contact in contacts[:3]:
        await world.homeowner.bounce((await world.messages(contact["email"]))[0])

    assert (await latest(world, campaign))["paused_because"] is None
    assert await told(world, campaign) == []


async def nothing_is_under_way(world: World, campaign: Json) -> bool:
    """Whether everybody has parked, or waits for a later step, or is over."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        waiting = await session.scalar(
            select(func.count())
            .select_from(Enrollment)
            .where(
                Enrollment.campaign_id == campaign["id"],
                Enrollment.status == "active",
                ~Enrollment.parked,
                Enrollment.next_step_scheduled_at <= func.now(),
            )
        )
    return not waiting
