"""When the retries of a step are over, and what is known of it then."""

from datetime import timedelta

import pytest
from sqlalchemy import func, update

from db.session import engine
from db.tables import Execution
from tests.engine.conftest import Faults
from tests.engine.helpers import let_time_run_out, statuses, tag
from tests.world import EMAIL, TEXT, Json, World, noon_zone

TOO_MANY = {"mode": "refuse_429", "retry_after": 3600}


async def test_step_whose_retries_are_over_has_failed_and_the_walk_goes_on(
    world: World, faults: Faults
) -> None:
    await faults(resend=TOO_MANY)
    enrollment, contact = await in_trouble(world, EMAIL, "429")

    await end_retries(world, enrollment)

    enrollment = await world.finished(enrollment)
    assert statuses(enrollment) == [("send_email", "failed"), ("manage_tags", "completed")]
    assert "Resend 429" in enrollment["executions"][0]["error_message"]
    assert enrollment["status"] == "completed"
    assert await world.messages(contact["email"]) == []


async def test_step_whose_retries_are_over_ends_the_enrollment_where_it_says_so(
    world: World, faults: Faults
) -> None:
    await faults(resend=TOO_MANY)
    enrollment, _ = await in_trouble(world, {**EMAIL, "on_failure": "exit"}, "429")

    await end_retries(world, enrollment)

    enrollment = await world.finished(enrollment)
    assert statuses(enrollment) == [("send_email", "failed")]
    assert (enrollment["status"], enrollment["exit_reason"]) == ("failed", "error")


async def test_message_that_may_have_gone_out_is_unknown_and_not_failed(
    world: World, faults: Faults
) -> None:
    await faults(twilio={"mode": "accept_then_500"})
    enrollment, _ = await in_trouble(world, TEXT, "500")

    await end_retries(world, enrollment)

    enrollment = await world.finished(enrollment)
    assert statuses(enrollment) == [("send_sms", "unknown"), ("manage_tags", "completed")]


@pytest.mark.parametrize(
    ("mode", "ends_as", "arrives"), [("error_500", "unknown", 0), ("refuse_429", "completed", 1)]
)
async def test_nothing_ambiguous_is_repeated_when_resend_may_have_forgotten_the_key(
    world: World, faults: Faults, mode: str, ends_as: str, arrives: int
) -> None:
    await faults(resend={"mode": mode, "retry_after": 2})
    enrollment, contact = await in_trouble(world, EMAIL, "Resend")

    await began_ago(world, enrollment, timedelta(hours=23, minutes=1))
    await faults(resend={})

    enrollment = await world.finished(enrollment)
    assert statuses(enrollment)[0] == ("send_email", ends_as)
    assert len(await world.messages(contact["email"])) == arrives


async def in_trouble(world: World, step: Json, error: str) -> tuple[Json, Json]:
    """An enrollment at a step that is being tried again, and its contact."""
    contact = await world.create_contact(timezone=noon_zone())
    enrollment = await world.enroll(await world.create_campaign(step, tag("after")), contact)
    await world.until(
        enrollment, lambda now: error in (now["executions"][0]["error_message"] or "")
    )
    return enrollment, contact


async def end_retries(world: World, enrollment: Json) -> None:
    await let_time_run_out(world, world.workflow(enrollment).id, "run_step")


async def began_ago(world: World, enrollment: Json, length: timedelta) -> None:
    """As if the first attempt had been made so long ago."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(
            update(Execution)
            .where(Execution.enrollment_id == enrollment["id"])
            .values(started_at=func.now() - length)
        )
