"""Pausing a campaign: a flag that is read by whoever wakes, and right before each send."""

from datetime import timedelta

from sqlalchemy import func, select

from db.session import engine
from db.tables import Enrollment
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, at, path, statuses
from tests.world import EMAIL, Json, World, eventually


async def set_status(world: World, campaign: Json, status: str) -> None:
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": status})


async def test_paused_campaign_wakes_nobody_and_changes_no_enrollment(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await eventually(lambda: sleeps(world, enrollment))
    before = await history_length(world, enrollment)

    await set_status(world, campaign, "paused")

    assert (await world.detail(enrollment))["status"] == "active"
    assert await history_length(world, enrollment) == before


async def test_who_wakes_under_pause_parks_and_sends_on_resume(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)

    await set_status(world, campaign, "paused")
    await world.pass_time(enrollment, days=5)
    await eventually(lambda: parks(world, enrollment))
    waiting = await world.detail(enrollment)
    assert waiting["status"] == "active"
    assert statuses(waiting) == [("send_email", "pending")]
    assert await world.messages(contact["email"]) == []
    await set_status(world, campaign, "active")

    enrollment = await world.finished(enrollment)
    assert enrollment["status"] == "completed"
    assert len(await world.messages(contact["email"])) == 1


async def test_campaign_resumed_before_a_step_is_due_leaves_its_time_as_it_is(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 2, "days"))
    enrollment = await world.enroll(campaign, contact)

    await set_status(world, campaign, "paused")
    await world.pass_time(enrollment, days=1)
    await set_status(world, campaign, "active")
    await world.pass_time(enrollment, hours=23)
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, hours=1, minutes=1)

    enrollment = await world.finished(enrollment)
    assert at(enrollment["executions"][0]["started_at"]) >= at(
        enrollment["enrolled_at"]
    ) + timedelta(days=2)


async def test_enrollment_paused_by_itself_stays_so_when_its_campaign_resumes(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.staff.post(f"{path(enrollment)}/pause")

    await set_status(world, campaign, "paused")
    await world.pass_time(enrollment, days=2)
    await set_status(world, campaign, "active")

    assert (await world.detail(enrollment))["status"] == "paused"


async def test_enrollment_resumed_under_a_paused_campaign_parks(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.staff.post(f"{path(enrollment)}/pause")
    await world.pass_time(enrollment, days=2)

    await set_status(world, campaign, "paused")
    await world.staff.post(f"{path(enrollment)}/resume")
    await eventually(lambda: parks(world, enrollment))
    assert await world.messages(contact["email"]) == []
    await set_status(world, campaign, "active")

    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


async def test_pause_amid_many_sends_lets_none_begin_after_it_returned(
    quiet_world: World, site: Site, faults: Faults
) -> None:
    campaign = await quiet_world.create_campaign(EMAIL)
    contacts = [await quiet_world.create_contact() for _ in range(30)]
    enrollments = [await quiet_world.enroll(campaign, each) for each in contacts]
    await faults(resend={"delay_ms": 300})

    async def some_are_sent() -> bool:
        return await sent(quiet_world, campaign) > 0

    async with site.working(resend_rate_per_second=15):
        await eventually(some_are_sent)
        await set_status(quiet_world, campaign, "paused")
        arrived = await sent(quiet_world, campaign)
        assert 0 < arrived < len(contacts)

        async def rest_is_parked() -> bool:
            return await parked(quiet_world, campaign) == len(contacts) - arrived

        await eventually(rest_is_parked)
        assert await sent(quiet_world, campaign) == arrived
        await faults(resend={})
        await set_status(quiet_world, campaign, "active")
        for enrollment in enrollments:
            await quiet_world.finished(enrollment)
    assert [len(await quiet_world.messages(each["email"])) for each in contacts] == [1] * 30


async def test_pause_holds_for_who_was_enrolled_while_no_worker_ran(
    quiet_world: World, site: Site
) -> None:
    contact = await quiet_world.create_contact()
    campaign = await quiet_world.create_campaign(EMAIL)
    enrollment = await quiet_world.enroll(campaign, contact)

    await set_status(quiet_world, campaign, "paused")

    async with site.working():
        await eventually(lambda: parks(quiet_world, enrollment))
        assert await quiet_world.messages(contact["email"]) == []
        await set_status(quiet_world, campaign, "active")
        await quiet_world.finished(enrollment)


async def test_paused_campaign_takes_no_enrollments(world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    await set_status(world, campaign, "paused")
    contact = await world.create_contact()

    answer = await world.admin.request(
        "POST", f"/campaigns/{campaign['id']}/enrollments", json={"contact_id": contact["id"]}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "campaign_not_active")


async def sleeps(world: World, enrollment: Json) -> bool:
    found = await world.workflow(enrollment).describe()
    return found.history_length > 4


async def history_length(world: World, enrollment: Json) -> int:
    return (await world.workflow(enrollment).describe()).history_length


async def parked(world: World, campaign: Json) -> int:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        count = await session.scalar(
            select(func.count())
            .select_from(Enrollment)
            .where(Enrollment.campaign_id == campaign["id"], Enrollment.parked)
        )
    return count or 0


async def parks(world: World, enrollment: Json) -> bool:
    """Whether it woke under the pause, and waits without a timer."""
    state = await world.workflow(enrollment).query("state")
    return state["wake_at"] is None and state["why"].startswith("the campaign is paused; due ")


async def sent(world: World, campaign: Json) -> int:
    messages = (await world.sandbox.get("/messages?channel=email&limit=1000")).json()["messages"]
    return sum(message["tags"].get("campaign_id") == campaign["id"] for message in messages)
