"""The two activities of a job: do a portion, or end it before it is through."""

from temporalio import activity

from activities.heartbeat import see_through
from db.session import Database, engine
from domain.plans import JobEnd, JobProgress, JobRef
from services.jobs import Kinds, end_job, run_portion
from services.temporal import Dispatcher


class JobActivities:
    """Moves jobs on."""

    def __init__(self, database: Database, dispatcher: Dispatcher, kinds: Kinds) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._kinds = kinds

    @activity.defn
    async def run_portion(self, ref: JobRef) -> JobProgress:
        """Do the next portion, in one transaction, and answer how far the job has come."""
        return await see_through(self._run_portion(ref))

    @activity.defn
    async def end_job(self, end: JobEnd) -> JobProgress:
        """End a job that somebody has stopped, or whose portions fail for good."""
        async with self._database.transaction(engine(end.ref.tenant_id)) as session:
            return await end_job(session, end)

    async def _run_portion(self, ref: JobRef) -> JobProgress:
        async with self._database.transaction(engine(ref.tenant_id)) as session:
            progress = await run_portion(session, ref.job_id, self._kinds)
        await self._dispatcher.deliver(ref.tenant_id, session.outbox, patience=None)
        return progress
