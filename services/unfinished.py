"""Making good what a crash left undone of jobs.

| found | done |
| --- | --- |
| a committed job without a workflow, or whose workflow Temporal has lost | one is started |
| one whose workflow was terminated or cancelled by hand | it is `cancelled` |
| one whose workflow failed | it has `failed` |
"""

from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus

from db.jobs import OpenJob, hold_job, open_jobs
from db.session import Database, engine
from domain.enums import JobStatus
from domain.plans import JobEnd
from services.isolation import one_failure_is_one
from services.jobs import end_job, start_of
from services.temporal import ENDED_BY_HAND, Dispatcher, job_workflow_id

_SAMPLE = 200
"""Among them are those that run: each round asks for some."""


async def settle_jobs(database: Database, dispatcher: Dispatcher, after: timedelta) -> int:
    """Start or end what was asked for so long ago; how many there were."""
    async with database.gateway() as gateway:
        found = await open_jobs(gateway, _SAMPLE, after)
    settled = 0
    for job in found:
        with one_failure_is_one(job=job.ref.job_id):
            settled += await _settle(database, dispatcher, job)
    return settled


async def _settle(database: Database, dispatcher: Dispatcher, found: OpenJob) -> bool:
    """False where its workflow runs, or has ended it since."""
    ref, status = found.ref, None
    if not found.unstarted:
        status = await dispatcher.status(job_workflow_id(ref.job_id))
        if status is WorkflowExecutionStatus.RUNNING:
            return False
    async with database.transaction(engine(ref.tenant_id)) as session:
        job = await hold_job(session, ref.job_id)
        if job.workflow_status == "closed":
            return False
        if status is None:
            job.workflow_status = "unstarted"
            session.outbox.append(start_of(job))
        elif status in ENDED_BY_HAND:
            await end_job(session, JobEnd(ref, JobStatus.CANCELLED))
        else:
            await end_job(session, JobEnd(ref, JobStatus.FAILED, "its workflow has failed"))
    await dispatcher.deliver(ref.tenant_id, session.outbox, patience=None)
    return True
