"""The shapes that the history of a round over all companies takes, each brought about on the real servers."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from temporalio.client import WorkflowHistory

from domain.plans import QUEUE
from tests.engine import shapes
from tests.world import World

HISTORIES = shapes.HISTORIES / "rounds"


async def reconciled(world: World) -> WorkflowHistory:
    """A round of repairs."""
    return await _round(world, "ReconcileWorkflow")


async def scanned(world: World) -> WorkflowHistory:
    """A look at all dates."""
    return await _round(world, "TriggerScanWorkflow")


SHAPES: dict[str, Callable[[World], Awaitable[WorkflowHistory]]] = {
    shape.__name__: shape for shape in (reconciled, scanned)
}


async def _round(world: World, workflow: str) -> WorkflowHistory:
    handle = await world.temporal.start_workflow(
        workflow, id=f"round-{uuid4().hex}", task_queue=QUEUE
    )
    await handle.result()
    return await handle.fetch_history()
