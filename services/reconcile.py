"""Making good what a crash left undone between the database and Temporal.

| found | done |
| --- | --- |
| a committed enrollment without a workflow | one is started |
| an overdue enrollment whose workflow Temporal has lost | one is started |
| a change that a workflow was not told of | it is told |
| an enrollment that is over, with a workflow | the workflow is told, and ends |
| a workflow that was terminated by hand | its enrollment ends as `manual_remove` |
| a workflow that failed, or timed out | its enrollment ends as `error` |
| a send whose worker died after its enrollment had ended | it is `unknown` |
| a message written by hand, or about an account, without a workflow | services/unsent.py |
| a job without a workflow | services/unfinished.py |
| counters and analytics that are noted | they are folded in |
| a test of variants that has a winner, and is to choose it | all get it: services/experiments.py |
| a campaign in which nobody moves on though it is time | its admins are told: services/safety.py |
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus

from db.counters import fold_counters
from db.left_behind import (
    Undelivered,
    mark_unstarted,
    overdue,
    settle_abandoned,
    still_open,
    tenants_with_leftovers,
    undelivered,
)
from db.session import Database, Session, engine
from db.situations import load_situation
from domain.enums import ExitReason, StepType
from domain.plans import AfterCommit, RefreshWorkflow
from services.enrolling import start_message
from services.experiments import choose_winners
from services.housekeeping import keep_house
from services.isolation import one_failure_is_one
from services.rollup import fold
from services.safety import tell_of_stalls
from services.temporal import (
    ENDED_BY_HAND,
    ENROLLMENT_WORKFLOW,
    TENANT_ID,
    Dispatcher,
    enrollment_of,
    workflow_id,
)
from services.unfinished import settle_jobs
from services.unsent import settle_messages
from services.walk import Walk

_BATCH = 5000
_GRACE = timedelta(seconds=10)
"""What was committed in these last moments is still in the hands of whoever did it."""

_OVERDUE = timedelta(minutes=2)
_SAMPLE = 200
"""Overdue are also those that wait for a provider's rate: each round asks for some of them."""

_LOOK_BACK = timedelta(days=30)
"""How far the first round looks back for terminated workflows; the others look back to the one before."""

_HOUSEKEEPING = timedelta(hours=1)

_OVERLAP = timedelta(minutes=5)
"""What Temporal's list of workflows may lag behind."""


class Reconciler:
    """One round of repairs over all tenants."""

    def __init__(
        self,
        database: Database,
        client: Client,
        dispatcher: Dispatcher,
        rates: Mapping[StepType, float],
    ) -> None:
        self._database = database
        self._client = client
        self._dispatcher = dispatcher
        self._rates = rates
        self._since = datetime.now(UTC) - _LOOK_BACK
        self._keep_house_at = datetime.now(UTC) + _HOUSEKEEPING

    async def run(self) -> str:
        """Repair everything that is found, and say in words what it was."""
        lost = await self._find_lost()
        told = await self._tell_temporal()
        removed = await self._end_terminated()
        messages = await settle_messages(self._database, self._dispatcher, _GRACE, _OVERDUE)
        jobs = await settle_jobs(self._database, self._dispatcher, _GRACE)
        stalled = await tell_of_stalls(self._database)
        if datetime.now(UTC) >= self._keep_house_at:
            self._keep_house_at += _HOUSEKEEPING
            await keep_house(self._database)
        async with self._database.gateway() as gateway:
            tenants = await tenants_with_leftovers(gateway)
        settled = won = 0
        for tenant_id in tenants:
            with one_failure_is_one(tenant=tenant_id):
                async with self._database.transaction(engine(tenant_id)) as session:
                    settled += await settle_abandoned(session)
                    await fold_counters(session)
        for tenant_id in await fold(self._database):
            with one_failure_is_one(tenant=tenant_id):
                async with self._database.transaction(engine(tenant_id)) as session:
                    won += await choose_winners(session, datetime.now(UTC))
        return (
            f"found {lost} lost, told Temporal of {told}, ended {removed} without one, "
            f"settled {settled} sends, {messages} messages and {jobs} jobs, "
            f"told admins of {stalled} stalled campaigns, chose {won} variants"
        )

    async def _find_lost(self) -> int:
        """Overdue enrollments: what Temporal does not know is started, what it has closed is ended."""
        async with self._database.gateway() as gateway:
            rows = await overdue(gateway, _SAMPLE, _OVERDUE)
        lost = 0
        for row in rows:
            with one_failure_is_one(tenant=row.tenant_id, enrollment=row.enrollment_id):
                lost += await self._settle(row.tenant_id, row.enrollment_id)
        return lost

    async def _settle(self, tenant_id: UUID, enrollment_id: UUID) -> bool:
        """Make good that no workflow runs for an enrollment; False if one does, or if it is over."""
        status = await self._dispatcher.status(workflow_id(enrollment_id))
        if status is WorkflowExecutionStatus.RUNNING:
            return False
        async with self._database.transaction(engine(tenant_id)) as session:
            if not await still_open(session, [enrollment_id]):
                return False
            if status is None:
                await mark_unstarted(session, enrollment_id)
            else:
                await self._end(session, enrollment_id, _why(status))
        return True

    async def _tell_temporal(self) -> int:
        async with self._database.gateway() as gateway:
            found = await undelivered(gateway, _BATCH, _GRACE)
        by_tenant: dict[UUID, list[Undelivered]] = defaultdict(list)
        for row in found:
            by_tenant[row.tenant_id].append(row)
        # The few of one company do not wait for the many of another.
        for tenant_id, rows in sorted(by_tenant.items(), key=lambda each: len(each[1])):
            await self._tell_of(tenant_id, rows)
        return len(found)

    async def _tell_of(self, tenant_id: UUID, rows: Sequence[Undelivered]) -> None:
        messages: list[AfterCommit] = []
        for row in rows:
            with one_failure_is_one(tenant=tenant_id, enrollment=row.enrollment_id):
                messages.append(await self._message_for(row))
        for enrollment_id in await self._dispatcher.deliver(tenant_id, messages, patience=None):
            with one_failure_is_one(tenant=tenant_id, enrollment=enrollment_id):
                await self._settle(tenant_id, enrollment_id)

    async def _message_for(self, row: Undelivered) -> AfterCommit:
        if not row.unstarted:
            return RefreshWorkflow(row.enrollment_id)
        async with self._database.transaction(engine(row.tenant_id)) as session:
            situation = await load_situation(session, row.enrollment_id)
            plan = await Walk(session, situation, datetime.now(UTC), self._rates).plan()
            return start_message(situation, plan)

    async def _end_terminated(self) -> int:
        """End the rows whose workflow an operator has terminated, or which failed for good."""
        now = datetime.now(UTC)
        query = (
            f"WorkflowType = '{ENROLLMENT_WORKFLOW}' AND CloseTime > '{self._since.isoformat()}' "
            "AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut')"
        )
        closed: dict[UUID, list[UUID]] = defaultdict(list)
        async for workflow in self._client.list_workflows(query):
            if tenant := workflow.typed_search_attributes.get(TENANT_ID):
                with one_failure_is_one(workflow=workflow.id):
                    closed[UUID(tenant)].append(enrollment_of(workflow.id))
        count = 0
        for tenant_id, enrollment_ids in closed.items():
            async with self._database.transaction(engine(tenant_id)) as session:
                found = await still_open(session, enrollment_ids)
            for enrollment_id in found:
                with one_failure_is_one(tenant=tenant_id, enrollment=enrollment_id):
                    # A workflow that was reset by hand has a terminated run, and one that goes on.
                    count += await self._settle(tenant_id, enrollment_id)
        self._since = now - _OVERLAP
        return count

    async def _end(self, session: Session, enrollment_id: UUID, reason: ExitReason) -> None:
        situation = await load_situation(session, enrollment_id)
        walk = Walk(session, situation, datetime.now(UTC), self._rates)
        await (walk.plan() if walk.over else walk.end(reason))


def _why(status: WorkflowExecutionStatus) -> ExitReason:
    """What a workflow that closed before its enrollment says of it."""
    return ExitReason.MANUAL_REMOVE if status in ENDED_BY_HAND else ExitReason.ERROR
