"""What a deal brings in, and which campaign brought it in: the one that touched the contact last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from db.revenue import add_attribution, attributions_of, credit_goal, last_touch, only_project
from db.session import Session
from db.tables import Enrollment, Event, Tenant
from domain.enums import GoalType
from domain.events import DEAL_WON, revenue

_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Deal:
    """What an event tells of, and the project that it is about."""

    event: Event
    project_id: UUID | None


async def credit(
    session: Session, event: Event, goal: GoalType | None, tenant: Tenant, now: datetime
) -> None:
    """Let what an event brings in, or takes back, go to the enrollment that touched last in the window.

    A project that is won by its stage and again by an event is one deal: the event's amount holds. An
    event that names no project is about the contact's only one, if that is so.
    """
    amount = amount_of(event, goal)
    project_id = event.project_id
    if amount and project_id is None:
        project_id = await only_project(session, event.contact_id)
    deal = _Deal(event, project_id)
    if amount and amount < 0:
        await _take_back(session, deal, -amount)
        return
    if goal is None:
        return
    touched = await _last_touch(session, event, tenant)
    if touched is None:
        return
    await credit_goal(session, touched.id, goal, now)
    if not amount:
        return
    by_stage = event.event_name != DEAL_WON
    if project_id:
        earlier = await attributions_of(session, event.contact_id, project_id)
        if by_stage and sum(each.amount for each in earlier) > 0:
            return
        staged = sum((each.amount for each in earlier if each.by_stage), Decimal(0))
        if staged > 0:
            await _take_back(session, deal, staged, by_stage=True)
    await _attribute(session, deal, touched.campaign_id, touched.id, amount, by_stage=by_stage)


def amount_of(event: Event, goal: GoalType | None) -> Decimal | None:
    """What an event says that a deal brought in; negative where it takes it back, None where it says nothing."""
    if event.event_name == DEAL_WON:
        return revenue(event.properties.get("amount"))
    return revenue(event.properties.get("estimate_amount")) if goal is GoalType.DEALS else None


def is_late(event: Event) -> bool:
    """Whether it is told when it was over. A client that says "now" by a clock of its own is not late."""
    return event.created_at - event.occurred_at > _CLOCKS_DIFFER


async def _last_touch(session: Session, event: Event, tenant: Tenant) -> Enrollment | None:
    """Who reports late says when it was: a message that went out after that had no part in it."""
    window = timedelta(days=tenant.attribution_days)
    return await last_touch(
        session,
        event.contact_id,
        after=event.occurred_at - window,
        until=event.occurred_at if is_late(event) else None,
    )


async def _take_back(
    session: Session, deal: _Deal, amount: Decimal, *, by_stage: bool | None = None
) -> None:
    """Take an amount off where it went, the latest first, and nowhere more than went there."""
    standing: dict[tuple[UUID, UUID, bool], Decimal] = {}
    for each in await attributions_of(session, deal.event.contact_id, deal.project_id):
        if by_stage is None or each.by_stage == by_stage:
            key = (each.campaign_id, each.enrollment_id, each.by_stage)
            standing[key] = standing.get(key, Decimal(0)) + each.amount
    for (campaign_id, enrollment_id, staged), attributed in standing.items():
        part = min(amount, attributed)
        if part > 0:
            await _attribute(session, deal, campaign_id, enrollment_id, -part, by_stage=staged)
            amount -= part


async def _attribute(
    session: Session,
    deal: _Deal,
    campaign_id: UUID,
    enrollment_id: UUID,
    amount: Decimal,
    *,
    by_stage: bool,
) -> None:
    await add_attribution(
        session,
        {
            "campaign_id": campaign_id,
            "enrollment_id": enrollment_id,
            "contact_id": deal.event.contact_id,
            "project_id": deal.project_id,
            "event_id": deal.event.id,
            "by_stage": by_stage,
            "amount": amount,
            "occurred_at": deal.event.occurred_at,
        },
    )
