"""How fast many are enrolled, paused, resumed and ended: `python -m bench.bulk [contacts]` on a running stack.

The measure of enrolling is a bare loop on the same server: `start_workflow` with the input of as many enrollments'
workflows, 200 calls in flight, for ids that no row has. It writes nothing down. Both end when the server has taken the
last start. They take turns, a part of the contacts each time, so that both find the machine as it is; the bare ones
sleep as the others do, and are terminated when all are in.

An action is over three times: when the rows hold it, when Temporal has been told, which is when its job is completed,
and when every workflow has taken note. Between two measurements the workers finish what the one before has left them.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from bench.spine import EMAIL, campaign
from bench.stack import measure, running_stack
from dev.process import StackError
from domain.enums import EnrollmentStatus
from domain.plans import QUEUE, EnrollmentRef, EnrollmentStart, Plan
from services.temporal import (
    CAMPAIGN_ID,
    CONTACT_ID,
    ENROLLMENT_STATUS,
    ENROLLMENT_WORKFLOW,
    TENANT_ID,
    connect,
    workflow_id,
)
from services.turns import Lane, turn

CONTACTS, ROUNDS, IN_FLIGHT = 10_000, 5, 200
POLL, QUIET = 0.1, 2.0
LATER = timedelta(days=30)

T = TypeVar("T")


async def in_flight(call: Callable[[T], Awaitable[Any]], items: Iterable[T]) -> None:
    """A call for each, so many at a time."""
    waiting = iter(items)

    async def one_after_the_other() -> None:
        for item in waiting:
            await call(item)

    await asyncio.gather(*(one_after_the_other() for _ in range(IN_FLIGHT)))


async def start_bare(client: Client, ids: list[UUID]) -> float:
    """Seconds until the server has taken a workflow for each."""
    tenant_id, campaign_id = uuid4(), str(uuid4())

    async def start(enrollment_id: UUID) -> None:
        plan = Plan(
            EnrollmentStatus.ACTIVE,
            visit=1,
            wake_at=datetime.now(UTC) + LATER,
            label="step 1 send_email",
            why="due in thirty days",
        )
        summary = "Bench: Ann L"
        attributes = {
            TENANT_ID: str(tenant_id),
            CAMPAIGN_ID: campaign_id,
            CONTACT_ID: str(uuid4()),
            ENROLLMENT_STATUS: plan.status,
        }
        pairs = [SearchAttributePair(key, value) for key, value in attributes.items()]
        await client.start_workflow(
            ENROLLMENT_WORKFLOW,
            EnrollmentStart(EnrollmentRef(tenant_id, enrollment_id), plan, summary=summary),
            id=workflow_id(enrollment_id),
            task_queue=QUEUE,
            search_attributes=TypedSearchAttributes(pairs),
            static_summary=summary,
            priority=turn(tenant_id, Lane.ENROLLMENTS),
        )

    began = time.perf_counter()
    await in_flight(start, ids)
    return time.perf_counter() - began


async def terminate(client: Client, ids: list[UUID]) -> None:
    """End those that no row has."""

    async def end(enrollment_id: UUID) -> None:
        await client.get_workflow_handle(workflow_id(enrollment_id)).terminate("measured")

    await in_flight(end, ids)


async def until_quiet(client: Client) -> float:
    """Seconds until the workers have had nothing left to do."""
    began = last_busy = time.perf_counter()
    while (now := time.perf_counter()) - last_busy < QUIET:
        for kind in (
            TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        ):
            described = await client.workflow_service.describe_task_queue(
                DescribeTaskQueueRequest(
                    namespace=client.namespace,
                    task_queue=TaskQueue(name=QUEUE),
                    task_queue_type=kind,
                    report_stats=True,
                )
            )
            if described.stats.approximate_backlog_count:
                last_busy = now
        await asyncio.sleep(POLL)
    return last_busy - began


async def add_contacts(api: httpx.AsyncClient, count: int) -> dict[str, Any]:
    """New contacts, and the filter that finds them."""
    batch = uuid4().hex
    lines = "".join(f"Ann,{batch}.{number}@bench.example\r\n" for number in range(count))
    files = {"file": ("contacts.csv", f"First name,E-mail\r\n{lines}".encode())}
    answer = await api.post("contacts/import", files=files)
    job, _, _ = await finished(api, answer)
    if job["done"] != count:
        raise StackError(f"{job['failed']} contacts could not be made: {job['errors'][:1]}")
    return {"field": "contact.email", "operator": "starts_with", "value": batch}


async def enroll(api: httpx.AsyncClient, path: str, whom: dict[str, Any]) -> float:
    """Seconds until they are enrolled, and their workflows started."""
    job, _, taken = await finished(api, await api.post(f"{path}/bulk", json={"filter": whom}))
    if job["failed"]:
        raise StackError(f"{job['failed']} could not be enrolled: {job['errors'][:1]}")
    return taken


async def finished(
    api: httpx.AsyncClient, answer: httpx.Response
) -> tuple[dict[str, Any], float, float]:
    """The job that was answered, when it is over; seconds until all were through, and until then."""
    began = time.perf_counter()
    answer.raise_for_status()
    job, through = answer.json()["job"], 0.0
    while job["status"] == "running":
        await asyncio.sleep(POLL)
        job = (await api.get(f"jobs/{job['id']}")).json()["job"]
        if not through and 0 < job["total"] == job["done"] + job["failed"]:
            through = time.perf_counter() - began
    return job, through, time.perf_counter() - began


async def measure_enrolling(api: httpx.AsyncClient, client: Client, path: str, count: int) -> None:
    """The bare loop and the product, in turns."""
    bare = [uuid4() for _ in range(count)]
    loop = loop_left = ours = ours_left = 0.0
    for part in range(ROUNDS):
        ids = bare[part::ROUNDS]
        whom = await add_contacts(api, len(ids))
        await until_quiet(client)
        loop += await start_bare(client, ids)
        loop_left += await until_quiet(client)
        ours += await enroll(api, path, whom)
        ours_left += await until_quiet(client)
    print(f"bare loop: {loop:.1f} s, {count / loop:,.0f}/s; first tasks {loop_left:.1f} s more")
    print(f"enroll:    {ours:.1f} s, {count / ours:,.0f}/s; first tasks {ours_left:.1f} s more")
    print(f"           {ours / loop:.2f} times the bare loop")
    await terminate(client, bare)


async def measure_actions(api: httpx.AsyncClient, client: Client, path: str) -> None:
    """All who are enrolled, at once."""
    for action in ("pause", "resume", "exit"):
        body: dict[str, Any] = {"action": action, "filter": {"all": []}}
        job, through, taken = await finished(api, await api.post(f"{path}/actions", json=body))
        left = await until_quiet(client)
        print(
            f"{action + ':':10} {through:.1f} s until the rows hold it, {job['failed']} failed; "
            f"told {taken:.1f} s; all have taken note {left:.1f} s later"
        )


async def main() -> None:
    """Measure the running stack."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS
    async with running_stack() as stack:
        client = await connect()
        step = {**EMAIL, "delay_value": LATER.days, "delay_unit": "days"}
        path = f"campaigns/{await campaign(stack.api, step)}/enrollments"
        await measure_enrolling(stack.api, client, path, count)
        await measure_actions(stack.api, client, path)


if __name__ == "__main__":
    measure(main)
