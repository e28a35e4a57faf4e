"""The application: its state, its routes, its errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse

from api import problems
from api.access import SECURITY
from api.body_limit import BodyLimit
from api.document import DocumentedApi, serve_page
from api.limits import RateLimits
from api.routes import (
    campaigns,
    company,
    contacts,
    enrollments,
    health,
    message_templates,
    notifications,
    projects,
    providers,
    sign_in,
    steps,
    tasks,
    unsubscribe,
)
from api.state import AppState
from db.session import Database
from services.links import Links
from services.settings import Settings
from services.temporal import Dispatcher, connect
from services.tokens import Tokens

_NOUNS = (
    campaigns, steps, enrollments, contacts, projects, tasks, notifications, message_templates,
    company, sign_in,
)  # fmt: skip


def create_app(settings: Settings) -> FastAPI:
    """The application, which connects when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url, pool_size=20)
        await database.check()
        client = await connect(lazy=True)
        tokens = Tokens(settings.secret_key)
        app.state.services = AppState(
            settings=settings,
            database=database,
            temporal=client,
            dispatcher=Dispatcher(client, database),
            tokens=tokens,
            links=Links(settings.public_url, tokens),
            limits=RateLimits(),
        )
        yield
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
    for router in (api, providers.router, unsubscribe.router, health.router):
        app.include_router(router)
    app.add_api_route("/", lambda: RedirectResponse("/docs"), include_in_schema=False)
    return app
