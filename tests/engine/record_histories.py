"""Records the histories that `test_replay.py` replays: `python -m tests.engine.record_histories`.

To be run after a change of the workflow that needs no `workflow.patched`, because nobody sleeps in the old version;
else the old files stay, and the new ones are recorded under names of their own.
"""

import sys

import pytest

from tests.engine.shapes import SHAPES, runs, store
from tests.world import World


@pytest.mark.parametrize("shape", SHAPES)
async def test_record(world: World, shape: str) -> None:
    store(shape, await runs(world, await SHAPES[shape](world)))


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q"]))
