"""Temporal as the rest of the product sees it: names, the connection, starting and waking workflows.

The database is the truth and is committed first. What cannot be told to Temporal now, because it is down or this
process dies, is written in the rows, and the reconciler tells it within a minute.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    WorkflowExecutionStatus,
)
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from db.enrollments import attempts_under_way, mark_closed, mark_started
from db.session import Database, engine
from domain.plans import QUEUE, AfterCommit, AwaitAttempts, RefreshWorkflow, StartWorkflow

_log = structlog.get_logger(__name__)

ENROLLMENT_WORKFLOW = "EnrollmentWorkflow"
RECONCILE_WORKFLOW = "ReconcileWorkflow"
WORKFLOW_ID_PREFIX = "enrollment-"
RECONCILE_EVERY = timedelta(seconds=30)
RECONCILE_AT_MOST = timedelta(minutes=20)

TENANT_ID = SearchAttributeKey.for_keyword("TenantId")
CAMPAIGN_ID = SearchAttributeKey.for_keyword("CampaignId")
CONTACT_ID = SearchAttributeKey.for_keyword("ContactId")
ENROLLMENT_STATUS = SearchAttributeKey.for_keyword("EnrollmentStatus")

_IN_FLIGHT = 50
_ATTEMPT_POLL = 0.05
PATIENCE = timedelta(seconds=5)
"""For all that a request has to tell, so that it answers though Temporal does not."""


def workflow_id(enrollment_id: UUID) -> str:
    """The id under which operators find an enrollment."""
    return f"{WORKFLOW_ID_PREFIX}{enrollment_id}"


def enrollment_of(workflow_id: str) -> UUID:
    """The enrollment whose workflow has that id."""
    return UUID(workflow_id.removeprefix(WORKFLOW_ID_PREFIX))


async def connect(*, lazy: bool = False) -> Client:
    """Connect as the environment says: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, keys and TLS.

    `lazy` puts it off to the first call, for a process that has work to do without Temporal.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", "localhost:7233")
    return await Client.connect(**config, data_converter=pydantic_data_converter, lazy=lazy)


async def ensure_reconciler(client: Client) -> None:
    """Create the schedule of the reconciler, if it is not there."""
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(
            "reconcile",
            Schedule(
                action=ScheduleActionStartWorkflow(
                    RECONCILE_WORKFLOW,
                    id="reconcile",
                    task_queue=QUEUE,
                    # Rounds do not overlap: one that hangs must not be the last.
                    execution_timeout=RECONCILE_AT_MOST,
                ),
                spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=RECONCILE_EVERY)]),
                policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
            ),
            trigger_immediately=True,
        )


class Dispatcher:
    """Tells Temporal what a transaction has committed."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    async def deliver(
        self,
        tenant_id: UUID,
        messages: Sequence[AfterCommit],
        patience: timedelta | None = PATIENCE,
    ) -> list[UUID]:
        """Start and wake workflows. What fails, or comes too late, is left to the reconciler.

        Returns when no attempt to send is under way where somebody has paused: the enrollments that no
        workflow runs for.
        """
        missing: list[UUID] = []
        to_tell = [each for each in messages if not isinstance(each, AwaitAttempts)]
        try:
            async with asyncio.timeout(patience.total_seconds() if patience else None):
                for first in range(0, len(to_tell), _IN_FLIGHT):
                    missing += await self._tell(tenant_id, to_tell[first : first + _IN_FLIGHT])
        except TimeoutError:
            _log.warning("Temporal is slow, the rest is left to the reconciler")
        for message in messages:
            if isinstance(message, AwaitAttempts):
                await self._await_attempts(tenant_id, message)
        return missing

    async def _tell(
        self, tenant_id: UUID, messages: Sequence[StartWorkflow | RefreshWorkflow]
    ) -> list[UUID]:
        started: list[UUID] = []
        missing: list[UUID] = []

        async def tell(message: StartWorkflow | RefreshWorkflow) -> None:
            try:
                if isinstance(message, StartWorkflow):
                    await self._start(message)
                    started.append(message.start.ref.enrollment_id)
                elif not await self._refresh(message.enrollment_id):
                    missing.append(message.enrollment_id)
            # A client that has never been connected raises the latter.
            except (RPCError, RuntimeError) as error:
                _log.warning("Temporal not told, left to the reconciler", error=str(error))

        await asyncio.gather(*map(tell, messages))
        if started or missing:
            async with self._database.transaction(engine(tenant_id)) as session:
                await mark_started(session, started)
                await mark_closed(session, missing)
        return missing

    async def status(self, enrollment_id: UUID) -> WorkflowExecutionStatus | None:
        """How the enrollment's workflow stands, its latest run; None if Temporal knows none."""
        try:
            handle = self._client.get_workflow_handle(workflow_id(enrollment_id))
            return (await handle.describe()).status
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _start(self, message: StartWorkflow) -> None:
        start = message.start
        attributes: Iterable[SearchAttributePair[str]] = (
            SearchAttributePair(TENANT_ID, str(start.ref.tenant_id)),
            SearchAttributePair(CAMPAIGN_ID, str(message.campaign_id)),
            SearchAttributePair(CONTACT_ID, str(message.contact_id)),
            SearchAttributePair(ENROLLMENT_STATUS, start.plan.status),
        )
        # A start may be delivered twice.
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                ENROLLMENT_WORKFLOW,
                start,
                id=workflow_id(start.ref.enrollment_id),
                task_queue=QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=TypedSearchAttributes(list(attributes)),
                static_summary=start.summary,
            )

    async def _await_attempts(self, tenant_id: UUID, message: AwaitAttempts) -> None:
        """Marks that are older than an attempt can last do not count, so this ends."""
        while True:
            async with self._database.transaction(engine(tenant_id)) as session:
                if not await attempts_under_way(
                    session, message.campaign_id, message.enrollment_id
                ):
                    return
            await asyncio.sleep(_ATTEMPT_POLL)

    async def _refresh(self, enrollment_id: UUID) -> bool:
        """Wake the workflow; False if there is none that runs."""
        try:
            await self._client.get_workflow_handle(workflow_id(enrollment_id)).signal("refresh")
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True
