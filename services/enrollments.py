"""Enrolling contacts, and pausing, resuming and ending their enrollments."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from db.campaigns import enrolling
from db.contacts import hold_contact
from db.counters import total_enrolled
from db.crm import has_project
from db.enrollments import LIVE, find_enrollment, insert_enrollment, latest_of, withdraw
from db.session import Session
from db.situations import Situation, load_situation
from db.tables import Campaign, Enrollment
from domain.enums import (
    CampaignStatus,
    EnrollmentSource,
    EnrollmentStatus,
    ExitReason,
    StepType,
)
from domain.errors import Conflict, NotFound
from domain.plans import (
    AwaitAttempts,
    EnrollmentRef,
    EnrollmentStart,
    Plan,
    StartWorkflow,
)
from services.walk import Walk, end


def start_message(situation: Situation, plan: Plan) -> StartWorkflow:
    """What Temporal is told of an enrollment. The summary is all it learns about the person."""
    enrollment, contact = situation.enrollment, situation.contact
    name = " ".join(part for part in (contact.first_name, (contact.last_name or "")[:1]) if part)
    summary = f"{situation.campaign.name}: {name or 'a contact without a name'}"[:200]
    ref = EnrollmentRef(enrollment.tenant_id, enrollment.id)
    return StartWorkflow(
        EnrollmentStart(ref, plan, summary=summary),
        campaign_id=enrollment.campaign_id,
        contact_id=enrollment.contact_id,
    )


async def enroll(
    session: Session,
    campaign_id: UUID,
    contact_id: UUID,
    project_id: UUID | None,
    source: EnrollmentSource,
    now: datetime,
    rates: Mapping[StepType, float],
) -> Enrollment:
    """Enroll a contact, and let its enrollment wait for the first step.

    Raises:
        NotFound: no such campaign, contact or project.
        Conflict: `campaign_not_active`, `already_enrolled`, `max_enrollments_reached`,
            `re_enrollment_not_allowed`, `re_enrollment_too_soon` (with `available_at`).
    """
    campaign = await enrolling(session, campaign_id)
    await hold_contact(session, contact_id)
    if project_id and not await has_project(session, project_id, contact_id):
        raise NotFound("The contact has no such project.")
    await _check_rules(session, campaign, contact_id, now)
    enrollment_id = await insert_enrollment(
        session,
        {
            "campaign_id": campaign_id,
            "contact_id": contact_id,
            "project_id": project_id,
            "enrollment_source": source,
            "enrolled_by": session.scope.user_id,
            "enrolled_at": now,
            "waiting_since": now,
        },
    )
    if enrollment_id is None:
        raise _already_enrolled()
    situation = await load_situation(session, enrollment_id)
    plan = await Walk(session, situation, now, rates).begin()
    session.outbox.append(start_message(situation, plan))
    return situation.enrollment


async def pause(
    session: Session, campaign_id: UUID, enrollment_id: UUID, now: datetime
) -> Enrollment:
    """Pause an enrollment; one that is paused stays so."""
    enrollment = await _live(session, campaign_id, enrollment_id)
    if enrollment.status == EnrollmentStatus.ACTIVE:
        enrollment.status = EnrollmentStatus.PAUSED
        enrollment.refresh_requested_at = now
        session.wake([enrollment_id])
    # Also where it was paused: whoever asks again wants to know that nothing goes out.
    session.outbox.append(AwaitAttempts(campaign_id, enrollment_id))
    return enrollment


async def resume(
    session: Session, campaign_id: UUID, enrollment_id: UUID, now: datetime
) -> Enrollment:
    """Let a paused enrollment go on; what came due meanwhile is due now."""
    enrollment = await _live(session, campaign_id, enrollment_id)
    if enrollment.status == EnrollmentStatus.PAUSED:
        enrollment.status = EnrollmentStatus.ACTIVE
        enrollment.refresh_requested_at = now
        session.wake([enrollment_id])
    return enrollment


async def remove(
    session: Session,
    campaign_id: UUID,
    enrollment_id: UUID,
    now: datetime,
    reason: ExitReason = ExitReason.MANUAL_REMOVE,
) -> Enrollment:
    """End an enrollment by hand."""
    enrollment = await _live(session, campaign_id, enrollment_id)
    end(enrollment, reason, now)
    await withdraw(session, [enrollment_id], now)
    session.wake([enrollment_id])
    session.outbox.append(AwaitAttempts(campaign_id, enrollment_id))
    return enrollment


async def _live(session: Session, campaign_id: UUID, enrollment_id: UUID) -> Enrollment:
    enrollment = await find_enrollment(session, campaign_id, enrollment_id, lock=True)
    if enrollment.status not in LIVE:
        raise Conflict("enrollment_over", f"The enrollment is over: {enrollment.status}.")
    return enrollment


async def _check_rules(
    session: Session, campaign: Campaign, contact_id: UUID, now: datetime
) -> None:
    if campaign.status != CampaignStatus.ACTIVE:
        raise Conflict("campaign_not_active", f"The campaign is {campaign.status}.")
    last = await latest_of(session, campaign.id, contact_id)
    if last and last.status in LIVE:
        raise _already_enrolled()
    if (
        campaign.max_enrollments is not None
        and await total_enrolled(session, campaign) >= campaign.max_enrollments
    ):
        raise Conflict(
            "max_enrollments_reached", f"The campaign takes {campaign.max_enrollments} enrollments."
        )
    if last is None:
        return
    if not campaign.allow_re_enrollment:
        raise Conflict(
            "re_enrollment_not_allowed", "The contact has been through this campaign already."
        )
    ended = last.completed_at or last.exited_at or last.enrolled_at
    available_at = ended + timedelta(days=campaign.re_enrollment_delay_days or 0)
    if now < available_at:
        raise Conflict(
            "re_enrollment_too_soon",
            f"The contact may come back after {campaign.re_enrollment_delay_days} days.",
            available_at=available_at,
        )


def _already_enrolled() -> Conflict:
    return Conflict("already_enrolled", "The contact is in this campaign.")
