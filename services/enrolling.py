"""Letting contacts into a campaign: one, or many in the same few statements."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from db.campaigns import enrolling
from db.counters import total_enrolled
from db.enrolling import (
    enrolled_since,
    hold_contacts,
    insert_enrollments,
    latest_of,
    projects_among,
)
from db.enrollments import LIVE
from db.session import Session
from db.situations import Situation, load_situations
from db.tables import Campaign, Enrollment
from domain.enums import CampaignStatus, EnrollmentSource, StepType
from domain.errors import Conflict, NotFound, Problem
from domain.holdouts import is_held_out
from domain.plans import EnrollmentRef, EnrollmentStart, Plan, StartWorkflow
from services.holdouts import hold_out
from services.walk import Walk

_log = structlog.get_logger(__name__)

MAX_A_DAY = 10
"""Enrollments of a contact in a campaign by its triggers: two that set each other off would not end."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contact that is to be enrolled, and the event and the trigger that brought it, if any."""

    contact_id: UUID
    project_id: UUID | None = None
    trigger_id: UUID | None = None
    event: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who is in, and by contact why the others are not."""

    enrollments: Sequence[Enrollment]
    refused: Mapping[UUID, Problem]


async def enroll(
    session: Session,
    campaign_id: UUID,
    entrant: Entrant,
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
    enrolled = await enroll_many(session, campaign_id, [entrant], source, now, rates)
    for refusal in enrolled.refused.values():
        raise refusal
    return enrolled.enrollments[0]


async def enroll_many(
    session: Session,
    campaign_id: UUID,
    entrants: Sequence[Entrant],
    source: EnrollmentSource,
    now: datetime,
    rates: Mapping[StepType, float],
    *,
    enrolled_by: UUID | None = None,
) -> Enrolled:
    """Enroll those who may be; each of the others is refused for itself. A contact counts once.

    `enrolled_by` is the user who asked for it, where that is not whose transaction it is.

    Raises:
        NotFound: no such campaign.
        Conflict: `campaign_not_active`.
    """
    campaign = await enrolling(session, campaign_id)
    check_active(campaign)
    wanted: dict[UUID, Entrant] = {}
    for entrant in entrants:
        wanted.setdefault(entrant.contact_id, entrant)
    known = await hold_contacts(session, list(wanted))
    latest = await latest_of(session, campaign_id, list(wanted))
    held_out = {each for each in wanted if is_held_out(each, campaign_id, campaign.holdout_percent)}
    refused = await _refusals(session, campaign, wanted, known, latest, held_out, now)
    if source is EnrollmentSource.AUTOMATIC_TRIGGER and campaign.allow_re_enrollment:
        refused |= await _too_often(session, campaign, wanted.keys() - refused.keys(), now)
    rows = {
        contact_id: {
            "campaign_id": campaign_id,
            "contact_id": contact_id,
            "project_id": entrant.project_id,
            "trigger_id": entrant.trigger_id,
            "event": dict(entrant.event),
            "enrollment_source": source,
            "enrolled_by": enrolled_by or session.scope.user_id,
            "enrolled_at": now,
            "waiting_since": now,
            "is_compared": campaign.holdout_percent > 0 and contact_id not in latest,
        }
        for contact_id, entrant in wanted.items()
        if contact_id not in refused
    }
    out = await hold_out(session, [row for each, row in rows.items() if each in held_out], now)
    ids = await insert_enrollments(
        session, [row for each, row in rows.items() if each not in held_out]
    )
    for contact_id in rows.keys() - held_out - ids.keys():
        refused[contact_id] = _already_enrolled()
    return Enrolled([*out, *await _begin(session, list(ids.values()), now, rates)], refused)


def check_active(campaign: Campaign) -> None:
    """Raise Conflict `campaign_not_active` if it takes nobody."""
    if campaign.status != CampaignStatus.ACTIVE:
        raise Conflict("campaign_not_active", f"The campaign is {campaign.status}.")


async def _begin(
    session: Session, enrollment_ids: Sequence[UUID], now: datetime, rates: Mapping[StepType, float]
) -> list[Enrollment]:
    """Let new enrollments wait for the first step, and have their workflows started."""
    crowds: dict[datetime, int] = {}
    walks = [
        Walk(session, situation, now, rates, crowds)
        for situation in await load_situations(session, enrollment_ids)
    ]
    with session.no_autoflush:
        for walk in walks:
            walk.arrive()
    # All of them at once, and before anybody counts who is due together.
    await session.flush()
    for walk in walks:
        session.outbox.append(start_message(walk.situation, await walk.plan()))
    return [walk.enrollment for walk in walks]


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


async def _refusals(
    session: Session,
    campaign: Campaign,
    wanted: Mapping[UUID, Entrant],
    known: Set[UUID],
    latest: Mapping[UUID, Enrollment],
    held_out: Set[UUID],
    now: datetime,
) -> dict[UUID, Problem]:
    """Who may not be enrolled, and why. Who is held out takes no place of `max_enrollments`, but needs a free one."""
    pairs = [(each.project_id, each.contact_id) for each in wanted.values() if each.project_id]
    projects = await projects_among(session, pairs)
    room = None
    if campaign.max_enrollments is not None:
        room = campaign.max_enrollments - await total_enrolled(session, campaign)
    refused: dict[UUID, Problem] = {}
    for contact_id, entrant in wanted.items():
        project = (entrant.project_id, contact_id)
        if contact_id not in known:
            refused[contact_id] = NotFound("There is no such contact.")
        elif entrant.project_id and project not in projects:
            refused[contact_id] = NotFound("The contact has no such project.")
        elif refusal := _refusal(
            campaign, latest.get(contact_id), room, now, held_out=contact_id in held_out
        ):
            refused[contact_id] = refusal
        elif room is not None and contact_id not in held_out:
            room -= 1
    return refused


async def _too_often(
    session: Session, campaign: Campaign, contact_ids: Set[UUID], now: datetime
) -> dict[UUID, Problem]:
    """Whom triggers enroll again and again, because what a campaign does sets it off anew."""
    counts = await enrolled_since(session, campaign.id, list(contact_ids), now - _DAY)
    often = [contact_id for contact_id, count in counts.items() if count >= MAX_A_DAY]
    if often:
        _log.warning("set off too often", campaign=str(campaign.id), contacts=len(often))
    return {
        contact_id: Conflict(
            "re_enrollment_too_soon",
            f"Triggers enroll a contact {MAX_A_DAY} times a day at most.",
            available_at=now + _DAY,
        )
        for contact_id in often
    }


def _refusal(
    campaign: Campaign,
    last: Enrollment | None,
    room: int | None,
    now: datetime,
    *,
    held_out: bool,
) -> Conflict | None:
    if last and last.status in LIVE:
        return _already_enrolled()
    if last and last.is_holdout:
        if held_out:
            return Conflict("already_enrolled", "The contact is held out of this campaign.")
        # It has had nothing of the campaign: once it is held out no more, it comes as if for the first time.
        last = None
    if room is not None and room <= 0:
        return Conflict(
            "max_enrollments_reached", f"The campaign takes {campaign.max_enrollments} enrollments."
        )
    if last is None:
        return None
    if not campaign.allow_re_enrollment:
        return Conflict(
            "re_enrollment_not_allowed", "The contact has been through this campaign already."
        )
    ended = last.completed_at or last.exited_at or last.enrolled_at
    available_at = ended + timedelta(days=campaign.re_enrollment_delay_days or 0)
    if now < available_at:
        return Conflict(
            "re_enrollment_too_soon",
            f"The contact may come back after {campaign.re_enrollment_delay_days} days.",
            available_at=available_at,
        )
    return None


def _already_enrolled() -> Conflict:
    return Conflict("already_enrolled", "The contact is in this campaign.")
