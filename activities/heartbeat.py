"""Being missed early: a worker that dies is noticed by its silence, long before its time is up."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

T = TypeVar("T")

_log = structlog.get_logger(__name__)

HEARTBEAT_EVERY = timedelta(seconds=3)


async def unless_worker_stops(work: Coroutine[Any, Any, T]) -> T | None:
    """Do work that may be broken off anywhere; None if the worker stops before it is through."""
    task = asyncio.ensure_future(work)
    stops = asyncio.ensure_future(activity.wait_for_worker_shutdown())
    try:
        await asyncio.wait({task, stops}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for each in (task, stops):
            each.cancel()
        await asyncio.wait({task, stops})


async def see_through(work: Coroutine[Any, Any, T]) -> T:
    """Do the work to its end, with a sign of life every three seconds.

    To its end also where the activity is cancelled meanwhile, because its workflow is over or the worker
    stops: what was sent must be recorded. What goes wrong unexpectedly is logged here, and told to
    Temporal by its class alone: messages of drivers can quote people's data, and histories are read.
    """
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            done, _ = await asyncio.wait({task}, timeout=HEARTBEAT_EVERY.total_seconds())
            if not done:
                activity.heartbeat()
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if error := task.exception():
            _log.warning("cancelled activity failed", exc_info=error)
        raise
    try:
        return task.result()
    except ApplicationError:
        raise
    except Exception as error:
        _log.exception("activity failed", exc_info=error)
        raise ApplicationError(f"{type(error).__name__}, see the worker's log") from None
