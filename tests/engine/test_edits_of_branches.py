"""Editing a conditional while contacts wait before it, at it, and in its branches."""

from datetime import timedelta

from tests.engine.edits import NO, YES, branching, change, delete, steps
from tests.engine.helpers import after, at, fork, inside, tag, walked
from tests.world import Json, World


async def waiting_at_a_fork(world: World, conditions: Json = YES) -> tuple[Json, Json, Json]:
    """A contact who waits for a conditional until tomorrow; contact, campaign, conditional.

    The steps are the conditional, `end`, and `yes` and `no` in its branches.
    """
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **after(fork(conditions), 1, "days"))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(tag("yes"), conditional, "true"))
    await world.add_step(campaign, **inside(tag("no"), conditional, "false"))
    await world.activate(campaign)
    return await world.create_contact(), campaign, conditional


async def marks_of_tomorrow(world: World, contact: Json, enrollment: Json) -> list[str]:
    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    return await walked(world, contact)


async def test_conditions_changed_while_waiting_decide_as_they_are_now(world: World) -> None:
    contact, campaign, _ = await waiting_at_a_fork(world)
    enrollment = await world.enroll(campaign, contact)

    answer = await change(world, campaign, 0, conditions=NO)

    assert answer["waiting"] == 1
    assert await marks_of_tomorrow(world, contact, enrollment) == ["no", "end"]


async def test_conditions_changed_before_who_waits_comes_to_them_decide_as_they_are_then(
    world: World,
) -> None:
    contact, campaign, conditional = await waiting_at_a_fork(world)
    await world.add_step(campaign, **after(tag("first"), 1, "days"), step_order=1)
    await change(world, campaign, 1, delay_value=0)
    enrollment = await world.enroll(campaign, contact)

    await change(world, campaign, 1, conditions=NO)

    assert (await steps(world, campaign))[1]["id"] == conditional["id"]
    assert await marks_of_tomorrow(world, contact, enrollment) == ["first", "no", "end"]


async def test_branch_changed_while_waiting_at_its_conditional_runs_as_it_is_then(
    world: World,
) -> None:
    contact, campaign, conditional = await waiting_at_a_fork(world)
    enrollment = await world.enroll(campaign, contact)

    await world.add_step(campaign, **inside(tag("new"), conditional, "true"), step_order=1)
    await change(world, campaign, 3, step_config={"add": ["changed"]})
    await change(world, campaign, 4, branch="true")

    assert await marks_of_tomorrow(world, contact, enrollment) == ["new", "changed", "no", "end"]


async def test_path_given_while_waiting_is_where_the_walk_jumps_to(world: World) -> None:
    contact, campaign, _ = await waiting_at_a_fork(world)
    far = await world.add_step(campaign, **tag("far"))
    enrollment = await world.enroll(campaign, contact)

    await change(world, campaign, 0, true_path_step_id=far["id"])

    assert await marks_of_tomorrow(world, contact, enrollment) == ["far"]


async def test_path_changed_and_taken_away_while_waiting_leads_where_it_says_then(
    world: World,
) -> None:
    contact, campaign, _ = await waiting_at_a_fork(world)
    far = await world.add_step(campaign, **tag("far"))
    end = (await steps(world, campaign))[1]
    await change(world, campaign, 0, true_path_step_id=far["id"], false_path_step_id=far["id"])
    enrollment = await world.enroll(campaign, contact)
    other = await world.create_contact()

    await change(world, campaign, 0, true_path_step_id=end["id"])

    assert await marks_of_tomorrow(world, contact, enrollment) == ["end", "far"]
    enrollment = await world.enroll(campaign, other)
    await change(world, campaign, 0, true_path_step_id=None)
    assert await marks_of_tomorrow(world, other, enrollment) == ["yes", "end", "far"]


async def test_conditional_deleted_while_waiting_for_it_decides_nothing(world: World) -> None:
    contact, campaign, _ = await waiting_at_a_fork(world)
    enrollment = await world.enroll(campaign, contact)

    answer = await delete(world, campaign, 0)

    assert answer["waiting"] == 1
    await world.finished(enrollment)
    assert await walked(world, contact) == ["end"]


async def test_conditional_deleted_around_who_waits_deep_inside_leads_on_after_it(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(activate=False)
    outer = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **after(tag("end"), 3, "days"))
    inner = await world.add_step(campaign, **inside(fork(YES), outer, "true"))
    await world.add_step(campaign, **inside(after(tag("deep"), 1, "days"), inner, "true"))
    await world.activate(campaign)
    enrollment = await world.enroll(campaign, contact)
    waiting = await world.until(enrollment, lambda now: now["steps_completed"] == 2)

    answer = await delete(world, campaign, 0)

    assert answer["waiting"] == 1
    due = at(waiting["executions"][1]["completed_at"]) + timedelta(days=3)
    await world.until(
        enrollment, lambda now: abs(at(now["next_step_scheduled_at"]) - due) <= timedelta(hours=1)
    )
    await world.pass_time(enrollment, days=3, hours=2)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["end"]


async def test_inner_conditional_deleted_around_who_waits_goes_on_in_the_outer_branch(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(activate=False)
    outer = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("end"))
    inner = await world.add_step(campaign, **inside(fork(YES), outer, "true"))
    await world.add_step(campaign, **inside(tag("outer"), outer, "true"))
    await world.add_step(campaign, **inside(after(tag("deep"), 1, "days"), inner, "true"))
    await world.activate(campaign)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 2)

    await world.admin.delete(f"/campaigns/{campaign['id']}/steps/{inner['id']}")

    await world.finished(enrollment)
    assert await walked(world, contact) == ["outer", "end"]


async def test_awaited_step_moved_into_the_other_branch_goes_on_from_there(world: World) -> None:
    contact, campaign, conditional = await branching(world)
    await world.add_step(campaign, **inside(tag("there"), conditional, "false"))
    await world.add_step(campaign, **inside(tag("left behind"), conditional, "true"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    answer = await change(world, campaign, 2, branch="false", step_order=1)

    assert answer["waiting"] == 1
    assert await marks_of_tomorrow(world, contact, enrollment) == ["inside", "there", "end"]


async def test_awaited_step_moved_out_of_its_branch_goes_on_in_the_trunk(world: World) -> None:
    contact, campaign, _ = await branching(world)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)

    await change(world, campaign, 2, parent_step_id=None, branch=None)

    assert (await world.detail(enrollment))["current_step_order"] == 3
    assert await marks_of_tomorrow(world, contact, enrollment) == ["inside"]
