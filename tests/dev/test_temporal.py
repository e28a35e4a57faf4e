import asyncio
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from dev.process import Process
from dev.temporal import TemporalDevServer

TENANT = SearchAttributeKey.for_keyword("TenantId")


@workflow.defn(sandboxed=False)
class Patient:
    @workflow.run
    async def run(self) -> str:
        await asyncio.sleep(timedelta(days=14).total_seconds())
        return "two weeks later"


async def test_two_weeks_pass_in_seconds(tmp_path: Path) -> None:
    with TemporalDevServer(tmp_path) as server:
        client = await Client.connect(server.address)
        async with Worker(client, task_queue="test", workflows=[Patient]):
            began = time.monotonic()
            handle = await client.start_workflow(
                Patient.run,
                id=str(uuid4()),
                task_queue="test",
                search_attributes=TypedSearchAttributes([SearchAttributePair(TENANT, "acme")]),
            )
            await TimeSkipper(client).fast_forward(handle, timedelta(days=14))
            assert await handle.result() == "two weeks later"
            assert time.monotonic() - began < 10
        description = await handle.describe()
        assert description.typed_search_attributes[TENANT] == "acme"


async def test_killed_server_still_knows_its_workflows(tmp_path: Path) -> None:
    server = TemporalDevServer(tmp_path, database=tmp_path / "temporal.db")
    process = Process(server.spec, tmp_path)
    process.start()
    try:
        process.wait_until_ready()
        client = await Client.connect(server.address)
        handle = await client.start_workflow(Patient.run, id="patient", task_queue="test")
        process.kill()

        process.start()
        process.wait_until_ready()
        client = await Client.connect(server.address)
        description = await client.get_workflow_handle(handle.id).describe()
        assert description.run_id == handle.first_execution_run_id
    finally:
        process.stop()
