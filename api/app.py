"""The application: its state, its routes, its errors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api import problems
from api.access import SECURITY
from api.body_limit import BodyLimit
from api.document import DocumentedApi, serve_page
from api.limits import RateLimits
from api.pages import serve_pages
from api.routes import (
    analytics,
    bulk,
    campaign_templates,
    campaigns,
    company,
    consents,
    contacts,
    conversations,
    enrollments,
    events,
    health,
    imports,
    inbound_texts,
    jobs,
    message_templates,
    messages,
    notifications,
    passwords,
    previews,
    projects,
    resend_webhooks,
    sign_in,
    steps,
    suppressions,
    tasks,
    test_runs,
    tracking,
    triggers,
    twilio_status,
    unsubscribe,
    vocabulary,
)
from api.state import AppState
from db.session import Database
from providers.resend import ResendEmail
from services.links import Links
from services.settings import Settings
from services.temporal import Dispatcher, connect
from services.tokens import Tokens

_NOUNS = (
    campaigns, analytics, campaign_templates, steps, triggers, bulk, enrollments, events, imports, contacts, jobs,
    conversations, messages, consents, suppressions, projects, tasks, notifications, message_templates, company,
    sign_in, passwords, previews, test_runs, vocabulary,
)  # fmt: skip

_TEST_RUNS_AT_ONCE = 2
"""Each keeps the process busy until it is over, and a connection; the others queue, and everybody else goes on."""


def create_app(settings: Settings) -> FastAPI:
    """The application, which connects when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url, pool_size=20)
        await database.check()
        client = await connect(lazy=True)
        tokens = Tokens(settings.secret_key)
        resend = None
        if settings.resend_api_key:
            resend = ResendEmail(settings.resend_api_key, settings.resend_api_url)
        app.state.services = AppState(
            settings=settings,
            database=database,
            temporal=client,
            dispatcher=Dispatcher(client, database),
            tokens=tokens,
            links=Links(settings.public_url, tokens),
            resend=resend,
            limits=RateLimits(),
            test_runs=asyncio.Semaphore(_TEST_RUNS_AT_ONCE),
        )
        yield
        if resend:
            await resend.aclose()
        await database.close()

    app = DocumentedApi(
        title="Campaign Builder",
        description="Marketing automation for roofing companies.",
        version="1",
        lifespan=lifespan,
        responses=problems.RESPONSES,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.add_middleware(BodyLimit)
    serve_page(app)
    api = APIRouter(prefix="/api", dependencies=SECURITY)
    for noun in _NOUNS:
        api.include_router(noun.router)
    open_to_all = (
        twilio_status, resend_webhooks, inbound_texts, tracking, unsubscribe, health,
    )  # fmt: skip
    for router in (api, *(each.router for each in open_to_all)):
        app.include_router(router)
    serve_pages(app, settings.web_dist)
    return app
