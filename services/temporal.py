"""Temporal as the rest of the product sees it: names, the connection, starting and waking workflows.

The database is the truth and is committed first. What cannot be told to Temporal now, because it is down or this
process dies, is written in the rows, and the reconciler tells it within a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import structlog
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
)
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from db.enrollments import attempts_under_way
from db.jobs import mark_jobs_started
from db.left_behind import mark_closed, mark_started
from db.messages import mark_messages_started
from db.session import Database, engine
from domain.plans import (
    QUEUE,
    AfterCommit,
    AwaitAttempts,
    MessageRef,
    RefreshWorkflow,
    StartJob,
    StartMessage,
    StartWorkflow,
)
from services.turns import Lane, turn

_log = structlog.get_logger(__name__)

ENROLLMENT_WORKFLOW = "EnrollmentWorkflow"
MESSAGE_WORKFLOW = "MessageWorkflow"
JOB_WORKFLOW = "JobWorkflow"
WORKFLOW_ID_PREFIX = "enrollment-"

TENANT_ID = SearchAttributeKey.for_keyword("TenantId")
CAMPAIGN_ID = SearchAttributeKey.for_keyword("CampaignId")
CONTACT_ID = SearchAttributeKey.for_keyword("ContactId")
ENROLLMENT_STATUS = SearchAttributeKey.for_keyword("EnrollmentStatus")

_IN_FLIGHT = 100
"""Calls at a time: the next begins when any of them has ended."""

_NOTED_TOGETHER = 1_000
"""Calls after which the rows say what Temporal was told."""

_ATTEMPT_POLL = 0.05
PATIENCE = timedelta(seconds=5)
"""For all that a request has to tell, so that it answers though Temporal does not."""


ENDED_BY_HAND = (WorkflowExecutionStatus.TERMINATED, WorkflowExecutionStatus.CANCELED)
"""How a workflow closes that somebody has ended."""


def workflow_id(enrollment_id: UUID) -> str:
    """The id under which operators find an enrollment."""
    return f"{WORKFLOW_ID_PREFIX}{enrollment_id}"


def message_workflow_id(message_id: UUID) -> str:
    """The id under which operators find a message that a person wrote."""
    return f"message-{message_id}"


def job_workflow_id(job_id: UUID) -> str:
    """The id under which operators find a job."""
    return f"job-{job_id}"


def enrollment_of(workflow_id: str) -> UUID:
    """The enrollment whose workflow has that id."""
    return UUID(workflow_id.removeprefix(WORKFLOW_ID_PREFIX))


def workflow_url(ui_url: str, namespace: str, workflow_id: str) -> str:
    """The workflow's page in the Temporal UI, which knows its runs."""
    return f"{ui_url.rstrip('/')}/namespaces/{quote(namespace, safe='')}/workflows/{workflow_id}"


async def connect(*, lazy: bool = False) -> Client:
    """Connect as the environment says: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, keys and TLS.

    `lazy` puts it off to the first call, for a process that has work to do without Temporal.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", "localhost:7233")
    return await Client.connect(**config, data_converter=pydantic_data_converter, lazy=lazy)


_ToTell = StartWorkflow | RefreshWorkflow | StartMessage | StartJob


def _subject_of(ref: MessageRef) -> str:
    if ref.is_about_account:
        return "a mail about an account"
    return "a message of a test run" if ref.is_test else "a message written by hand"


def _wakes(message: _ToTell) -> bool:
    return isinstance(message, RefreshWorkflow)


async def _some_at_a_time(
    tell: Callable[[_ToTell], Awaitable[None]], messages: Sequence[_ToTell]
) -> None:
    waiting = iter(messages)

    async def one_after_the_other() -> None:
        for message in waiting:
            await tell(message)

    await asyncio.gather(*(one_after_the_other() for _ in messages[:_IN_FLIGHT]))


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
                for first in range(0, len(to_tell), _NOTED_TOGETHER):
                    together = to_tell[first : first + _NOTED_TOGETHER]
                    missing += await self._tell(tenant_id, together)
        except TimeoutError:
            _log.warning("Temporal is slow, the rest is left to the reconciler")
        for message in messages:
            if isinstance(message, AwaitAttempts):
                await self._await_attempts(tenant_id, message)
        return missing

    async def _tell(self, tenant_id: UUID, messages: Sequence[_ToTell]) -> list[UUID]:
        started: list[UUID] = []
        written: list[MessageRef] = []
        jobs: list[UUID] = []
        missing: list[UUID] = []

        async def tell(message: _ToTell) -> None:
            try:
                match message:
                    case StartWorkflow():
                        await self._start_enrollment(message)
                        started.append(message.start.ref.enrollment_id)
                    case StartMessage():
                        await self._start_message(message)
                        written.append(message.start.ref)
                    case StartJob(ref):
                        await self._start_job(message)
                        jobs.append(ref.job_id)
                    case RefreshWorkflow(enrollment_id):
                        if not await self._refresh(enrollment_id):
                            missing.append(enrollment_id)
            # A client that has never been connected raises the latter.
            except (RPCError, RuntimeError) as error:
                _log.warning("Temporal not told, left to the reconciler", error=str(error))

        try:
            # What is started and ended in one transaction must be there to be woken.
            await _some_at_a_time(tell, [each for each in messages if not _wakes(each)])
            await _some_at_a_time(tell, [each for each in messages if _wakes(each)])
        finally:
            # Also of what was told before the time was up.
            if started or written or jobs or missing:
                async with self._database.transaction(engine(tenant_id)) as session:
                    await mark_started(session, started)
                    await mark_messages_started(session, written)
                    await mark_jobs_started(session, jobs)
                    await mark_closed(session, missing)
        return missing

    async def status(self, workflow_id: str) -> WorkflowExecutionStatus | None:
        """How a workflow stands, its latest run; None if Temporal knows none."""
        try:
            return (await self._client.get_workflow_handle(workflow_id).describe()).status
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _start_enrollment(self, message: StartWorkflow) -> None:
        start = message.start
        attributes = {
            TENANT_ID: str(start.ref.tenant_id),
            CAMPAIGN_ID: str(message.campaign_id),
            CONTACT_ID: str(message.contact_id),
            ENROLLMENT_STATUS: start.plan.status,
        }
        await self._start(
            ENROLLMENT_WORKFLOW,
            start,
            workflow_id(start.ref.enrollment_id),
            attributes,
            start.summary,
            turn(start.ref.tenant_id, Lane.ENROLLMENTS),
        )

    async def _start_message(self, message: StartMessage) -> None:
        ref = message.start.ref
        attributes = {TENANT_ID: str(ref.tenant_id)}
        if message.contact_id:
            attributes[CONTACT_ID] = str(message.contact_id)
        await self._start(
            MESSAGE_WORKFLOW,
            message.start,
            message_workflow_id(ref.message_id),
            attributes,
            _subject_of(ref),
            turn(ref.tenant_id, Lane.ACCOUNTS if ref.is_about_account else Lane.MESSAGES),
        )

    async def _start_job(self, message: StartJob) -> None:
        ref = message.ref
        attributes = {TENANT_ID: str(ref.tenant_id)}
        await self._start(
            JOB_WORKFLOW,
            ref,
            job_workflow_id(ref.job_id),
            attributes,
            f"job {message.kind}",
            turn(ref.tenant_id, Lane.JOBS),
        )

    async def _start(
        self,
        workflow: str,
        start: object,
        workflow_id: str,
        attributes: Mapping[SearchAttributeKey[str], str],
        summary: str,
        priority: Priority,
    ) -> None:
        pairs = [SearchAttributePair(key, value) for key, value in attributes.items()]
        # A start may be delivered twice.
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                workflow,
                start,
                id=workflow_id,
                task_queue=QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=TypedSearchAttributes(pairs),
                static_summary=summary,
                priority=priority,
            )

    async def _await_attempts(self, tenant_id: UUID, message: AwaitAttempts) -> None:
        """Marks that are older than an attempt can last do not count, so this ends."""
        while True:
            async with self._database.transaction(engine(tenant_id)) as session:
                if not await attempts_under_way(
                    session, message.campaign_id, message.enrollment_ids
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
