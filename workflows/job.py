"""Long work with progress."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows import policies

with workflow.unsafe.imports_passed_through():
    from activities.jobs import JobActivities
    from domain.enums import JobStatus
    from domain.plans import JobEnd, JobProgress, JobRef


@workflow.defn
class JobWorkflow:
    """Has one portion of a job done after the other, until the job is over.

    The row in PostgreSQL knows how far it is. Cancelled by API it is over at the next portion; cancelled here, the
    row is told.
    """

    @workflow.run
    async def run(self, ref: JobRef) -> JobProgress:
        """See the job through."""
        try:
            progress = await self._portion(ref)
            while not progress.over:
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(ref)
                progress = await self._portion(ref)
        except BaseException as error:
            if is_cancelled_exception(error):
                await self._end(JobEnd(ref, JobStatus.CANCELLED))
                raise
            if not isinstance(error, ActivityError):
                raise
            progress = await self._end(JobEnd(ref, JobStatus.FAILED, str(error.cause or error)))
        return progress

    async def _portion(self, ref: JobRef) -> JobProgress:
        progress = await workflow.execute_activity_method(
            JobActivities.run_portion,
            ref,
            start_to_close_timeout=policies.PORTION_ATTEMPT,
            heartbeat_timeout=policies.SILENCE,
            schedule_to_close_timeout=policies.PORTION_IN_ALL,
            retry_policy=policies.BOOKKEEPING_RETRY,
            summary="the next portion",
        )
        _describe(progress)
        return progress

    async def _end(self, end: JobEnd) -> JobProgress:
        progress = await workflow.execute_activity_method(
            JobActivities.end_job,
            end,
            start_to_close_timeout=policies.BOOKKEEPING_ATTEMPT,
            retry_policy=policies.BOOKKEEPING_RETRY,
            summary=f"end it as {end.status}",
        )
        _describe(progress)
        return progress


def _describe(progress: JobProgress) -> None:
    """Say in words what the Temporal UI shows beside a workflow."""
    through = progress.done + progress.failed
    workflow.set_current_details(
        f"**{progress.kind}** {progress.status}: {through:,} of {progress.total:,} through, "
        f"{progress.failed:,} failed"
    )
