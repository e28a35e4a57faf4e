"""`/healthz`: this process lives. `/readyz`: it can do its work."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.access import State

router = APIRouter(tags=["health"])

_PATIENCE_SECONDS = 2


class Health(BaseModel):
    """That the process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """What the process depends on, and whether it answers."""

    status: Literal["ok", "unavailable"]
    database: bool
    temporal: bool


@router.get("/healthz")
async def healthz() -> Health:
    """Whether this process lives."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(response: Response, state: State) -> Readiness:
    """Whether the database and Temporal answer."""

    async def answers(call: Coroutine[Any, Any, object]) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await call
        except Exception:  # whatever it is, it does not answer
            return False
        return True

    database, temporal = await asyncio.gather(
        answers(state.database.ping()), answers(state.temporal.service_client.check_health())
    )
    ready = database and temporal
    response.status_code = 200 if ready else 503
    return Readiness(status="ok" if ready else "unavailable", database=database, temporal=temporal)
