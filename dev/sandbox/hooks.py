"""A receiver for `webhook` steps: keeps whatever comes and answers as asked."""

import asyncio
import uuid

from fastapi import APIRouter, Request, Response

from dev.sandbox.store import Store

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def hooks_router(store: Store) -> APIRouter:
    """`/hook/{name}` for any method; `?status=500&seconds=8` asks for that answer, so late."""
    router = APIRouter()

    @router.api_route("/hook/{name}", methods=_METHODS)
    async def receive(
        request: Request, name: str, status: int = 200, seconds: float = 0
    ) -> Response:
        body = await request.body()
        content = {
            "method": request.method,
            "headers": dict(request.headers),
            "body": body.decode(errors="replace"),
        }
        store.add("hook", f"HK{uuid.uuid4().hex}", name, content)
        await asyncio.sleep(seconds)
        return Response(status_code=status)

    return router
