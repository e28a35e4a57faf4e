"""Resend on a bad day: what is tried again, when, and that it arrives once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.temporal import ENROLLMENT_STATUS
from tests.engine.conftest import Faults
from tests.engine.helpers import at, statuses, tag, walked
from tests.world import EMAIL, Json, World, eventually


def meets(text: str) -> Callable[[Json], bool]:
    """Whether the first step's error names it."""
    return lambda now: text in (now["executions"][0]["error_message"] or "")


async def test_too_many_requests_are_tried_again_after_the_time_that_was_asked_for(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": "refuse_429", "retry_after": 3, "count": 1})
    began = datetime.now(UTC)

    await world.finished(await world.enroll(campaign, contact))

    (message,) = await world.messages(contact["email"])
    waited = at(message["at"]) - began
    assert timedelta(seconds=3) <= waited < timedelta(seconds=20)


async def test_server_error_is_tried_again_soon(world: World, faults: Faults) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": "error_500", "count": 1})
    enrollment = await world.enroll(campaign, contact)

    enrollment = await world.finished(enrollment)

    (execution,) = enrollment["executions"]
    assert execution["status"] == "completed"
    assert execution["error_message"] is None
    (message,) = await world.messages(contact["email"])
    assert at(message["at"]) - at(execution["started_at"]) < timedelta(seconds=15)
    assert message["idempotency_key"] == execution["id"]


@pytest.mark.parametrize("mode", ["accept_then_500", "reset"])
async def test_lost_answer_is_asked_for_again_under_the_same_key(
    world: World, faults: Faults, mode: str
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": mode, "count": 1})

    enrollment = await world.finished(await world.enroll(campaign, contact))

    (message,) = await world.messages(contact["email"])
    (execution,) = enrollment["executions"]
    assert message["idempotency_key"] == execution["id"]
    assert message["repeat"] == (1 if mode == "accept_then_500" else 0)
    assert execution["result_data"]["email_id"] == message["id"]
    assert enrollment["emails_sent"] == 1


async def test_what_was_rendered_first_is_what_a_retry_sends(world: World, faults: Faults) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": "error_500"})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, meets("500"))

    await world.admin.patch(f"/contacts/{contact['id']}", {"first_name": "Eve"})
    await faults(resend={})

    await world.finished(enrollment)
    assert [each["subject"] for each in await world.messages(contact["email"])] == ["Hello Ann"]


async def test_trouble_keeps_the_enrollment_at_its_step(world: World, faults: Faults) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL, tag("after"))
    await faults(resend={"mode": "error_500"})
    enrollment = await world.enroll(campaign, contact)

    waiting = await world.until(enrollment, meets("500"))

    assert waiting["status"] == "active"
    assert waiting["current_step_order"] == 1
    assert statuses(waiting) == [("send_email", "running")]
    assert waiting["executions"][0]["started_at"] is not None
    assert await walked(world, contact) == []
    await faults(resend={})
    await world.finished(enrollment)
    assert await walked(world, contact) == ["after"]


async def test_pause_between_two_attempts_holds_the_next_one(world: World, faults: Faults) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": "error_500"})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, meets("500"))

    await world.workflow(enrollment).signal("pause")
    await eventually(lambda: shows_pause(world, enrollment))
    await faults(resend={})
    await world.until(enrollment, lambda now: now["status"] == "paused")
    assert await world.messages(contact["email"]) == []
    await world.workflow(enrollment).signal("resume")

    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


async def test_exit_between_two_attempts_ends_the_enrollment_at_once(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": "refuse_429", "retry_after": 3600})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, meets("429"))

    await world.workflow(enrollment).signal("exit")

    await world.workflow(enrollment).result()
    ended = await world.detail(enrollment)
    assert statuses(ended) == [("send_email", "skipped")]
    assert await world.messages(contact["email"]) == []


@pytest.mark.parametrize(("mode", "status"), [("refuse_429", "skipped"), ("error_500", "unknown")])
async def test_opt_out_between_two_attempts_is_heard(
    world: World, faults: Faults, mode: str, status: str
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL)
    await faults(resend={"mode": mode, "retry_after": 1})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, meets("Resend"))

    await world.admin.patch(f"/contacts/{contact['id']}", {"email_opt_out": True})
    await faults(resend={})

    enrollment = await world.finished(enrollment)
    assert (enrollment["status"], enrollment["exit_reason"]) == ("exited", "unsubscribed")
    assert statuses(enrollment) == [("send_email", status)]
    assert await world.messages(contact["email"]) == []


async def shows_pause(world: World, enrollment: Json) -> bool:
    """Whether an operator sees it, though the step that is tried again has not come back yet."""
    state = await world.workflow(enrollment).query("state")
    found = await world.workflow(enrollment).describe()
    return (
        state["status"] == "paused"
        and found.typed_search_attributes.get(ENROLLMENT_STATUS) == "paused"
    )
