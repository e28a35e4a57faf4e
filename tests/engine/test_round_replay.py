"""A round that is under way across a deployment goes on with the new code."""

from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.engine.round_shapes import HISTORIES, SHAPES
from tests.engine.shapes import read, stored
from tests.engine.test_replay import commands
from tests.world import World
from workflows.reconcile import ReconcileWorkflow
from workflows.scan import TriggerScanWorkflow


def test_each_shape_has_a_recorded_history() -> None:
    assert {path.stem for path in stored(HISTORIES)} == set(SHAPES)


@pytest.mark.parametrize("path", stored(HISTORIES), ids=lambda path: path.stem)
async def test_recorded_history_replays(path: Path) -> None:
    replayer = Replayer(
        workflows=[ReconcileWorkflow, TriggerScanWorkflow], data_converter=pydantic_data_converter
    )

    result = await replayer.replay_workflow(read(path), raise_on_replay_failure=False)

    assert result.replay_failure is None


@pytest.mark.parametrize("shape", SHAPES)
async def test_workflow_gives_the_commands_that_were_recorded(world: World, shape: str) -> None:
    history = await SHAPES[shape](world)

    assert commands(history) == commands(read(HISTORIES / f"{shape}.json"))
