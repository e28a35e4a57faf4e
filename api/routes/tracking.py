"""`/t/o/…` and `/t/c/…`: an e-mail was opened, a link of it was followed.

Whoever asks is a homeowner who waits for a page, so the answer does not depend on the database: it waits a moment for
the record, and what takes longer goes on after it.
"""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from api.access import State, address_of
from api.repeats import until_through
from api.state import AppState
from db.feedback import find_sent
from db.session import engine
from db.tables import Execution
from domain.enums import EngagementKind
from domain.reports import Engagement
from services.engagement import record_engagement
from services.links import CLICK, OPEN

_log = structlog.get_logger(__name__)

router = APIRouter(prefix="/t", tags=["tracking"])

PATIENCE = 1.0
"""Seconds that somebody waits for the record of what they did."""
GIVE_UP = 20.0
"""Seconds after which it is not recorded."""

_MAX_USER_AGENT = 500
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent GIF of one pixel."""
# The token stays between us and the homeowner.
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class _Gif(Response):
    media_type = "image/gif"


@router.head("/o/{token}", include_in_schema=False)
@router.get("/o/{token}", response_class=_Gif)
async def opened(request: Request, state: State, token: str) -> Response:
    """The open pixel of an e-mail."""
    tenant_id, execution_id = state.tokens.read(OPEN, token)
    response = _Gif(_PIXEL, headers=_HEADERS)
    done = _done(request, EngagementKind.OPEN)
    return await _after(_record(state, tenant_id, execution_id, done), response)


@router.head("/c/{token}", include_in_schema=False)
@router.get("/c/{token}", status_code=302, response_class=RedirectResponse)
async def clicked(request: Request, state: State, token: str) -> Response:
    """A link of an e-mail: leads to where its signed token says, and nowhere else."""
    (tenant_id, execution_id), target = state.tokens.read_text(CLICK, token)
    response = RedirectResponse(target, 302, headers=_HEADERS)
    done = _done(request, EngagementKind.CLICK, target)
    return await _after(_record(state, tenant_id, execution_id, done), response)


def _done(request: Request, kind: EngagementKind, url: str | None = None) -> Engagement:
    return Engagement(
        kind=kind,
        url=url,
        user_agent=request.headers.get("user-agent", "")[:_MAX_USER_AGENT],
        address=address_of(request),
        method=request.method,
    )


async def _after(recording: "asyncio.Future[None]", response: Response) -> Response:
    """The response, as soon as it is recorded, or somebody has waited long enough."""
    _, unfinished = await asyncio.wait({recording}, timeout=PATIENCE)
    if unfinished:
        response.background = BackgroundTask(asyncio.wait, unfinished)
    return response


def _record(
    state: AppState, tenant_id: UUID, execution_id: UUID, engagement: Engagement
) -> "asyncio.Future[None]":
    """Record it, in the background. What fails is logged."""
    at = datetime.now(UTC)

    async def record() -> None:
        async with state.database.transaction(engine(tenant_id)) as session:
            if sent := await find_sent(session, Execution, execution_id):
                await record_engagement(session, sent, engagement, at)

    async def see_to_it() -> None:
        if not await state.limits.hears_engagement(execution_id):
            return
        try:
            async with asyncio.timeout(GIVE_UP):
                await until_through(record)
        except Exception as error:
            _log.error("not recorded", exc_info=error, execution_id=str(execution_id))

    return asyncio.create_task(see_to_it())
