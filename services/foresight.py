"""What an edit of steps would do to those who are on their way, said before it is saved.

The edit is made and taken back at once, and nobody is woken. It does without the lock of the campaign: whoever moves on
there does not wait for a preview, nor a preview for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.campaigns import find_campaign
from db.company import own_tenant
from db.delays import Turn, Zone, count_come_due, zone_of_contact
from db.session import Session, trial
from db.steps import count_waiting
from db.tables import Campaign
from domain.calendar import BusinessHours
from domain.detours import who_gets, who_misses
from services.building import refuse_archived
from services.steps import Edit, Make, check_runs


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of the enrollments that are not over.

    Attributes:
        waiting: Wait where the edit is about: at the step that is changed or deleted, at those that change places.
        due_now: Of these, would be due at once, and are not now. What reaches a person still waits for its window,
            and in a paused campaign everything for its resume. Who is paused does not count.
        will_get: May come to the step that is new.
        will_miss: Would not come any more to a step that they might have come to.
    """

    waiting: int
    due_now: int
    will_get: int
    will_miss: int


async def foresee(
    session: Session, campaign_id: UUID, make: Make, now: datetime
) -> tuple[Edit, Effect]:
    """Make an edit, take it back, and tell what it would have done. Raises what `steps.carry_out` raises."""
    campaign = await find_campaign(session, campaign_id)
    refuse_archived(campaign)
    async with trial(session) as inside:
        same = await find_campaign(inside, campaign_id)
        edit = await make(inside, same)
        await check_runs(inside, same)
    waiting = await count_waiting(session, [step.id for step in edit.before.steps])
    return edit, Effect(
        waiting=sum(waiting.get(step_id, 0) for step_id in edit.concerned),
        due_now=await count_come_due(
            session, list(_turns(edit)), await _zone(session, campaign), now
        ),
        will_get=who_gets(edit.before, edit.after, waiting),
        will_miss=who_misses(edit.before, edit.after, waiting),
    )


def _turns(edit: Edit) -> Iterator[Turn]:
    """What those wait for who plan anew. One to whom nothing is left is over, and not due."""
    for step_id in edit.replanned:
        was, now = edit.before.at(step_id), edit.after.at(step_id)
        if then := edit.after.at_or_after(now):
            is_same = then.id == was.id and then.step_type == was.step_type
            yield Turn(at=was, then=then, was=was if is_same else None)


async def _zone(session: Session, campaign: Campaign) -> Zone:
    """The zone in which the campaign's days are counted: see `domain.calendar.schedule_zone`."""
    tenants = (await own_tenant(session)).timezone
    hours = campaign.business_hours
    named = BusinessHours.model_validate(hours).timezone if hours else None
    return zone_of_contact(tenants) if named == "contact" else named or tenants
