"""How much a client may send."""

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000
"""Bytes of a body."""


class BodyLimit:
    """Answers 413 to a body that is too large, and reads no more of it than is allowed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count while its body is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        too_large = announced.isdecimal() and int(announced) > MAX_BODY
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message: Message = {} if too_large else await receive()
            seen += len(message.get("body", b""))
            if too_large or seen > MAX_BODY:
                # FastAPI passes this kind on where it reads the body, and calls any other a 400.
                raise HTTPException(413, f"A body has {MAX_BODY:,} bytes at most.")
            return message

        await self._app(scope, counted, send)
