"""Whatever falls between database and Temporal is picked up by the reconciler."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from db.session import person
from domain.enums import EnrollmentSource, Role
from domain.plans import StartWorkflow
from services.enrolling import Entrant, enroll
from services.temporal import Dispatcher
from tests.faults.locks import Hold
from tests.faults.stack import Stack
from tests.world import EMAIL, Json, World, eventually

LATER = {**EMAIL, "delay_value": 3, "delay_unit": "days"}
A_MINUTE = 60
HOLD_COUNTERS = "lock table counter_deltas in access exclusive mode"
FIRST_TASK_COMPLETED = 4
"""The event of a history to which it is reset."""


@pytest.fixture(scope="module")
async def worker(stack: Stack) -> AsyncIterator[None]:
    async with stack.worker():
        yield


async def commit_without_telling(stack: Stack, world: World) -> tuple[Json, Json, StartWorkflow]:
    """What an API leaves behind that dies after the commit: enrollment, contact, and the start it owes."""
    campaign = await world.create_campaign(EMAIL)
    contact = await world.create_contact()
    scope = person(world.tenant_id, world.user_ids[Role.ADMIN], Role.ADMIN)
    async with stack.database.transaction(scope) as session:
        row = await enroll(
            session,
            UUID(campaign["id"]),
            Entrant(UUID(contact["id"])),
            EnrollmentSource.API,
            datetime.now(UTC) - timedelta(minutes=1),
            stack.settings.rates,
        )
        (start,) = session.outbox
    assert isinstance(start, StartWorkflow)
    return {"id": str(row.id), "campaign_id": campaign["id"]}, contact, start


async def enroll_for_later(world: World) -> tuple[Json, Json]:
    """An enrollment whose workflow sleeps, and its contact."""
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(LATER), contact)
    workflow = world.workflow(enrollment)

    async def sleeps() -> bool:
        events = [event async for event in workflow.fetch_history_events()]
        return any(event.HasField("timer_started_event_attributes") for event in events)

    await eventually(sleeps)
    return enrollment, contact


async def test_reconciler_whose_worker_is_killed_repairs_within_a_minute(
    stack: Stack, world: World
) -> None:
    counters = Hold(stack.database_url)
    async with stack.worker() as worker:
        await counters.take(HOLD_COUNTERS)
        await stack.repair()
        await counters.awaited()
        worker.kill()
    await counters.release()
    enrollment, _, _ = await commit_without_telling(stack, world)

    async with stack.worker():
        over = await world.until(enrollment, lambda now: now["status"] != "active", A_MINUTE)

    assert over["status"] == "completed"


async def test_enrollment_whose_api_died_before_the_start_is_started(
    stack: Stack, world: World, worker: None
) -> None:
    enrollment, contact, _ = await commit_without_telling(stack, world)

    await stack.repair()

    over = await world.until(enrollment, lambda now: now["status"] != "active", A_MINUTE)
    assert over["status"] == "completed"
    assert len(await world.messages(contact["email"])) == 1


async def test_start_that_is_delivered_again_and_again_walks_once(
    stack: Stack, world: World, worker: None
) -> None:
    enrollment, contact, start = await commit_without_telling(stack, world)
    dispatcher = Dispatcher(stack.temporal, stack.database)

    await dispatcher.deliver(world.tenant_id, [start, start])
    await world.finished(enrollment)
    first = await world.workflow(enrollment).describe()
    await dispatcher.deliver(world.tenant_id, [start])

    assert (await world.workflow(enrollment).describe()).run_id == first.run_id
    assert len(await world.messages(contact["email"])) == 1
    assert (await stack.row_of(enrollment))["workflow_status"] == "closed"


async def test_workflow_whose_row_is_over_ends(stack: Stack, world: World, worker: None) -> None:
    enrollment, _ = await enroll_for_later(world)
    await stack.rows(
        """
        update campaign_enrollments
        set status = 'exited', exit_reason = 'manual_remove', exited_at = now()
        where id = $1 returning id
        """,
        UUID(enrollment["id"]),
    )

    await stack.repair()

    assert (await world.workflow(enrollment).result())["exit_reason"] == "manual_remove"
    await stack.until_row(enrollment, workflow_status="closed")


async def test_enrollment_whose_workflow_was_terminated_by_hand_ends_as_removed(
    stack: Stack, world: World, worker: None
) -> None:
    enrollment, contact = await enroll_for_later(world)
    await world.workflow(enrollment).terminate("by hand")

    await stack.repair()

    over = await world.until(enrollment, lambda now: now["status"] != "active", A_MINUTE)
    assert (over["status"], over["exit_reason"]) == ("exited", "manual_remove")
    assert over["next_step_scheduled_at"] is None
    assert over["executions"] == []
    assert await world.messages(contact["email"]) == []


async def test_enrollment_whose_workflow_was_reset_by_hand_goes_on(
    stack: Stack, world: World, worker: None
) -> None:
    reset, contact = await enroll_for_later(world)
    terminated, _ = await enroll_for_later(world)
    await stack.temporal.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=stack.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=world.workflow(reset).id),
            reason="by hand",
            workflow_task_finish_event_id=FIRST_TASK_COMPLETED,
            request_id="reset",
        )
    )
    await world.workflow(terminated).terminate("by hand, too")

    await stack.repair()
    await world.until(terminated, lambda now: now["exit_reason"] == "manual_remove", A_MINUTE)

    await world.pass_time(reset, days=3, minutes=1)
    assert (await world.finished(reset))["status"] == "completed"
    assert len(await world.messages(contact["email"])) == 1
