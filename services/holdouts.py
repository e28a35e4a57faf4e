"""Holding contacts out of a campaign, and what they did all the same.

A contact is held out by a hash of its id and the campaign's, so always or never. Its enrollment says so, and is over as
soon as it is made: it sends nothing, has no workflow, and takes no place of `max_enrollments`.

Both sides are measured alike, whoever touched them last: the campaign's goal, and what deals brought in, within the
attribution window after the contact was enrolled. Each contact counts once, with its first enrollment in the campaign,
if that was made while the campaign held some out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from db.enrolling import insert_enrollments
from db.holdouts import Result, achieved_by, find_held_out, note_results
from db.session import Session
from db.tables import Enrollment, Event, Tenant
from domain.analytics import Totals
from domain.enums import EnrollmentStatus, ExitReason
from domain.events import DEAL_WON, goal_of
from domain.holdouts import Arm, Comparison, HoldoutReport
from domain.periods import Period
from domain.why import ENDED
from services.revenue import amount_of, is_late


async def hold_out(
    session: Session, enrollments: Sequence[Mapping[str, Any]], now: datetime
) -> Sequence[Enrollment]:
    """Enroll contacts that are held out: the enrollments are over as soon as they are made."""
    if not enrollments:
        return []
    over = {
        "is_holdout": True,
        "status": EnrollmentStatus.EXITED,
        "exit_reason": ExitReason.HELD_OUT,
        "exited_at": now,
        "workflow_status": "closed",
        "why": ENDED[ExitReason.HELD_OUT],
    }
    ids = await insert_enrollments(session, [{**each, **over} for each in enrollments])
    return await find_held_out(session, list(ids.values()))


async def note_what_they_did(session: Session, events: Sequence[Event], tenant: Tenant) -> None:
    """Keep goals and revenue of contacts that are compared, held out or not."""
    if results := list(_results(events, tenant)):
        await note_results(session, results, tenant.attribution_days)


async def report_on_holdout(
    session: Session, campaign_id: UUID, period: Period, total: Totals
) -> HoldoutReport | None:
    """The comparison of those enrolled in the period, of whom `total` has the number; None if none are compared."""
    if not total.compared and not total.held_out:
        return None
    done = await achieved_by(session, campaign_id, period.starts_at, period.ends_at)

    def arm(enrolled: int, *, is_holdout: bool) -> Arm:
        achieved, revenue = done.get(is_holdout, (0, Decimal("0.00")))
        # Since the total was read somebody may have come, and reached the goal.
        return Arm(enrolled, min(achieved, enrolled), revenue)

    treated = arm(total.compared, is_holdout=False)
    return Comparison(treated, arm(total.held_out, is_holdout=True)).report()


def _results(events: Sequence[Event], tenant: Tenant) -> Iterator[Result]:
    for event in events:
        goal = goal_of(event.event_name, event.properties, tenant.won_stage)
        amount = amount_of(event, goal) or None
        if goal or amount:
            yield Result(
                event.id,
                event.contact_id,
                event.project_id,
                goal,
                amount,
                by_stage=event.event_name != DEAL_WON,
                at=event.occurred_at if is_late(event) else event.created_at,
            )
