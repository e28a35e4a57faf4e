"""How much a client may send."""

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000
"""Bytes of a body."""
MAX_UPLOAD = 100_000_000
"""Bytes of a body that is an upload, which is kept on disk."""
_UPLOADS = frozenset({"/api/contacts/import", "/api/contacts/import/preview"})


class BodyLimit:
    """Answers 413 to a body that is too large, and reads no more of it than is allowed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count while its body is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MAX_UPLOAD if scope["path"] in _UPLOADS else MAX_BODY
        announced = Headers(scope=scope).get("content-length", "")
        too_large = announced.isdecimal() and int(announced) > limit
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message: Message = {} if too_large else await receive()
            seen += len(message.get("body", b""))
            if too_large or seen > limit:
                # FastAPI passes this kind on where it reads the body, and calls any other a 400.
                raise HTTPException(413, f"A body has {limit:,} bytes at most.")
            return message

        await self._app(scope, counted, send)
