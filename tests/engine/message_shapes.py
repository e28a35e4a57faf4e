"""The shapes that the history of a message written by hand takes, each brought about on the real servers."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from temporalio.client import WorkflowFailureError, WorkflowHistory

from tests.engine import shapes
from tests.engine.by_hand import LETTER, handle, meets, until, write
from tests.engine.helpers import let_time_run_out
from tests.world import Json, World

HISTORIES = shapes.HISTORIES / "messages"


async def sent(world: World) -> WorkflowHistory:
    """Sent at once."""
    return await _over(world, await write(world, await world.create_contact(), LETTER))


async def retried(world: World) -> WorkflowHistory:
    """Sent at the second attempt."""
    await shapes.faults(world, mode="error_500", count=1)
    return await sent(world)


async def cancelled(world: World) -> WorkflowHistory:
    """Cancelled by an administrator of Temporal between two attempts, and given up."""
    message = await _in_trouble(world)
    await handle(world, message).cancel()
    return await _over(world, message)


async def out_of_time(world: World) -> WorkflowHistory:
    """Given up after 23 hours."""
    message = await _in_trouble(world)
    await let_time_run_out(world, handle(world, message).id, "send_message")
    return await _over(world, message)


SHAPES: dict[str, Callable[[World], Awaitable[WorkflowHistory]]] = {
    shape.__name__: shape for shape in (sent, retried, cancelled, out_of_time)
}


async def _in_trouble(world: World) -> Json:
    """A message that is to be tried again in an hour."""
    await shapes.faults(world, mode="refuse_429", retry_after=3600)
    contact = await world.create_contact()
    message = await write(world, contact, LETTER)
    await until(world, contact, message, meets("429"))
    await shapes.faults(world)
    return message


async def _over(world: World, message: Json) -> WorkflowHistory:
    workflow = handle(world, message)
    with suppress(WorkflowFailureError):
        await workflow.result()
    return await workflow.fetch_history()
