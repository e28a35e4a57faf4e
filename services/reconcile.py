"""Making good what a crash left undone between the database and Temporal.

| found | done |
| --- | --- |
| a committed enrollment without a workflow | one is started |
| a change that a workflow was not told of | it is told |
| an enrollment that is over, with a workflow | the workflow is told, and ends |
| a workflow that was terminated by hand | its enrollment ends as `manual_remove` |
| a send whose worker died after its enrollment had ended | it is `unknown` |
| counters that are noted | they are folded in |
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus

from db.counters import fold_counters
from db.enrollments import settle_abandoned, undelivered
from db.idempotency import forget_old_keys
from db.session import Database, Session, engine
from db.situations import load_situation
from db.tenants import all_tenants
from domain.enums import ExitReason, StepType
from domain.plans import AfterCommit, RefreshWorkflow, StartWorkflow
from services.enrollments import start_message
from services.temporal import ENROLLMENT_WORKFLOW, TENANT_ID, WORKFLOW_ID_PREFIX, Dispatcher
from services.walk import Walk

_BATCH = 5000
_GRACE = timedelta(seconds=10)
"""What was committed in these last moments is still in the hands of whoever did it."""

_LOOK_BACK = timedelta(days=1)


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

    async def run(self) -> str:
        """Repair everything that is found, and say in words what it was."""
        told = await self._tell_temporal()
        removed = await self._end_terminated()
        async with self._database.gateway() as gateway:
            tenants = await all_tenants(gateway)
        settled = 0
        for tenant_id in tenants:
            async with self._database.transaction(engine(tenant_id)) as session:
                settled += await settle_abandoned(session)
                await fold_counters(session)
                await forget_old_keys(session)
        return f"told Temporal of {told}, ended {removed} as removed, settled {settled} sends"

    async def _tell_temporal(self) -> int:
        async with self._database.gateway() as gateway:
            found = await undelivered(gateway, _BATCH, _GRACE)
        by_tenant: dict[UUID, list[AfterCommit]] = defaultdict(list)
        for row in found:
            if row.unstarted:
                async with self._database.transaction(engine(row.tenant_id)) as session:
                    by_tenant[row.tenant_id].append(
                        await self._start_of(session, row.enrollment_id)
                    )
            else:
                by_tenant[row.tenant_id].append(RefreshWorkflow(row.enrollment_id))
        for tenant_id, messages in by_tenant.items():
            await self._dispatcher.deliver(tenant_id, messages)
        return len(found)

    async def _start_of(self, session: Session, enrollment_id: UUID) -> StartWorkflow:
        situation = await load_situation(session, enrollment_id)
        plan = await Walk(session, situation, datetime.now(UTC), self._rates).plan()
        return start_message(situation, plan)

    async def _end_terminated(self) -> int:
        """End the rows whose workflow an operator has terminated."""
        since = (datetime.now(UTC) - _LOOK_BACK).isoformat()
        query = (
            f"WorkflowType = '{ENROLLMENT_WORKFLOW}' AND CloseTime > '{since}' "
            "AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut')"
        )
        count = 0
        async for workflow in self._client.list_workflows(query):
            tenant = workflow.typed_search_attributes.get(TENANT_ID)
            if tenant is None:
                continue
            enrollment_id = UUID(workflow.id.removeprefix(WORKFLOW_ID_PREFIX))
            failed = workflow.status is not WorkflowExecutionStatus.TERMINATED
            reason = ExitReason.ERROR if failed else ExitReason.MANUAL_REMOVE
            async with self._database.transaction(engine(UUID(tenant))) as session:
                count += await self._end(session, enrollment_id, reason)
        return count

    async def _end(self, session: Session, enrollment_id: UUID, reason: ExitReason) -> bool:
        situation = await load_situation(session, enrollment_id)
        walk = Walk(session, situation, datetime.now(UTC), self._rates)
        if walk.over:
            await walk.plan()
            return False
        await walk.end(reason)
        return True
