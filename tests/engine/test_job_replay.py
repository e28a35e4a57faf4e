"""A job that is under way across a deployment goes on with the new code."""

from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.engine.job_shapes import HISTORIES, PORTIONS, SHAPES
from tests.engine.shapes import read, shape_of, stored
from tests.engine.test_replay import commands
from tests.world import World
from workflows.job import JobWorkflow


def test_each_shape_has_a_recorded_history() -> None:
    assert {shape_of(path) for path in stored(HISTORIES)} == set(SHAPES)


@pytest.mark.parametrize("path", stored(HISTORIES), ids=lambda path: path.stem)
async def test_recorded_history_replays(path: Path) -> None:
    replayer = Replayer(workflows=[JobWorkflow], data_converter=pydantic_data_converter)

    result = await replayer.replay_workflow(read(path), raise_on_replay_failure=False)

    assert result.replay_failure is None


@pytest.mark.parametrize("shape", SHAPES)
async def test_workflow_gives_the_commands_that_were_recorded(world: World, shape: str) -> None:
    histories = await SHAPES[shape](world)

    recorded = [read(path) for path in stored(HISTORIES) if shape_of(path) == shape]
    assert [commands(each) for each in histories] == [commands(each) for each in recorded]


async def test_job_that_continues_as_new_does_each_portion_once(world: World) -> None:
    first, second = await SHAPES["continued_as_new"](world)

    assert commands(first)[-1] == "WORKFLOW_EXECUTION_CONTINUED_AS_NEW"
    portions = commands(first).count("run_portion") + commands(second).count("run_portion")
    assert portions == PORTIONS
    assert (await world.staff.get("/contacts"))["total"] == 5 * PORTIONS
