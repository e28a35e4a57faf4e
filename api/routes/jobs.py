"""`/api/jobs`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Caller, Db, TransactionalRoute, not_staff
from api.paging import Wanted
from api.schemas.common import NO_FIELDS
from api.schemas.jobs import JobAnswer, JobErrorList, JobList
from db import rows
from db.jobs import list_errors
from db.jobs import list_jobs as find_jobs
from db.paging import Slice
from db.session import Session
from db.tables import Job
from services.bulk_actions import ACTIONS
from services.jobs import cancel_job as stop_job

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=TransactionalRoute)

_FIRST_ERRORS = Slice(limit=100)


@router.get("")
async def list_jobs(db: Db, wanted: Wanted) -> JobList:
    """The company's jobs."""
    found = await find_jobs(db, wanted)
    return JobList.model_validate({"jobs": found.rows, **found.position})


@router.get("/{job_id}")
async def get_job(db: Db, job_id: UUID) -> JobAnswer:
    """How far a job is, and its first 100 errors."""
    return await answer(db, await rows.find(db, Job, job_id))


@router.get("/{job_id}/errors")
async def list_job_errors(db: Db, wanted: Wanted, job_id: UUID) -> JobErrorList:
    """All that failed in a job."""
    await rows.find(db, Job, job_id)
    found = await list_errors(db, job_id, wanted)
    return JobErrorList.model_validate({"errors": found.rows, **found.position})


@router.post("/{job_id}/cancel", dependencies=[NO_FIELDS])
async def cancel_job(db: Db, caller: Caller, job_id: UUID) -> JobAnswer:
    """Stop a job where it is. What is done stays done; 409 `job_finished` if it is over.

    Staff may stop what staff may begin.
    """
    if (await rows.find(db, Job, job_id)).kind in ACTIONS:
        not_staff(caller)
    return await answer(db, await stop_job(db, job_id))


async def answer(db: Session, job: Job) -> JobAnswer:
    """A job as it is answered."""
    errors = (await list_errors(db, job.id, _FIRST_ERRORS)).rows
    progress = {column.key: getattr(job, column.key) for column in Job.__table__.columns}
    return JobAnswer.model_validate({"job": {**progress, "errors": errors}})
