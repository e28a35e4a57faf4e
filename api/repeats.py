"""Requests that give way in a deadlock are made again, so that nobody has to ask twice."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from db.session import gave_way

Answer = TypeVar("Answer")

_PAUSES: Final = (0.05, 0.2, 0.8)
"""Seconds before the next attempt: whoever it gave way to is through by then."""


async def until_through(attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    """What a whole transaction comes to, made again while PostgreSQL ends it in favour of another."""
    for pause in _PAUSES:
        try:
            return await attempt()
        except Exception as error:
            if not gave_way(error):
                raise
        await asyncio.sleep(pause)
    return await attempt()


class RepeatableRoute(APIRoute):
    """A route whose handler has transactions of its own, and may be called again when one of them was undone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler; the request keeps its body for the next attempt."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await until_through(lambda: handler(request))

        return handle
