"""No deployment may stop what runs: no workflow without recordings, and none that does not replay."""

from pathlib import Path

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.engine.shapes import HISTORIES, read
from workflows.registered import WORKFLOWS


def test_each_workflow_has_recorded_histories() -> None:
    recorded = {_type_of(path) for path in HISTORIES.rglob("*.json")}

    assert recorded == {workflow.__name__ for workflow in WORKFLOWS}


async def test_each_recording_replays_those_of_earlier_versions_too() -> None:
    replayer = Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter)

    for path in sorted(HISTORIES.rglob("*.json")):
        result = await replayer.replay_workflow(read(path), raise_on_replay_failure=False)
        assert result.replay_failure is None, path


def _type_of(path: Path) -> str:
    (started, *_) = read(path).events
    return started.workflow_execution_started_event_attributes.workflow_type.name
