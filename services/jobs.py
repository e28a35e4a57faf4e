"""Long work with progress, whatever it is about: a row of `jobs`, done portion by portion by its workflow.

A portion is one transaction. It does the work, and moves the job's position on; so whatever crashes, each item is
done once. Whoever cancels waits for the portion that is under way, and none comes after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from db import rows
from db.bulk import delete_items
from db.jobs import ItemError, add_errors, advance, delete_file, finish, hold_job
from db.session import Session
from db.tables import Job
from domain.enums import JobStatus
from domain.errors import Conflict
from domain.plans import JobEnd, JobProgress, JobRef, StartJob


@dataclass(frozen=True, slots=True)
class Portion:
    """What came of a part of a job.

    Attributes:
        position: Where the next portion begins, in the kind's own terms.
        done: Items that went well.
        errors: One for each item that did not.
        last: Whether nothing is left.
    """

    position: int
    done: int
    errors: Sequence[ItemError] = ()
    last: bool = False


class Kind(Protocol):
    """How a kind of job is done."""

    async def portion(self, session: Session, job: Job) -> Portion:
        """Do the items from `job.position` on, some seconds' worth of them.

        An item that cannot be done is an error of its own. What this raises has the portion repeated.
        """
        ...


Kinds = Mapping[str, Kind]


async def create_job(session: Session, kind: str, job_input: Mapping[str, Any]) -> Job:
    """A new job, which starts once this is committed."""
    values = {"kind": kind, "input": job_input, "created_by": session.scope.user_id}
    job = await rows.add(session, Job, values)
    session.outbox.append(start_of(job))
    return job


def start_of(job: Job) -> StartJob:
    """What starts its workflow."""
    return StartJob(JobRef(job.tenant_id, job.id), job.kind)


async def run_portion(session: Session, job_id: UUID, kinds: Kinds) -> JobProgress:
    """Do the next portion of a job, if it is not over, and clean up when it is."""
    job = await hold_job(session, job_id)
    if job.status == JobStatus.RUNNING:
        portion = await kinds[job.kind].portion(session, job)
        await add_errors(session, job.id, portion.errors)
        advance(job, portion.position, portion.done, len(portion.errors))
        if portion.last:
            finish(job, JobStatus.COMPLETED)
    return await _close_if_over(session, job)


async def cancel_job(session: Session, job_id: UUID) -> Job:
    """Let a job stop where it is; what is done stays done.

    Raises:
        NotFound: there is no such job.
        Conflict: `job_finished`.
    """
    job = await hold_job(session, job_id)
    if job.status in (JobStatus.COMPLETED, JobStatus.FAILED):
        raise Conflict("job_finished", f"The job is {job.status}.")
    if job.status == JobStatus.RUNNING:
        finish(job, JobStatus.CANCELLED)
        await session.flush()
        await session.refresh(job)
    return job


async def end_job(session: Session, end: JobEnd) -> JobProgress:
    """End a job that is not through, and that no portion will come to any more."""
    job = await hold_job(session, end.ref.job_id)
    if job.status == JobStatus.RUNNING:
        if end.error:
            await add_errors(session, job.id, [ItemError(0, "job", "internal_error", end.error)])
        finish(job, end.status)
    return await _close_if_over(session, job)


async def _close_if_over(session: Session, job: Job) -> JobProgress:
    progress = JobProgress(job.kind, JobStatus(job.status), job.total, job.done, job.failed)
    if progress.over:
        job.workflow_status = "closed"
        await delete_file(session, job.id)
        await delete_items(session, job.id)
    return progress
