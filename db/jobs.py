"""Statements about jobs: how far they have come, what failed in them, and their files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.lists import among
from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Job, JobError, JobFile
from domain.enums import JobStatus
from domain.errors import Invalid, NotFound
from domain.plans import JobRef


@dataclass(frozen=True, slots=True)
class ItemError:
    """What one item of a job failed with.

    Attributes:
        number: Its place in the job; each has one of its own.
        item: What it is called: the line of a file, the id of a contact.
        code: For programs.
        detail: For people.
    """

    number: int
    item: str
    code: str
    detail: str


async def hold_job(session: Session, job_id: UUID) -> Job:
    """A job, held until the end of the transaction. Raises NotFound."""
    job = await session.get(Job, job_id, with_for_update={"key_share": True})
    if job is None:
        raise NotFound("There is no such job.")
    return job


def advance(job: Job, position: int, done: int, failed: int) -> None:
    """Note on a job that is held that it has come so far."""
    job.position = position
    job.done += done
    job.failed += failed
    job.updated_at = func.now()


def finish(job: Job, status: JobStatus) -> None:
    """Note on a job that is held that it is over."""
    job.status = status
    job.updated_at = job.finished_at = func.now()


async def set_total(session: Session, job: Job, total: int) -> None:
    """Note how many items a new job has."""
    job.total = total
    await session.flush()


async def list_jobs(session: Session, wanted: Slice) -> Page[Job]:
    """The company's jobs, newest first."""
    return await page(session, select(Job), wanted, Job.created_at, Job.id)


async def add_errors(session: Session, job_id: UUID, errors: Iterable[ItemError]) -> None:
    """Note what failed."""
    rows = [
        {
            "tenant_id": session.scope.tenant_id,
            "job_id": job_id,
            "number": error.number,
            "subject": error.item,
            "code": error.code,
            "detail": error.detail,
        }
        for error in errors
    ]
    if rows:
        await session.execute(insert(JobError), rows)


async def list_errors(session: Session, job_id: UUID, wanted: Slice) -> Page[JobError]:
    """What failed in a job, in its order. Raises Invalid for a cursor that is not one of ours."""
    of_job = JobError.job_id == job_id
    total = await session.scalar(select(func.count()).select_from(JobError).where(of_job))
    query = select(JobError).where(of_job).order_by(JobError.number).limit(wanted.limit + 1)
    if wanted.cursor is None:
        query = query.offset(wanted.offset)
    elif wanted.cursor.isdecimal() and wanted.cursor.isascii() and len(wanted.cursor) < 19:
        query = query.where(JobError.number > int(wanted.cursor))
    else:
        raise Invalid.field("cursor", "is not a cursor of this list")
    found = (await session.scalars(query)).all()
    rows = found[: wanted.limit]
    cursor = str(rows[-1].number) if len(found) > wanted.limit else None
    return Page(rows, total or 0, wanted.limit, wanted.offset, cursor)


async def add_piece(session: Session, job_id: UUID, number: int, data: bytes) -> None:
    """Keep a piece of an uploaded file."""
    await session.execute(
        insert(JobFile).values(
            tenant_id=session.scope.tenant_id, job_id=job_id, number=number, data=data
        )
    )


async def read_piece(session: Session, job_id: UUID, number: int) -> bytes | None:
    """A piece of the job's file; None after the last."""
    return await session.scalar(
        select(JobFile.data).where(JobFile.job_id == job_id, JobFile.number == number)
    )


async def delete_file(session: Session, job_id: UUID) -> None:
    """The job is over, and with it what was uploaded for it."""
    await session.execute(delete(JobFile).where(JobFile.job_id == job_id))


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that counts on a workflow; `unstarted`: one that has none yet."""

    ref: JobRef
    unstarted: bool


async def open_jobs(gateway: AsyncSession, limit: int, after: timedelta) -> list[OpenJob]:
    """Some of the jobs that were asked for so long ago and whose workflow has not ended."""
    rows = await gateway.execute(
        select(Job.tenant_id, Job.id, Job.workflow_status == "unstarted")
        .where(Job.workflow_status != "closed", Job.created_at < func.now() - after)
        .order_by(func.random())
        .limit(limit)
    )
    return [OpenJob(JobRef(tenant_id, job_id), unstarted) for tenant_id, job_id, unstarted in rows]


async def mark_jobs_started(session: Session, job_ids: Sequence[UUID]) -> None:
    """Note that these have a workflow."""
    if job_ids:
        await session.execute(
            update(Job)
            .where(among(Job.id, job_ids), Job.workflow_status == "unstarted")
            .values(workflow_status="running")
            .execution_options(synchronize_session=False)
        )
