"""`/api/campaigns/{id}/enrollments/bulk` and `/actions`: many at once, as jobs."""

from uuid import UUID

from fastapi import APIRouter

from api.access import NOT_STAFF, Db, Now, TransactionalRoute
from api.routes.jobs import answer
from api.schemas.bulk import BulkEnroll, EnrollmentsAction, EnrollPreviewAnswer
from api.schemas.jobs import JobAnswer
from services.bulk_actions import begin_action
from services.bulk_enroll import begin_enrolling, foresee

router = APIRouter(
    prefix="/campaigns/{campaign_id}/enrollments",
    tags=["enrollments"],
    route_class=TransactionalRoute,
)


@router.post("/bulk", status_code=202)
async def enroll_many(db: Db, campaign_id: UUID, body: BulkEnroll) -> JobAnswer:
    """Enroll many contacts, with a job whose errors name those who may not be.

    A filter is asked once, when the job begins. Should the campaign stop being active, those who are left fail with
    `campaign_not_active`.
    """
    return await answer(db, await begin_enrolling(db, campaign_id, body.whom))


@router.post("/bulk/preview")
async def preview_enrolling(
    db: Db, now: Now, campaign_id: UUID, body: BulkEnroll
) -> EnrollPreviewAnswer:
    """What enrolling many contacts would come to, by the rules that the job goes by. Nobody is enrolled."""
    return EnrollPreviewAnswer.of(await foresee(db, campaign_id, body.whom, now))


@router.post("/actions", status_code=202, dependencies=[NOT_STAFF])
async def act_on_many(db: Db, campaign_id: UUID, body: EnrollmentsAction) -> JobAnswer:
    """Pause, resume, end or move many enrollments, with a job whose errors name those that could not be.

    What is `done` holds. The job is completed when Temporal has been told of it, too; when that of a pause or an exit
    is, no message of theirs is on its way any more. A move lets them wait for the step from now on; one to whom a
    message is being sent at this moment fails with `sending_now`.
    """
    job = await begin_action(
        db, campaign_id, body.action, body.whom, step_id=body.step_id, reason=body.reason
    )
    return await answer(db, job)
