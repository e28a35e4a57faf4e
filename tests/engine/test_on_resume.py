"""What a resume does with what came due meanwhile: `send`, `shift` and `skip`."""

from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import text

from db.session import engine
from tests.engine.conftest import Site
from tests.engine.helpers import DENVER, after, at, fork, inside, path, statuses, tag
from tests.world import EMAIL, Json, World, eventually

WAIT = {"step_type": "wait"}
MINUTE = timedelta(minutes=1)


async def paused_for(
    world: World, campaign: Json, enrollment: Json, *, days: float, after_days: float
) -> None:
    """As if the campaign had been paused so long, and the enrollment been made so long before that."""
    path = f"/campaigns/{campaign['id']}"
    await world.manager.patch(path, {"status": "paused"})
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text("update campaigns set paused_at = now() - make_interval(hours => :hours)"),
            {"hours": int(days * 24)},
        )
        await session.execute(
            text(
                "update campaign_enrollments set"
                " waiting_since = waiting_since - make_interval(hours => :hours),"
                " next_step_scheduled_at = next_step_scheduled_at - make_interval(hours => :hours)"
            ),
            {"hours": int((days + after_days) * 24)},
        )
    await world.workflow(enrollment).signal("refresh")
    await eventually(lambda: has_looked(world, enrollment))


async def has_looked(world: World, enrollment: Json) -> bool:
    state = await world.workflow(enrollment).query("state")
    return str(state["why"]).startswith("the campaign is paused")


async def resume(world: World, campaign: Json, on_resume: str) -> None:
    await world.manager.patch(
        f"/campaigns/{campaign['id']}", {"status": "active", "on_resume": on_resume}
    )


def days_from_now(time: str) -> float:
    return (at(time) - datetime.now(UTC)) / timedelta(days=1)


async def test_resume_that_sends_lets_what_came_due_go_now(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"), after(EMAIL, 3, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await paused_for(world, campaign, enrollment, days=5, after_days=1)

    await resume(world, campaign, "send")

    now = await world.until(enrollment, lambda now: len(now["executions"]) == 2)
    assert statuses(now) == [("send_email", "completed"), ("send_email", "pending")]
    assert 2.9 < days_from_now(now["next_step_scheduled_at"]) < 3.1


async def test_resume_that_shifts_moves_everything_by_the_length_of_the_pause(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"))
    contact = await world.create_contact()
    overdue = await world.enroll(campaign, contact)
    await paused_for(world, campaign, overdue, days=5, after_days=1)

    await resume(world, campaign, "shift")

    shifted = await world.detail(overdue)
    assert 0.9 < days_from_now(shifted["next_step_scheduled_at"]) < 1.1
    assert shifted["executions"][0]["scheduled_at"] == shifted["next_step_scheduled_at"]
    await eventually(lambda: wakes_at(world, overdue, shifted["next_step_scheduled_at"]))
    assert await world.messages(contact["email"]) == []
    await world.pass_time(overdue, days=1, minutes=1)
    assert (await world.finished(overdue))["emails_sent"] == 1


async def test_resume_that_shifts_moves_sleepers_without_waking_them(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 9, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await paused_for(world, campaign, enrollment, days=5, after_days=1)
    before = (await world.workflow(enrollment).describe()).history_length

    await resume(world, campaign, "shift")

    shifted = await world.detail(enrollment)
    assert 7.9 < days_from_now(shifted["next_step_scheduled_at"]) < 8.1
    assert (await world.workflow(enrollment).describe()).history_length == before
    # Its timer still is that of before: it fires early, and the enrollment goes to sleep again.
    await world.pass_time(enrollment, days=4)
    assert (await world.detail(enrollment))["emails_sent"] == 0


async def test_resume_that_skips_skips_all_that_came_due_as_if_time_had_gone_on(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        after(EMAIL, 2, "days"), after(EMAIL, 3, "days"), after(EMAIL, 4, "days")
    )
    enrollment = await world.enroll(campaign, contact)
    await paused_for(world, campaign, enrollment, days=5, after_days=1)

    await resume(world, campaign, "skip")

    now = await world.until(enrollment, lambda now: len(now["executions"]) == 3)
    assert [status for _, status in statuses(now)] == ["skipped", "skipped", "pending"]
    assert {each["result_data"]["skipped"] for each in now["executions"][:2]} == {"campaign_paused"}
    assert "campaign was paused" in now["executions"][0]["why"]
    assert 2.9 < days_from_now(now["next_step_scheduled_at"]) < 3.1
    await world.pass_time(enrollment, days=3, minutes=1)
    assert (await world.finished(enrollment))["emails_sent"] == 1


async def test_resume_that_skips_lets_waits_branches_and_exits_steer_all_the_same(
    world: World,
) -> None:
    contact = await world.create_contact(stage="lead")
    campaign = await world.create_campaign(after(WAIT, 2, "days"))
    is_lead = {"field": "contact.stage", "operator": "equals", "value": "lead"}
    branching = await world.add_step(campaign, **fork([is_lead]))
    leaving = {"step_type": "exit_campaign", "step_config": {"reason": "manual_remove"}}
    await world.add_step(campaign, **inside(leaving, branching, "true"))
    await world.add_step(campaign, **EMAIL)
    enrollment = await world.enroll(campaign, contact)
    await paused_for(world, campaign, enrollment, days=5, after_days=1)

    await resume(world, campaign, "skip")

    over = await world.finished(enrollment)
    assert (over["status"], over["exit_reason"]) == ("exited", "manual_remove")
    assert {status for _, status in statuses(over)} == {"completed"}


async def test_resume_that_skips_sends_what_came_due_before_the_pause(
    quiet_world: World, site: Site
) -> None:
    contact = await quiet_world.create_contact()
    campaign = await quiet_world.create_campaign(EMAIL)
    enrollment = await quiet_world.enroll(campaign, contact)
    path = f"/campaigns/{campaign['id']}"
    await quiet_world.manager.patch(path, {"status": "paused"})

    await resume(quiet_world, campaign, "skip")

    async with site.working():
        await quiet_world.finished(enrollment)
    assert len(await quiet_world.messages(contact["email"])) == 1


async def test_resume_that_skips_sends_what_came_due_before_the_pause_and_was_parked_in_it(
    quiet_world: World, site: Site
) -> None:
    contact = await quiet_world.create_contact()
    campaign = await quiet_world.create_campaign(EMAIL)
    enrollment = await quiet_world.enroll(campaign, contact)
    await quiet_world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})

    async with site.working():
        await eventually(lambda: has_looked(quiet_world, enrollment))
        await resume(quiet_world, campaign, "skip")
        await quiet_world.finished(enrollment)

    assert len(await quiet_world.messages(contact["email"])) == 1


async def test_resume_that_skips_leaves_what_waits_for_a_later_opening(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        after(EMAIL, 1, "hours"), respect_business_hours=True, business_hours=only_on(days=2)
    )
    enrollment = await world.enroll(campaign, contact)
    opening = enrollment["next_step_scheduled_at"]
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})
    await world.pass_time(enrollment, hours=2)
    await eventually(lambda: has_looked(world, enrollment))

    await resume(world, campaign, "skip")

    await eventually(lambda: wakes_at(world, enrollment, opening))
    assert statuses(await world.detail(enrollment)) == [("send_email", "pending")]
    await world.pass_time(enrollment, days=3)
    assert (await world.finished(enrollment))["emails_sent"] == 1


async def test_resume_that_skips_skips_what_opened_in_the_pause(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        after(EMAIL, 1, "hours"), respect_business_hours=True, business_hours=only_on(days=2)
    )
    enrollment = await world.enroll(campaign, contact)
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})
    await world.pass_time(enrollment, days=3)
    await world.until(enrollment, is_parked)

    await resume(world, campaign, "skip")

    assert statuses(await world.finished(enrollment)) == [("send_email", "skipped")]
    assert await world.messages(contact["email"]) == []


async def test_delay_after_what_was_skipped_counts_from_when_its_window_opened(
    world: World,
) -> None:
    campaign = await world.create_campaign(
        after(EMAIL, 3, "days"),
        after(tag("next"), 4, "days"),
        respect_business_hours=True,
        business_hours=only_on(days=-1),
    )
    enrollment = await world.enroll(campaign, await world.create_contact())
    await paused_for(world, campaign, enrollment, days=5, after_days=1)

    await resume(world, campaign, "skip")

    now = await world.until(enrollment, lambda now: len(now["executions"]) == 2)
    assert statuses(now) == [("send_email", "skipped"), ("manage_tags", "pending")]
    opened = datetime.now(DENVER).replace(hour=0, minute=0, second=0, microsecond=0)
    due = at(now["next_step_scheduled_at"]).astimezone(DENVER)
    assert due.replace(tzinfo=None) == opened.replace(tzinfo=None) + timedelta(days=3)


async def test_delay_after_what_was_skipped_counts_from_the_resume_before(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 2, "days"), after(EMAIL, 3, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await paused_for(world, campaign, enrollment, days=1, after_days=9)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text("update campaign_enrollments set resumed_at = now() - make_interval(hours => 20)")
        )
    await world.workflow(enrollment).signal("refresh")
    await world.until(enrollment, lambda now: "when it was resumed" in now["why"])

    await resume(world, campaign, "skip")

    now = await world.until(
        enrollment, lambda now: days_from_now(now["next_step_scheduled_at"]) > 0
    )
    assert [status for _, status in statuses(now)] == ["skipped", "pending"]
    assert 2.1 < days_from_now(now["next_step_scheduled_at"]) < 2.2


async def test_resume_that_shifts_lets_who_was_resumed_in_the_pause_go_now(
    quiet_world: World, site: Site
) -> None:
    contact = await quiet_world.create_contact()
    campaign = await quiet_world.create_campaign(EMAIL)
    enrollment = await quiet_world.enroll(campaign, contact)
    await quiet_world.staff.post(f"{path(enrollment)}/pause")
    await quiet_world.manager.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})
    async with quiet_world.database.transaction(engine(quiet_world.tenant_id)) as session:
        await session.execute(
            text("update campaigns set paused_at = now() - make_interval(days => 30)")
        )
    await quiet_world.staff.post(f"{path(enrollment)}/resume")

    await resume(quiet_world, campaign, "shift")

    async with site.working():
        await quiet_world.finished(enrollment)
    assert len(await quiet_world.messages(contact["email"])) == 1


async def test_many_that_are_resumed_at_once_are_spread_as_the_rate_asks(
    quiet_world: World, site: Site
) -> None:
    world, crowd, rate = quiet_world, 300, 5
    campaign = await world.create_campaign(EMAIL)
    enrollments = [await world.enroll(campaign, await world.create_contact()) for _ in range(3)]
    path = f"/campaigns/{campaign['id']}"
    await world.manager.patch(path, {"status": "paused"})
    async with site.working(resend_rate_per_second=rate):
        for each in enrollments:
            await eventually(partial(has_looked, world, each))
        await add_parked(world, campaign, crowd)

        resumed = datetime.now(UTC)
        await resume(world, campaign, "send")

        wakes = []
        for each in enrollments:
            await world.until(each, lambda now: "resumed" in (now["why"] or ""))
            state = await world.workflow(each).query("state")
            wakes.append(at(state["wake_at"]))
        latest = timedelta(seconds=(crowd + len(enrollments)) / rate)
        assert all(resumed <= wake <= resumed + latest + MINUTE / 10 for wake in wakes)
        assert len(set(wakes)) == 3
        await world.manager.patch(path, {"status": "archived"})


async def add_parked(world: World, campaign: Json, size: int) -> None:
    """Others of the campaign who woke under the pause."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            text(
                "with people as (insert into contacts (tenant_id)"
                " select :tenant from generate_series(1, :size) returning id)"
                " insert into campaign_enrollments (tenant_id, campaign_id, contact_id,"
                " enrollment_source, workflow_status, parked, next_step_scheduled_at)"
                " select :tenant, :campaign, id, 'api', 'closed', true, now() from people"
            ),
            {"tenant": world.tenant_id, "campaign": campaign["id"], "size": size},
        )


async def wakes_at(world: World, enrollment: Json, time: str) -> bool:
    state = await world.workflow(enrollment).query("state")
    return bool(state["wake_at"]) and at(state["wake_at"]) == at(time)


def only_on(*, days: int) -> Json:
    """The hours of a campaign that reaches people on one day of the week, so many from today, at any hour."""
    day = datetime.now(DENVER) + timedelta(days=days)
    return {"start": 0, "end": 24, "days": [day.strftime("%a")]}


def is_parked(enrollment: Json) -> bool:
    return "opens" not in enrollment["why"] and "paused" in enrollment["why"]
