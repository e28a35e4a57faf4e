"""Records the histories that `test_replay.py` and its sisters replay: `python -m tests.engine.record_histories`.

Not to make a test pass: while enrollments sleep in the version before, its recordings are moved to
`histories/before_<patch>` first, where they go on being replayed (docs/operating.md).
"""

import sys

import pytest

from tests.engine import job_shapes, message_shapes, round_shapes
from tests.engine.shapes import SHAPES, runs, store
from tests.world import World


@pytest.mark.parametrize("shape", SHAPES)
async def test_record(world: World, shape: str) -> None:
    store(shape, await runs(world, await SHAPES[shape](world)))


@pytest.mark.parametrize("shape", message_shapes.SHAPES)
async def test_record_message(world: World, shape: str) -> None:
    history = await message_shapes.SHAPES[shape](world)
    store(shape, [history], message_shapes.HISTORIES)


@pytest.mark.parametrize("shape", job_shapes.SHAPES)
async def test_record_job(world: World, shape: str) -> None:
    store(shape, await job_shapes.SHAPES[shape](world), job_shapes.HISTORIES)


@pytest.mark.parametrize("shape", round_shapes.SHAPES)
async def test_record_round(world: World, shape: str) -> None:
    store(shape, [await round_shapes.SHAPES[shape](world)], round_shapes.HISTORIES)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q"]))
