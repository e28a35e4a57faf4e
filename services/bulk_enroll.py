"""Enrolling many: a job, as its contacts and their workflows take longer than a request may."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from db.bulk import collect_contacts
from db.bulk_forecast import Forecast, forecast, found, given, ids_of
from db.campaigns import find_campaign
from db.counters import total_enrolled
from db.session import Session
from db.tables import Job
from domain.conditions import Condition
from domain.enums import EnrollmentSource, StepType
from domain.errors import Conflict, NotFound
from domain.holdouts import is_held_out
from services import bulk
from services.bulk import Bulk, Refusals, Whom, campaign_of, parse_filter
from services.enrolling import Entrant, check_active, enroll_many

KIND: Final = "bulk_enroll"


async def begin_enrolling(session: Session, campaign_id: UUID, whom: Whom) -> Job:
    """Have contacts enrolled once this is committed.

    Raises:
        NotFound: no such campaign.
        Conflict: `campaign_not_active`.
        Invalid: the filter cannot be understood.
    """
    check_active(await find_campaign(session, campaign_id))
    return await bulk.begin(session, KIND, campaign_id, whom)


class BulkEnroll(Bulk):
    """Who may not be enrolled fails alone. So do those who are left when the campaign stops being active."""

    portion_size: ClassVar[int] = 250
    """Temporal takes them in two seconds, long before the reconciler looks for rows without a workflow."""

    def __init__(self, rates: Mapping[StepType, float]) -> None:
        self._rates = rates

    async def collect(self, session: Session, job: Job, condition: Condition, now: datetime) -> int:
        """The contacts that fit."""
        return await collect_contacts(session, job.id, condition, now)

    async def do(self, session: Session, job: Job, ids: Sequence[UUID], now: datetime) -> Refusals:
        """Enroll them, on behalf of whoever asked for the job."""
        try:
            enrolled = await enroll_many(
                session,
                campaign_of(job),
                [Entrant(contact_id) for contact_id in ids],
                EnrollmentSource.BULK_IMPORT,
                now,
                self._rates,
                enrolled_by=job.created_by,
            )
        except (NotFound, Conflict) as refusal:
            return dict.fromkeys(ids, refusal)
        return enrolled.refused


async def foresee(session: Session, campaign_id: UUID, whom: Whom, now: datetime) -> Forecast:
    """What enrolling them would come to at this moment. Raises what `begin_enrolling` raises."""
    campaign = await find_campaign(session, campaign_id)
    check_active(campaign)
    people = found(parse_filter(whom.filter), now) if whom.ids is None else given(whom.ids)
    held_out: list[UUID] = []
    if percent := campaign.holdout_percent:
        # By a hash that PostgreSQL does not have.
        async for ids in ids_of(session, people):
            held_out += [each for each in ids if is_held_out(each, campaign_id, percent)]
    room = None
    if campaign.max_enrollments is not None:
        room = campaign.max_enrollments - await total_enrolled(session, campaign)
    return await forecast(session, campaign, people, held_out, room, now)
