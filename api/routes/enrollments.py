"""`/api/campaigns/{id}/enrollments`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import Caller, Db, Now, State, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import NO_FIELDS
from api.schemas.enrollments import (
    EnrollmentAnswer,
    EnrollmentCreate,
    EnrollmentDetailAnswer,
    EnrollmentExit,
    EnrollmentList,
)
from db.campaigns import find_campaign
from db.enrollments import find_enrollment, timeline
from db.enrollments import list_enrollments as find_enrollments
from domain.enums import EnrollmentSource, EnrollmentStatus
from services import enrolling, enrollments
from services.enrolling import Entrant

router = APIRouter(
    prefix="/campaigns/{campaign_id}/enrollments",
    tags=["enrollments"],
    route_class=TransactionalRoute,
)

_BY_HAND = EnrollmentExit()


@router.get("")
async def list_enrollments(
    db: Db,
    wanted: Wanted,
    campaign_id: UUID,
    status: EnrollmentStatus | None = None,
    contact_id: UUID | None = None,
) -> EnrollmentList:
    """The enrollments of a campaign."""
    await find_campaign(db, campaign_id, include_deleted=True)
    found = await find_enrollments(db, wanted, campaign_id, status=status, contact_id=contact_id)
    return EnrollmentList.model_validate({"enrollments": found.rows, **found.position})


@router.post("", status_code=201)
async def enroll(
    db: Db, caller: Caller, state: State, now: Now, campaign_id: UUID, body: EnrollmentCreate
) -> EnrollmentAnswer:
    """Enroll a contact; its workflow starts at once."""
    source = EnrollmentSource.API if caller.by_key else EnrollmentSource.MANUAL_ADMIN
    entrant = Entrant(body.contact_id, body.project_id)
    enrollment = await enrolling.enroll(db, campaign_id, entrant, source, now, state.rates)
    return EnrollmentAnswer.model_validate({"enrollment": enrollment})


@router.get("/{enrollment_id}")
async def get_enrollment(db: Db, campaign_id: UUID, enrollment_id: UUID) -> EnrollmentDetailAnswer:
    """One enrollment with its timeline."""
    enrollment = await find_enrollment(db, campaign_id, enrollment_id)
    executions = await timeline(db, enrollment_id)
    columns = {c.key: getattr(enrollment, c.key) for c in enrollment.__table__.columns}
    return EnrollmentDetailAnswer.model_validate(
        {"enrollment": {**columns, "executions": executions}}
    )


@router.post("/{enrollment_id}/pause", dependencies=[NO_FIELDS])
async def pause(db: Db, now: Now, campaign_id: UUID, enrollment_id: UUID) -> EnrollmentAnswer:
    """Pause; when this is answered, no message goes out any more."""
    enrollment = await enrollments.pause(db, campaign_id, enrollment_id, now)
    return EnrollmentAnswer.model_validate({"enrollment": enrollment})


@router.post("/{enrollment_id}/resume", dependencies=[NO_FIELDS])
async def resume(db: Db, now: Now, campaign_id: UUID, enrollment_id: UUID) -> EnrollmentAnswer:
    """Go on; what came due meanwhile is due now."""
    enrollment = await enrollments.resume(db, campaign_id, enrollment_id, now)
    return EnrollmentAnswer.model_validate({"enrollment": enrollment})


@router.post("/{enrollment_id}/exit")
async def exit_enrollment(
    db: Db,
    now: Now,
    campaign_id: UUID,
    enrollment_id: UUID,
    body: EnrollmentExit = _BY_HAND,
) -> EnrollmentAnswer:
    """End the enrollment, as `manual_remove` unless the body gives another reason."""
    enrollment = await enrollments.remove(db, campaign_id, enrollment_id, now, body.reason)
    return EnrollmentAnswer.model_validate({"enrollment": enrollment})
