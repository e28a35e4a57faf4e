"""`/api/campaigns/{id}/enrollments`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from api.access import Caller, Db, Now, State, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import NO_FIELDS, Filter
from api.schemas.enrollments import (
    EnrollmentAnswer,
    EnrollmentCreate,
    EnrollmentDetailAnswer,
    EnrollmentExit,
    EnrollmentList,
)
from db.campaigns import find_campaign
from db.company import own_tenant
from db.contacts import find_contacts
from db.enrollments import find_enrollment, timeline
from db.enrollments import list_enrollments as find_enrollments
from db.session import Session
from db.tables import Campaign, Enrollment, Execution
from domain import why
from domain.enums import (
    CampaignStatus,
    EnrollmentSource,
    EnrollmentStatus,
    ExecutionStatus,
    ExitReason,
    StepType,
)
from services import enrolling, enrollments
from services.enrolling import Entrant
from services.temporal import workflow_id

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
    search: Filter | None = None,
) -> EnrollmentList:
    """The enrollments of a campaign; `search` looks into names, e-mail and phone of their contacts."""
    campaign = await find_campaign(db, campaign_id, include_deleted=True)
    found = await find_enrollments(
        db, wanted, campaign_id, status=status, contact_id=contact_id, search=search
    )
    rows = await _shown(db, campaign, found.rows)
    return EnrollmentList.model_validate({"enrollments": rows, **found.position})


@router.post("", status_code=201)
async def enroll(
    db: Db, caller: Caller, state: State, now: Now, campaign_id: UUID, body: EnrollmentCreate
) -> EnrollmentAnswer:
    """Enroll a contact; its workflow starts at once."""
    source = EnrollmentSource.API if caller.by_key else EnrollmentSource.MANUAL_ADMIN
    entrant = Entrant(body.contact_id, body.project_id)
    enrollment = await enrolling.enroll(db, campaign_id, entrant, source, now, state.rates)
    return await _answer(db, enrollment)


@router.get("/{enrollment_id}")
async def get_enrollment(
    db: Db, state: State, campaign_id: UUID, enrollment_id: UUID
) -> EnrollmentDetailAnswer:
    """One enrollment with its timeline."""
    campaign = await find_campaign(db, campaign_id, include_deleted=True)
    enrollment = await find_enrollment(db, campaign_id, enrollment_id)
    executions = await timeline(db, enrollment)
    (shown,) = await _shown(db, campaign, [enrollment])
    for each in executions:
        if each.completed_at is None:
            shown["why"] = why.so_far(shown["why"], each.error_message)
    zone = await _zone(db)
    told = [{**_columns(each), "why": _why(each, shown["why"], zone)} for each in executions]
    # Who is held out has no workflow.
    url = None if enrollment.is_holdout else state.temporal_url(workflow_id(enrollment_id))
    return EnrollmentDetailAnswer.model_validate(
        {"enrollment": {**shown, "executions": told, "temporal_url": url}}
    )


@router.post("/{enrollment_id}/pause", dependencies=[NO_FIELDS])
async def pause(db: Db, now: Now, campaign_id: UUID, enrollment_id: UUID) -> EnrollmentAnswer:
    """Pause; when this is answered, no message goes out any more."""
    enrollment = await enrollments.pause(db, campaign_id, enrollment_id, now)
    return await _answer(db, enrollment)


@router.post("/{enrollment_id}/resume", dependencies=[NO_FIELDS])
async def resume(db: Db, now: Now, campaign_id: UUID, enrollment_id: UUID) -> EnrollmentAnswer:
    """Go on; what came due meanwhile is due now."""
    enrollment = await enrollments.resume(db, campaign_id, enrollment_id, now)
    return await _answer(db, enrollment)


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
    return await _answer(db, enrollment)


async def _answer(db: Session, enrollment: Enrollment) -> EnrollmentAnswer:
    campaign = await find_campaign(db, enrollment.campaign_id, include_deleted=True)
    (shown,) = await _shown(db, campaign, [enrollment])
    return EnrollmentAnswer.model_validate({"enrollment": shown})


async def _zone(db: Session) -> ZoneInfo:
    return ZoneInfo((await own_tenant(db)).timezone)


async def _shown(
    db: Session, campaign: Campaign, enrollments: Sequence[Enrollment]
) -> list[dict[str, Any]]:
    """Enrollments of a campaign as they are answered, with their contacts."""
    contacts = await find_contacts(db, [each.contact_id for each in enrollments])
    zone = await _zone(db)
    return [
        {
            **_columns(each),
            "contact": contacts[each.contact_id],
            "why": _why_it_is_there(campaign, each, zone),
        }
        for each in enrollments
    ]


def _why_it_is_there(campaign: Campaign, enrollment: Enrollment, zone: ZoneInfo) -> str | None:
    """What its row says; a campaign's pause is nowhere in it."""
    reason, due_at = enrollment.exit_reason, enrollment.next_step_scheduled_at
    said = enrollment.why or why.unsaid(
        ExitReason(reason) if reason else None, why.moment(due_at, zone) if due_at else None
    )
    status, of_campaign = EnrollmentStatus(enrollment.status), CampaignStatus(campaign.status)
    return why.of_enrollment(status, of_campaign, said) or None


def _why(execution: Execution, waits: str | None, zone: ZoneInfo) -> str | None:
    """What the visit's row says; if it says nothing, or is not over, what follows from the rest of it."""
    if execution.completed_at is None:
        return waits
    told = execution.why or why.of_step(
        StepType(execution.step_type),
        ExecutionStatus(execution.status),
        execution.result_data or {},
        execution.error_message,
        due=why.moment(execution.scheduled_at, zone),
        now=why.moment(execution.completed_at, zone),
    )
    if execution.bounced_at is None:
        return told
    return why.come_back(told, execution.error_message, at=why.moment(execution.bounced_at, zone))


def _columns(row: Enrollment | Execution) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
