"""Pausing, resuming and ending enrollments."""

from datetime import datetime
from uuid import UUID

from db.endings import end, withdraw
from db.enrollments import LIVE, find_enrollment
from db.session import Session
from db.tables import Enrollment
from domain.enums import EnrollmentStatus, ExitReason
from domain.errors import Conflict
from domain.plans import AwaitAttempts


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
    session.outbox.append(AwaitAttempts(campaign_id, (enrollment_id,)))
    return enrollment


async def resume(
    session: Session, campaign_id: UUID, enrollment_id: UUID, now: datetime
) -> Enrollment:
    """Let a paused enrollment go on; what came due meanwhile is due now."""
    enrollment = await _live(session, campaign_id, enrollment_id)
    if enrollment.status == EnrollmentStatus.PAUSED:
        enrollment.status = EnrollmentStatus.ACTIVE
        enrollment.resumed_at = enrollment.refresh_requested_at = now
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
    session.outbox.append(AwaitAttempts(campaign_id, (enrollment_id,)))
    return enrollment


async def _live(session: Session, campaign_id: UUID, enrollment_id: UUID) -> Enrollment:
    enrollment = await find_enrollment(session, campaign_id, enrollment_id, lock=True)
    if enrollment.status not in LIVE:
        raise is_over(enrollment.status)
    return enrollment


def is_over(status: str) -> Conflict:
    """What is answered to whoever wants to change an enrollment that has ended."""
    return Conflict("enrollment_over", f"The enrollment is over: {status}.")
