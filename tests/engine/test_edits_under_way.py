"""Edits that come amid retries, under a pause, at the moment of a resume, or are refused."""

import asyncio
from typing import Any

import pytest

from tests.engine.conftest import Faults
from tests.engine.edits import YES, change, delete, steps
from tests.engine.helpers import after, email, fork, path, statuses, tag, walked
from tests.engine.test_campaign_pause import parks
from tests.world import EMAIL, Json, World, eventually


async def set_status(world: World, campaign: Json, status: str) -> None:
    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": status})


async def subjects(world: World, contact: Json) -> list[str]:
    return [each["subject"] for each in await world.messages(contact["email"])]


async def parked(world: World, *steps: Json, days: int) -> tuple[Json, Json, Json]:
    """A contact who woke under the pause of its campaign, after so many days of it."""
    contact = await world.create_contact()
    campaign = await world.create_campaign(*steps)
    enrollment = await world.enroll(campaign, contact)
    await set_status(world, campaign, "paused")
    await world.pass_time(enrollment, days=days)
    await eventually(lambda: parks(world, enrollment))
    return contact, campaign, enrollment


async def test_content_changed_amid_retries_is_for_those_who_have_not_been_rendered(
    world: World, faults: Faults
) -> None:
    early, late = await world.create_contact(), await world.create_contact()
    campaign = await world.create_campaign(email("old"))
    await faults(resend={"mode": "error_500"})
    enrollment = await world.enroll(campaign, early)
    await world.until(enrollment, lambda now: bool(now["executions"][0]["error_message"]))

    answer = await change(world, campaign, 0, step_config=email("new")["step_config"])
    other = await world.enroll(campaign, late)
    await faults(resend={})

    assert answer["waiting"] == 1
    for each in (enrollment, other):
        await world.finished(each)
    assert (await subjects(world, early), await subjects(world, late)) == (["old"], ["new"])


async def test_edit_that_is_refused_leaves_everything_as_it_was(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(activate=False)
    one = await world.add_step(campaign, **after(tag("one"), 1, "days"))
    jump = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("passed over"))
    two = await world.add_step(campaign, **tag("two"))
    await change(world, campaign, 1, true_path_step_id=two["id"])
    await world.activate(campaign)
    enrollment = await world.enroll(campaign, contact)
    place = f"/campaigns/{campaign['id']}/steps"
    before, waiting = await steps(world, campaign), await world.detail(enrollment)
    other = before[2]["id"]

    refused: list[tuple[str, str, Json]] = [
        ("PATCH", jump["id"], {"true_path_step_id": one["id"], "delay_value": 3}),
        ("PATCH", two["id"], {"step_order": 1, "delay_value": 9, "delay_unit": "days"}),
        ("PUT", "order", {"step_ids": [two["id"], one["id"], other, jump["id"]]}),
        ("DELETE", two["id"], {}),
    ]
    for method, name, body in refused:
        options: dict[str, Any] = {"json": body} if body else {}
        answer = await world.admin.request(method, f"{place}/{name}", **options)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_ready"), (method, body)

    assert await steps(world, campaign) == before
    assert await world.detail(enrollment) == waiting
    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["one", "two"]


async def test_new_content_goes_to_who_parked_before_it_was_written(world: World) -> None:
    contact, campaign, enrollment = await parked(world, after(email("old"), 1, "days"), days=2)

    answer = await change(world, campaign, 0, step_config=email("new")["step_config"])
    await set_status(world, campaign, "active")

    assert answer["waiting"] == 1
    await world.finished(enrollment)
    assert await subjects(world, contact) == ["new"]


async def test_step_deleted_from_under_who_parked_gives_way_to_the_next_on_resume(
    world: World,
) -> None:
    contact, campaign, enrollment = await parked(
        world, after(email("first"), 1, "days"), after(email("second"), 1, "hours"), days=2
    )

    answer = await delete(world, campaign, 0)

    assert answer["waiting"] == 1
    (second,) = await steps(world, campaign)
    await world.until(enrollment, lambda now: now["current_step_id"] == second["id"])
    await eventually(lambda: parks(world, enrollment))
    assert await subjects(world, contact) == []
    await set_status(world, campaign, "active")
    enrollment = await world.finished(enrollment)
    assert await subjects(world, contact) == ["second"]
    assert statuses(enrollment) == [("send_email", "completed")]


async def test_delay_lengthened_for_who_parked_lets_it_wait_on(world: World) -> None:
    contact, campaign, enrollment = await parked(world, after(EMAIL, 1, "days"), days=2)

    await change(world, campaign, 0, delay_value=6)
    await eventually(lambda: sleeps(world, enrollment))
    await set_status(world, campaign, "active")

    await world.pass_time(enrollment, days=3)
    assert await subjects(world, contact) == []
    await world.pass_time(enrollment, days=1, hours=2)
    await world.finished(enrollment)
    assert await subjects(world, contact) == ["Hello Ann"]


async def test_step_inserted_behind_who_parked_runs_after_the_resume(world: World) -> None:
    contact, campaign, enrollment = await parked(
        world, after(tag("one"), 1, "days"), tag("two"), days=2
    )

    await world.add_step(campaign, **tag("before"), step_order=1)
    await world.add_step(campaign, **tag("behind"), step_order=3)
    await set_status(world, campaign, "active")

    await world.finished(enrollment)
    assert await walked(world, contact) == ["one", "behind", "two"]


@pytest.mark.parametrize("edit", ["delete", "shorten", "lengthen", "insert"])
async def test_edit_at_the_moment_of_a_resume_sends_what_is_left_once(
    world: World, edit: str
) -> None:
    for _ in range(3):
        contact, campaign, enrollment = await parked(
            world, after(email("first"), 2, "days"), email("second"), days=3
        )
        edits = {
            "delete": lambda on: delete(world, on, 0),
            "shorten": lambda on: change(world, on, 0, delay_value=1),
            "lengthen": lambda on: change(world, on, 0, delay_value=5),
            "insert": lambda on: world.add_step(on, **email("between"), step_order=2),
        }

        await asyncio.gather(set_status(world, campaign, "active"), edits[edit](campaign))
        if edit == "lengthen":
            # Whichever came first: those who wait on it have moved, those who have been sent it have not.
            await world.pass_time(enrollment, days=3)

        await world.finished(enrollment)
        got = await subjects(world, contact)
        if edit == "delete":
            # Sent before it was deleted, or not at all.
            assert got in (["second"], ["first", "second"])
        elif edit == "insert":
            # The second may have been on its way before there was anything between.
            assert got in (["first", "between", "second"], ["first", "second"])
        else:
            assert got == ["first", "second"]


async def test_paused_enrollments_step_changed_into_another_runs_as_that_when_resumed(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.staff.post(f"{path(enrollment)}/pause")

    await change(world, campaign, 0, **tag("instead"))
    await world.staff.post(f"{path(enrollment)}/resume")

    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert (await walked(world, contact), await subjects(world, contact)) == (["instead"], [])


async def sleeps(world: World, enrollment: Json) -> bool:
    """Whether it waits with a timer."""
    state: Json = await world.workflow(enrollment).query("state")
    return state["wake_at"] is not None
