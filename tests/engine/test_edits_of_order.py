"""Inserting and moving steps while contacts wait between them."""

from tests.engine.edits import YES, change, reorder, steps
from tests.engine.helpers import after, email, statuses, tag, walked
from tests.engine.jobs import acted
from tests.world import Json, World


async def waiting_at_two(world: World, *more: Json) -> tuple[Json, Json, Json]:
    """A contact who has done `one`, and waits for `two` until tomorrow; contact, campaign, enrollment."""
    contact = await world.create_contact()
    campaign = await world.create_campaign(tag("one"), after(tag("two"), 1, "days"), *more)
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 2)
    return contact, campaign, enrollment


async def marks_of_tomorrow(world: World, contact: Json, enrollment: Json) -> list[str]:
    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    return await walked(world, contact)


async def test_step_added_to_the_end_is_reached_by_who_waits_for_the_last(world: World) -> None:
    contact, campaign, enrollment = await waiting_at_two(world)

    await world.add_step(campaign, **tag("three"))

    assert await marks_of_tomorrow(world, contact, enrollment) == ["one", "two", "three"]


async def test_step_moved_behind_who_waits_runs(world: World) -> None:
    contact, campaign, enrollment = await waiting_at_two(world)
    await world.add_step(campaign, **tag("early"), step_order=2)

    await change(world, campaign, 1, step_order=3)

    assert await marks_of_tomorrow(world, contact, enrollment) == ["one", "two", "early"]


async def test_step_moved_ahead_of_who_waits_does_not_run(world: World) -> None:
    contact, campaign, enrollment = await waiting_at_two(world, tag("three"), tag("four"))

    await change(world, campaign, 2, step_order=1)

    assert (await world.detail(enrollment))["current_step_order"] == 3
    assert await marks_of_tomorrow(world, contact, enrollment) == ["one", "two", "four"]


async def test_awaited_step_moved_to_the_end_is_the_last_that_runs(world: World) -> None:
    contact, campaign, enrollment = await waiting_at_two(world, tag("three"))

    answer = await change(world, campaign, 1, step_order=3)

    assert answer["waiting"] == 1
    assert (await world.detail(enrollment))["current_step_order"] == 3
    assert await marks_of_tomorrow(world, contact, enrollment) == ["one", "two"]


async def test_new_order_holds_for_what_comes_after_the_awaited_step(world: World) -> None:
    contact, campaign, enrollment = await waiting_at_two(world, tag("three"), tag("four"))

    ordered = await reorder(world, campaign, 0, 1, 3, 2)

    assert [step["waiting"] for step in ordered] == [0, 1, 0, 0]
    assert await marks_of_tomorrow(world, contact, enrollment) == ["one", "two", "four", "three"]


async def test_message_moved_behind_who_has_got_it_is_not_sent_to_them_again(
    world: World,
) -> None:
    contact, newcomer = await world.create_contact(), await world.create_contact()
    campaign = await world.create_campaign(email("welcome"), after(tag("two"), 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 2)

    await reorder(world, campaign, 1, 0)
    await world.add_step(campaign, **tag("three"))

    assert await marks_of_tomorrow(world, contact, enrollment) == ["two", "three"]
    other = await world.enroll(campaign, newcomer)
    assert await marks_of_tomorrow(world, newcomer, other) == ["two", "three"]
    assert [len(await world.messages(each["email"])) for each in (contact, newcomer)] == [1, 1]
    assert statuses(await world.detail(other)) == [
        ("manage_tags", "completed"),
        ("send_email", "completed"),
        ("manage_tags", "completed"),
    ]


async def test_who_is_moved_back_by_hand_does_again_what_comes_there(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        email("first"), email("second"), after(tag("three"), 1, "days")
    )
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 3)
    first = (await steps(world, campaign))[0]

    moved = {
        "action": "move",
        "step_id": first["id"],
        "enrollment_ids": [enrollment["id"]],
    }
    await world.admin.post(f"/campaigns/{campaign['id']}/enrollments/actions", moved)

    await world.until(
        enrollment, lambda now: now["emails_sent"] == 4 and now["current_step_order"] == 3
    )
    subjects = [each["subject"] for each in await world.messages(contact["email"])]
    assert subjects == ["first", "second"] * 2


async def test_message_moved_behind_who_was_moved_on_by_hand_is_not_sent_to_them_again(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(
        email("welcome"), after(tag("two"), 9, "days"), after(tag("three"), 1, "days")
    )
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["current_step_order"] == 2)
    third = (await steps(world, campaign))[2]
    await acted(world, campaign, "move", filter=YES, step_id=third["id"])

    await reorder(world, campaign, 1, 2, 0)

    assert await marks_of_tomorrow(world, contact, enrollment) == ["three"]
    assert len(await world.messages(contact["email"])) == 1


async def test_steps_inserted_and_deleted_around_who_waits_leave_the_rest_in_order(
    world: World,
) -> None:
    contact, campaign, enrollment = await waiting_at_two(world, tag("three"), tag("four"))
    one, _, three, _ = [step["id"] for step in await steps(world, campaign)]
    path = f"/campaigns/{campaign['id']}/steps"

    await world.admin.delete(f"{path}/{one}")
    await world.add_step(campaign, **tag("before"), step_order=1)
    await world.add_step(campaign, **tag("behind"), step_order=3)
    await world.admin.delete(f"{path}/{three}")

    assert await marks_of_tomorrow(world, contact, enrollment) == ["one", "two", "behind", "four"]
