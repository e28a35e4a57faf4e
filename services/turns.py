"""Who is served next where many wait: every company in its turn.

Temporal hands out the waiting tasks of a queue to one fairness key after the other (`matching.enableFairness`). A
key is a company and a lane, so a company's fifty thousand wait for each other, and the single message of another
goes out at its turn, after one of each who wait; a company that is alone has the whole rate of the provider.
Workflow tasks and activities inherit the key from the workflow, and so does a run that continues it as new.

Strictly before all others go the system's own rounds, of which there is one at a time. Nothing else: whoever can
start many of what is served first could keep the others waiting. A lane of its own does as much for what a person waits
for, at the cost of one more share for its company.

What one company may do a second can be limited besides. Such a limit also holds for a company that is alone: by
default only webhooks have one, which have no rate for all.
"""

from enum import StrEnum
from uuid import UUID

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import RateLimit
from temporalio.api.workflowservice.v1 import UpdateTaskQueueConfigRequest
from temporalio.client import Client
from temporalio.common import Priority

BEFORE_ALL = Priority(priority_key=1)
"""For the system's own rounds; the default is 3."""


class Lane(StrEnum):
    """What does not wait for the rest of its company's."""

    ENROLLMENTS = "enrollments"
    MESSAGES = "messages"
    JOBS = "jobs"
    ACCOUNTS = "accounts"


def turn(tenant_id: UUID, lane: Lane) -> Priority:
    """What a workflow is started with; at most 64 bytes of a key are allowed."""
    return Priority(fairness_key=f"{tenant_id}/{lane}")


async def limit_each_company(client: Client, queue: str, rate: float | None) -> None:
    """Let each key have that many activities a second of a queue at most, None as many as there are.

    Temporal remembers it, for all workers of the queue.
    """
    limit = RateLimit(requests_per_second=rate) if rate is not None else None
    await client.workflow_service.update_task_queue_config(
        UpdateTaskQueueConfigRequest(
            namespace=client.namespace,
            identity=client.identity,
            task_queue=queue,
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
            update_fairness_key_rate_limit_default=UpdateTaskQueueConfigRequest.RateLimitUpdate(
                rate_limit=limit, reason="the settings of a worker that has started"
            ),
        ),
        retry=True,
    )
