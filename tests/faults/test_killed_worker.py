"""A worker is killed at each stage of a step, another takes over: everything happens once, and goes on.

One kill serves all tests; `tests.faults.crash` prepares it.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.faults.crash import NOT_ACCEPTED, OWN_STAGES, Crash, Stage, crashed
from tests.faults.stack import Stack

EVERY_STAGE = pytest.mark.parametrize("stage", Stage)
EVERY_OWN_STAGE = pytest.mark.parametrize("stage", OWN_STAGES)

SENT_TWICE = (Stage.BEFORE_ANSWER, Stage.BEFORE_RECORDED)
"""The stages after which a channel that may repeat itself does."""


@pytest.fixture(scope="module")
async def crash(stack: Stack) -> AsyncIterator[Crash]:
    async with crashed(stack) as crash:
        yield crash


@EVERY_STAGE
async def test_email_of_a_killed_worker_arrives_once(crash: Crash, stage: Stage) -> None:
    enrollment = await crash.finished("email", stage)

    (message,) = await crash.messages("email", stage)
    assert message["repeat"] == (1 if stage in SENT_TWICE else 0)
    assert enrollment["status"] == "completed"
    assert enrollment["emails_sent"] == 1
    assert enrollment["executions"][0]["result_data"]["email_id"] == message["id"]
    assert await crash.tasks("email", stage) == ["Next"]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in NOT_ACCEPTED])
async def test_text_of_a_killed_worker_that_was_accepted_is_found(
    crash: Crash, stage: Stage
) -> None:
    enrollment = await crash.finished("text", stage)

    (message,) = await crash.messages("text", stage)
    assert enrollment["executions"][0]["status"] == "completed"
    assert enrollment["executions"][0]["result_data"]["sms_id"] == message["id"]
    assert enrollment["sms_sent"] == 1
    assert await crash.tasks("text", stage) == ["Next"]


@pytest.mark.parametrize("stage", NOT_ACCEPTED)
async def test_text_of_a_killed_worker_that_nobody_finds_stays_unknown(
    crash: Crash, stage: Stage
) -> None:
    enrollment = await crash.finished("text", stage)

    assert await crash.messages("text", stage) == []
    assert enrollment["executions"][0]["status"] == "unknown"
    assert enrollment["sms_sent"] == 0
    assert enrollment["status"] == "completed"
    assert await crash.tasks("text", stage) == ["Next"]


@EVERY_STAGE
async def test_webhook_of_a_killed_worker_arrives_under_one_id(crash: Crash, stage: Stage) -> None:
    enrollment = await crash.finished("webhook", stage)

    messages = await crash.messages("webhook", stage)
    assert len(messages) == (2 if stage in SENT_TWICE else 1)
    assert len({message["headers"]["webhook-id"] for message in messages}) == 1
    assert enrollment["executions"][0]["status"] == "completed"
    assert await crash.tasks("webhook", stage) == ["Next"]


@EVERY_OWN_STAGE
async def test_task_of_a_killed_worker_is_made_once(crash: Crash, stage: Stage) -> None:
    enrollment = await crash.finished("task", stage)

    assert await crash.tasks("task", stage) == ["Call", "Next"]
    assert enrollment["tasks_created"] == 2
    assert enrollment["steps_completed"] == 2


@EVERY_OWN_STAGE
async def test_notification_of_a_killed_worker_is_made_once(crash: Crash, stage: Stage) -> None:
    enrollment = await crash.finished("notification", stage)

    notifications = await crash.stack.rows(
        "select title from notifications where enrollment_id = $1", UUID(enrollment["id"])
    )
    assert [each["title"] for each in notifications] == ["Look"]
    assert enrollment["steps_completed"] == 2


async def test_sleeper_of_a_killed_worker_wakes_under_the_next(crash: Crash) -> None:
    assert await crash.world.messages(crash.sleepers_contact["email"]) == []

    await crash.world.pass_time(crash.sleeper, days=3, minutes=1)

    enrollment = await crash.world.finished(crash.sleeper)
    assert enrollment["status"] == "completed"
    assert len(await crash.world.messages(crash.sleepers_contact["email"])) == 1


async def test_counters_after_a_kill_equal_the_rows(crash: Crash) -> None:
    for kind, stage in crash.victims:
        await crash.finished(kind, stage)

    for campaign in (await crash.world.admin.get("/campaigns"))["campaigns"]:
        rows = await crash.stack.rows(
            "select status from campaign_enrollments where campaign_id = $1", UUID(campaign["id"])
        )
        assert campaign["total_enrolled"] == len(rows)
        assert campaign["total_completed"] == [row["status"] for row in rows].count("completed")
        for step in (await crash.world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]:
            rows = await crash.stack.rows(
                "select status from campaign_step_executions where step_id = $1", UUID(step["id"])
            )
            statuses = [row["status"] for row in rows]
            ended = [status for status in statuses if status not in ("pending", "skipped")]
            assert step["total_executed"] == len(ended)
            assert step["total_succeeded"] == statuses.count("completed")
            assert step["total_failed"] == statuses.count("failed")
