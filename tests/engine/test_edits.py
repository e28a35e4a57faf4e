"""Editing a campaign while contacts are in it."""

from datetime import timedelta

import pytest

from tests.engine.conftest import Faults
from tests.engine.edits import YES, branching, change, delete, reorder, steps
from tests.engine.helpers import after, at, email, fork, inside, path, statuses, tag, walked
from tests.world import EMAIL, World


async def test_who_has_not_reached_a_step_gets_its_new_content(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(email("old"), 1, "days"))
    enrollment = await world.enroll(campaign, contact)

    answer = await change(world, campaign, 0, step_config=email("new")["step_config"])

    assert answer["waiting"] == 1
    assert answer["step"]["step_config"]["subject"] == "new"
    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert [each["subject"] for each in await world.messages(contact["email"])] == ["new"]


@pytest.mark.parametrize("hours", [6, 72], ids=["shortened", "lengthened"])
async def test_changed_delay_moves_who_is_waiting_on_it(world: World, hours: int) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    due = at(enrollment["enrolled_at"]) + timedelta(hours=hours)

    await change(world, campaign, 0, delay_value=hours, delay_unit="hours")

    await world.until(enrollment, lambda now: at(now["next_step_scheduled_at"]) == due)
    await world.pass_time(enrollment, hours=hours - 1)
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, hours=1, minutes=1)
    enrollment = await world.finished(enrollment)
    assert at(enrollment["executions"][0]["started_at"]) >= due
    assert len(await world.messages(contact["email"])) == 1


async def test_delay_shortened_to_what_is_past_makes_the_step_due_at_once(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 5, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.pass_time(enrollment, days=3)

    await change(world, campaign, 0, delay_value=2, delay_unit="days")

    enrollment = await world.finished(enrollment)
    started = at(enrollment["executions"][0]["started_at"]) - at(enrollment["enrolled_at"])
    assert timedelta(days=3) <= started < timedelta(days=3, minutes=1)


async def test_step_that_becomes_another_while_awaited_runs_as_what_it_is(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)

    await change(world, campaign, 0, **tag("instead"))

    await world.pass_time(enrollment, days=1, minutes=1)
    enrollment = await world.finished(enrollment)
    assert statuses(enrollment) == [("manage_tags", "completed")]
    assert await walked(world, contact) == ["instead"]
    assert await world.messages(contact["email"]) == []


async def test_step_inserted_behind_the_awaited_one_runs_and_one_before_it_does_not(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(tag("one"), after(tag("two"), 1, "days"), tag("three"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 2)

    await world.add_step(campaign, **tag("before"), step_order=2)
    await world.add_step(campaign, **tag("behind"), step_order=4)

    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["one", "two", "behind", "three"]


async def test_step_moved_ahead_of_the_awaited_one_is_not_run(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(tag("one"), 1, "days"), tag("two"), tag("three"))
    enrollment = await world.enroll(campaign, contact)

    await reorder(world, campaign, 2, 0, 1)

    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["one", "two"]


async def test_deleted_step_lets_who_waits_there_go_on_with_the_next(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        tag("one"), after(tag("two"), 2, "days"), after(tag("three"), 3, "days")
    )
    enrollment = await world.enroll(campaign, contact)
    waiting = await world.until(enrollment, lambda now: now["current_step_order"] == 2)
    await world.pass_time(enrollment, days=1)

    answer = await delete(world, campaign, 1)

    assert answer["waiting"] == 1
    due = at(waiting["executions"][0]["completed_at"]) + timedelta(days=3)
    moved = await world.until(enrollment, lambda now: at(now["next_step_scheduled_at"]) == due)
    assert moved["current_step_order"] == 2
    await world.pass_time(enrollment, days=2, minutes=1)
    enrollment = await world.finished(enrollment)
    assert await walked(world, contact) == ["one", "three"]
    assert len(enrollment["executions"]) == 2


async def test_deleted_last_step_completes_who_waits_there(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(tag("one"), after(tag("two"), 2, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 2)

    await delete(world, campaign, 1)

    enrollment = await world.finished(enrollment)
    assert (enrollment["status"], enrollment["exit_reason"]) == ("completed", "completed")
    assert statuses(enrollment) == [("manage_tags", "completed")]


async def test_paused_enrollment_whose_step_is_deleted_goes_on_with_the_next_when_resumed(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(tag("one"), 1, "days"), tag("two"))
    enrollment = await world.enroll(campaign, contact)
    await world.staff.post(f"{path(enrollment)}/pause")

    await delete(world, campaign, 0)
    assert (await world.detail(enrollment))["status"] == "paused"
    await world.staff.post(f"{path(enrollment)}/resume")

    await world.finished(enrollment)
    assert await walked(world, contact) == ["two"]


async def test_step_added_to_the_end_of_a_branch_runs_for_who_is_in_it(world: World) -> None:
    contact, campaign, conditional = await branching(world)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    await world.add_step(campaign, **inside(tag("added"), conditional, "true"))

    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["inside", "added", "end"]


async def test_step_deleted_inside_a_branch_leads_on_after_its_conditional(world: World) -> None:
    contact, campaign, _ = await branching(world)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    await delete(world, campaign, 2)

    await world.finished(enrollment)
    assert await walked(world, contact) == ["end"]


async def test_deleted_conditional_takes_its_branches_along(world: World) -> None:
    contact, campaign, _ = await branching(world)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    answer = await delete(world, campaign, 0)

    assert answer["waiting"] == 1
    assert [step["step_config"].get("add") for step in await steps(world, campaign)] == [["end"]]
    await world.finished(enrollment)
    assert await walked(world, contact) == ["end"]


async def test_conditional_deleted_before_it_is_reached_is_left_out(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(tag("one"), 1, "days"), activate=False)
    conditional = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(tag("inside"), conditional, "true"))
    await world.activate(campaign)
    enrollment = await world.enroll(campaign, contact)

    await delete(world, campaign, 1)

    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["one", "end"]


async def test_who_is_done_stays_done(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(tag("one"))
    enrollment = await world.finished(await world.enroll(campaign, contact))

    await world.add_step(campaign, **tag("two"))

    assert await world.detail(enrollment) == enrollment
    assert await walked(world, contact) == ["one"]


@pytest.mark.parametrize("edit", ["the last step", "a path's target"])
async def test_edit_that_would_leave_an_active_campaign_unable_to_run_is_refused(
    world: World, edit: str
) -> None:
    campaign = await world.create_campaign(activate=False)
    target = await world.add_step(campaign, **tag("target"))
    if edit == "a path's target":
        await world.add_step(campaign, **fork(YES, true_path_step_id=target["id"]), step_order=1)
    await world.activate(campaign)
    enrollment = await world.enroll(campaign, await world.create_contact())

    answer = await world.admin.request(
        "DELETE", f"/campaigns/{campaign['id']}/steps/{target['id']}"
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert (await world.finished(enrollment))["status"] == "completed"


async def test_step_deleted_amid_its_send_is_recorded_as_itself(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(email("first"), email("second"))
    await faults(resend={"delay_ms": 1000})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: statuses(now) == [("send_email", "running")])
    first, second = [step["id"] for step in await steps(world, campaign)]

    await delete(world, campaign, 0)

    enrollment = await world.finished(enrollment)
    subjects = [each["subject"] for each in await world.messages(contact["email"])]
    assert subjects == ["first", "second"]
    assert [each["step_id"] for each in enrollment["executions"]] == [first, second]
    assert enrollment["emails_sent"] == 2


async def test_step_deleted_between_two_attempts_gives_way_to_the_next(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(email("first"), email("second"))
    await faults(resend={"mode": "refuse_429", "retry_after": 3600})
    enrollment = await world.enroll(campaign, contact)
    await world.until(
        enrollment, lambda now: "429" in (now["executions"][0]["error_message"] or "")
    )
    await faults(resend={})
    first, second = [step["id"] for step in await steps(world, campaign)]

    await delete(world, campaign, 0)

    enrollment = await world.finished(enrollment)
    assert [each["subject"] for each in await world.messages(contact["email"])] == ["second"]
    assert [each["step_id"] for each in enrollment["executions"]] == [first, second]
    assert statuses(enrollment) == [("send_email", "skipped"), ("send_email", "completed")]


async def test_step_that_becomes_another_between_two_attempts_runs_as_what_it_is(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": "refuse_429", "retry_after": 3600})
    enrollment = await world.enroll(campaign, contact)
    await world.until(
        enrollment, lambda now: "429" in (now["executions"][0]["error_message"] or "")
    )

    await change(world, campaign, 0, **tag("instead"))

    enrollment = await world.finished(enrollment)
    assert statuses(enrollment) == [("send_email", "skipped"), ("manage_tags", "completed")]
    assert await walked(world, contact) == ["instead"]
