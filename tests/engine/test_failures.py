"""A step that fails for good: the enrollment goes on, or ends where the step says so."""

import pytest

from tests.engine.helpers import email, run_through, statuses, tag, walked
from tests.world import EMAIL, TEXT, Json, World, noon_zone

REFUSED = {"email": "bounce@home.example"}
"""The sandbox's Resend refuses the mailbox `bounce` for good."""


async def test_refused_email_has_failed_and_the_enrollment_goes_on(world: World) -> None:
    contact = await world.create_contact(**REFUSED)

    enrollment = await run_through(world, EMAIL, tag("after"), contact=contact)

    failed, _ = enrollment["executions"]
    assert failed["status"] == "failed"
    assert "Resend 422" in failed["error_message"]
    assert failed["result_data"] is None
    assert failed["completed_at"] is not None
    assert (enrollment["status"], enrollment["exit_reason"]) == ("completed", "completed")
    assert (enrollment["emails_sent"], enrollment["steps_completed"]) == (0, 1)
    assert await walked(world, contact) == ["after"]


async def test_refused_email_with_on_failure_exit_ends_the_enrollment(world: World) -> None:
    contact = await world.create_contact(**REFUSED)

    enrollment = await run_through(
        world, {**EMAIL, "on_failure": "exit"}, tag("never"), contact=contact
    )

    assert statuses(enrollment) == [("send_email", "failed")]
    assert (enrollment["status"], enrollment["exit_reason"]) == ("failed", "error")
    assert enrollment["exited_at"] is not None
    assert enrollment["completed_at"] is None
    assert await walked(world, contact) == []


@pytest.mark.parametrize("number", ["+15005550001", "+15005550009"])
async def test_number_that_twilio_refuses_fails_the_text(world: World, number: str) -> None:
    contact = await world.create_contact(phone=number, timezone=noon_zone())

    enrollment = await run_through(world, TEXT, contact=contact)

    (failed,) = enrollment["executions"]
    assert failed["status"] == "failed"
    assert "Twilio 400" in failed["error_message"]
    assert number not in failed["error_message"]


async def test_number_that_twilio_knows_as_opted_out_gets_no_further_text(world: World) -> None:
    contact = await world.create_contact(phone="+15005550004", timezone=noon_zone())

    enrollment = await run_through(world, TEXT, TEXT, contact=contact)

    # The opt-out ends it at once; the attempt that heard of it is recorded a moment later.
    enrollment = await world.until(enrollment, lambda now: statuses(now)[0][1] != "running")
    assert statuses(enrollment) == [("send_sms", "failed")]
    assert (enrollment["status"], enrollment["exit_reason"]) == ("exited", "unsubscribed")
    assert (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]["sms_opt_out"]


async def test_skipped_step_with_on_failure_exit_is_no_failure(world: World) -> None:
    contact = await world.create_contact(email=None)

    enrollment = await run_through(
        world, {**EMAIL, "on_failure": "exit"}, tag("after"), contact=contact
    )

    assert enrollment["status"] == "completed"
    assert await walked(world, contact) == ["after"]


async def test_counters_of_the_steps_tell_what_ran_and_what_failed(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, email("again"))
    for values in ({}, REFUSED, {"email": None}):
        await world.finished(await world.enroll(campaign, await world.create_contact(**values)))

    steps: list[Json] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    counted = [
        (step["total_executed"], step["total_succeeded"], step["total_failed"]) for step in steps
    ]
    assert counted == [(2, 1, 1), (2, 1, 1)]
    totals = (await world.admin.get(f"/campaigns/{campaign['id']}"))["campaign"]
    assert (totals["total_enrolled"], totals["total_completed"]) == (3, 3)
