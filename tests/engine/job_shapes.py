"""The shapes that the history of a job takes, each brought about on the real servers."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHistory

from services import csv_upload
from tests.engine import shapes
from tests.engine.helpers import let_time_run_out
from tests.engine.jobs import csv_of, handle, has_failed, imported, impossible_job
from tests.world import Json, World

HISTORIES = shapes.HISTORIES / "jobs"
PORTIONS = 45
"""Of six events each: enough for the tests' server to suggest a fresh history."""


async def completed(world: World) -> list[WorkflowHistory]:
    """Through, in three portions."""
    return await _runs(world, await in_portions(world, 3))


async def continued_as_new(world: World) -> list[WorkflowHistory]:
    """So long that it went on in a second run."""
    return await _runs(world, await in_portions(world, PORTIONS))


async def cancelled(world: World) -> list[WorkflowHistory]:
    """Cancelled by an administrator of Temporal between two attempts."""
    job = await impossible_job(world)
    await has_failed(world, job)
    await handle(world, job).cancel()
    return await _runs(world, job)


async def failed(world: World) -> list[WorkflowHistory]:
    """Given up after hours of attempts."""
    job = await impossible_job(world)
    await has_failed(world, job)
    await let_time_run_out(world, handle(world, job).id, "run_portion")
    return await _runs(world, job)


SHAPES: dict[str, Callable[[World], Awaitable[list[WorkflowHistory]]]] = {
    shape.__name__: shape for shape in (completed, continued_as_new, cancelled, failed)
}


async def in_portions(world: World, count: int) -> Json:
    """An import of so many portions that is over; each is of five rows."""
    rows = [{"email": f"home{number}@home.example"} for number in range(5 * count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_upload, "PIECE_ROWS", 5)
        return await imported(world, csv_of(*rows))


async def _runs(world: World, job: Json) -> list[WorkflowHistory]:
    """The histories of its runs, oldest first, when it is over."""
    with suppress(WorkflowFailureError):
        await handle(world, job).result()
    return await shapes.runs_of(world, handle(world, job).id)
