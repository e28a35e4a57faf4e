"""Being missed early: a worker that dies is noticed by its silence, long before its time is up."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import activity

T = TypeVar("T")

HEARTBEAT_EVERY = timedelta(seconds=3)


async def see_through(work: Coroutine[Any, Any, T]) -> T:
    """Do the work to its end, with a sign of life every three seconds.

    To its end also where the activity is cancelled meanwhile, because its workflow is over or the worker
    stops: what was sent must be recorded.
    """
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            done, _ = await asyncio.wait({task}, timeout=HEARTBEAT_EVERY.total_seconds())
            if not done:
                activity.heartbeat()
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
    return task.result()
