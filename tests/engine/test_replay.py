"""Workflows sleep for weeks: what they have done so far must be what today's code would do again.

`histories/` holds recorded histories. One that does not replay means that enrollments which sleep across the
deployment would get stuck: the change belongs behind `workflow.patched`.
"""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from domain.plans import EnrollmentResult, EnrollmentStart
from tests.engine.helpers import walked
from tests.engine.shapes import MANY, SHAPES, read, runs, shape_of, stored
from tests.world import World
from workflows.enrollment import EnrollmentWorkflow

COMMANDS = {
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_TIMER_CANCELED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
}


@workflow.defn(name="EnrollmentWorkflow")
class HastyWorkflow(EnrollmentWorkflow):
    """A careless edit: it looks at the row before each sleep."""

    @workflow.init
    def __init__(self, start: EnrollmentStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: EnrollmentStart) -> EnrollmentResult:
        return await super().run(start)

    async def _sleep(self) -> None:
        self._follow(await self._look())
        await super()._sleep()


def test_each_shape_has_a_recorded_history() -> None:
    assert {shape_of(path) for path in stored()} == set(SHAPES)


@pytest.mark.parametrize("path", stored(), ids=lambda path: path.stem)
async def test_recorded_history_replays(path: Path) -> None:
    replayer = Replayer(workflows=[EnrollmentWorkflow], data_converter=pydantic_data_converter)

    result = await replayer.replay_workflow(read(path), raise_on_replay_failure=False)

    assert result.replay_failure is None


@pytest.mark.parametrize("path", stored(), ids=lambda path: path.stem)
async def test_change_of_the_order_of_commands_does_not_replay(path: Path) -> None:
    replayer = Replayer(
        workflows=[HastyWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )

    with pytest.raises(workflow.NondeterminismError):
        await replayer.replay_workflow(read(path))


@pytest.mark.parametrize("shape", SHAPES)
async def test_workflow_gives_the_commands_that_were_recorded(world: World, shape: str) -> None:
    histories = await runs(world, await SHAPES[shape](world))

    recorded = [read(path) for path in stored() if shape_of(path) == shape]
    assert [commands(each) for each in histories] == [commands(each) for each in recorded]


async def test_walk_that_continues_as_new_neither_loses_nor_repeats_a_step(world: World) -> None:
    enrollment = await SHAPES["continued_as_new"](world)

    first, second = await runs(world, enrollment)

    assert commands(first)[-1] == "WORKFLOW_EXECUTION_CONTINUED_AS_NEW"
    assert commands(second)[-1] == "WORKFLOW_EXECUTION_COMPLETED"
    ended = await world.detail(enrollment)
    assert ended["status"] == "completed"
    assert ended["steps_completed"] == len(ended["executions"]) == MANY
    contact = {"id": ended["contact_id"]}
    assert await walked(world, contact) == [f"{number:02}" for number in range(MANY)]
    ran = commands(first).count("run_step") + commands(second).count("run_step")
    assert ran == MANY


def commands(history: WorkflowHistory) -> list[str]:
    """What the workflow asked Temporal for, in order; of an activity its name."""
    return [
        event.activity_task_scheduled_event_attributes.activity_type.name
        or EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
        for event in history.events
        if event.event_type in COMMANDS
    ]
