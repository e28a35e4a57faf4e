"""The real servers, once for all tests: PostgreSQL, Temporal, the provider sandbox, API and worker."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing

import asyncpg
import httpx
import pytest
import uvicorn
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from api.app import create_app
from db.migrate import migrate
from db.session import Database
from dev.postgres import EmbeddedPostgres
from dev.sandbox import Homeowner, Product, Store, create_sandbox
from dev.temporal import TemporalDevServer
from services.logs import configure_logs
from services.settings import Settings
from services.temporal import connect
from tests.world import World, create_world, sender
from worker import run_workers

# As in every process of the product; structlog's default draws an error's local variables, for minutes.
configure_logs()

LASTING = {"frontend.keepAliveMaxConnectionAge": '"24h"'}
"""Temporal closes a connection after five minutes, and a call of a test that is under way then would fail."""

ACCOUNT_SID = "AC" + "1" * 32


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("data") / "postgres", durable=False)
    with server:
        yield server.url


@pytest.fixture(scope="session")
def temporal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = TemporalDevServer(
        tmp_path_factory.mktemp("temporal"),
        dynamic_config={**LASTING, "limit.historyCount.suggestContinueAsNew": "200"},
    )
    with server:
        yield server.address


@pytest.fixture(scope="session")
def sandbox_store() -> Iterator[Store]:
    with closing(Store(None)) as store:
        yield store


@pytest.fixture(scope="session")
async def sandbox_url(sandbox_store: Store) -> AsyncIterator[str]:
    async with serve(create_sandbox(sandbox_store)) as url:
        yield url


@pytest.fixture(scope="session")
async def settings(
    postgres_url: str, temporal_address: str, sandbox_url: str
) -> AsyncIterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEMPORAL_ADDRESS", temporal_address)
        for name in ("TWILIO_EDGE", "TWILIO_REGION"):
            patch.delenv(name, raising=False)
        await migrate(postgres_url)
        yield Settings(
            database_url=postgres_url,
            campaigns_env="development",
            secret_key="a secret that only the tests know",
            public_url="http://campaigns.test",
            webhook_allow_hosts=sandbox_url.removeprefix("http://"),
            resend_api_key="re_test",
            resend_from_email="hello@roofing.example",
            resend_api_url=f"{sandbox_url}/resend",
            resend_rate_per_second=1000,
            resend_webhook_secret="whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZSB0ZXN0cw==",
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token="the auth token of the tests",
            twilio_phone_number="+13035550100",
            twilio_api_url=f"{sandbox_url}/twilio",
            twilio_rate_per_second=1000,
        )


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def temporal(settings: Settings) -> Client:
    return await connect()


@pytest.fixture(scope="session")
async def api(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://campaigns.test"
        ) as client,
    ):
        yield client


@pytest.fixture(scope="session")
async def worker(settings: Settings, temporal: Client, database: Database) -> AsyncIterator[None]:
    await clear_away(settings.database_url, temporal)
    stop = asyncio.Event()
    running = asyncio.create_task(run_workers(settings, temporal, database, stop))
    yield
    stop.set()
    await running


@pytest.fixture(scope="session")
def homeowner(settings: Settings, api: httpx.AsyncClient, sandbox_store: Store) -> Homeowner:
    """Whoever the sandbox's messages reach; what they do comes to the API."""
    product = Product(
        public_url=settings.public_url,
        resend_webhook_secret=settings.resend_webhook_secret,
        twilio_auth_token=settings.twilio_auth_token,
        twilio_account_sid=settings.twilio_account_sid,
    )
    return Homeowner(product, sandbox_store, sender(api))


@pytest.fixture
async def world(
    api: httpx.AsyncClient,
    temporal: Client,
    sandbox_url: str,
    database: Database,
    worker: None,
    homeowner: Homeowner,
) -> AsyncIterator[World]:
    async with httpx.AsyncClient(base_url=sandbox_url) as sandbox:
        world = await create_world(api, temporal, sandbox, database)
        world.homeowner = homeowner
        yield world


async def clear_away(database_url: str, temporal: Client) -> None:
    """Forget all companies: the work that tests without a worker have left would come upon the first with one."""
    connection = await asyncpg.connect(database_url)
    # Notes of what changed refer to nothing.
    await connection.execute("truncate tenants, analytics_deltas, counter_deltas cascade")
    await connection.close()
    left = [each async for each in temporal.list_workflows("ExecutionStatus = 'Running'")]
    await asyncio.gather(
        *(
            temporal.workflow_service.delete_workflow_execution(
                DeleteWorkflowExecutionRequest(
                    namespace=temporal.namespace,
                    workflow_execution=WorkflowExecution(workflow_id=each.id, run_id=each.run_id),
                )
            )
            for each in left
        )
    )


@asynccontextmanager
async def serve(app: object) -> AsyncIterator[str]:
    """Run an application on a free port, and answer its URL."""
    # A client may send at the moment at which an idle connection is closed: so none is.
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        port=0,
        log_level="critical",
        access_log=False,
        timeout_keep_alive=600,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running
