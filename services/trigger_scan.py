"""Enrolling by date, and those whom a paused campaign has kept waiting.

A date is due from the moment on at which it and the delay come to it. A round takes what came due since the last
one, and at the least in the last day, so that nothing is missed while the system was down and a date that is
entered late still counts; but nothing from before the trigger was switched on. That each contact is taken
once for each value of its date is kept by the rows of its matches.

A match is committed together with its enrollment, a portion at a time, and a trigger's `scanned_until` moves on
with the last portion, so a crash in between loses nothing and repeats nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from db.campaigns import enrolling
from db.company import own_tenant
from db.session import Database, Session, engine
from db.tables import CampaignTrigger
from db.trigger_matches import (
    Match,
    campaigns_that_hold,
    dated_triggers,
    forget_archived,
    held_matches,
    match_due,
    settle,
    take_trigger,
    tenants_with_triggers,
)
from db.triggers import triggers_of
from domain.enums import CampaignStatus, EnrollmentSource, StepType
from services.enrolling import Entrant, enroll_many
from services.isolation import one_failure_is_one
from services.temporal import Dispatcher

PORTION = 1_000
"""Matches of one transaction."""

_PORTIONS = 10
"""Of one trigger in one round, so that the others get their turn."""

_AT_ONCE = 4
"""Companies looked at side by side, so that none waits for the many dates of another."""

_LATE = timedelta(hours=24)
"""How late a date may be entered, or a condition come true, and still count."""


class TriggerScan:
    """One round over all tenants."""

    def __init__(
        self, database: Database, dispatcher: Dispatcher, rates: Mapping[StepType, float]
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._rates = rates

    async def run(self, now: datetime) -> str:
        """Enroll whom a date or a resumed campaign brings, and say in words how many were matched."""
        async with self._database.gateway() as gateway:
            tenants = await tenants_with_triggers(gateway)
        matched = released = 0
        gate = asyncio.Semaphore(_AT_ONCE)

        async def look_at(tenant_id: UUID) -> None:
            nonlocal matched, released
            async with gate:
                with one_failure_is_one(tenant=tenant_id):
                    released += await self._release(tenant_id, now)
                    matched += await self._scan(tenant_id, now)

        await asyncio.gather(*(look_at(tenant_id) for tenant_id in tenants))
        return f"matched {matched}, released {released}, of {len(tenants)} companies"

    async def _scan(self, tenant_id: UUID, now: datetime) -> int:
        async with self._database.transaction(engine(tenant_id)) as session:
            triggers = await dated_triggers(session)
        count = 0
        for campaign_id, trigger_id in triggers:
            with one_failure_is_one(tenant=tenant_id, trigger=trigger_id):
                for _ in range(_PORTIONS):
                    async with self._database.transaction(engine(tenant_id)) as session:
                        found = await enroll_due(session, campaign_id, trigger_id, now, self._rates)
                    await self._dispatcher.deliver(tenant_id, session.outbox)
                    count += found
                    if found < PORTION:
                        break
        return count

    async def _release(self, tenant_id: UUID, now: datetime) -> int:
        async with self._database.transaction(engine(tenant_id)) as session:
            await forget_archived(session)
            campaigns = await campaigns_that_hold(session)
        count = 0
        for campaign_id in campaigns:
            with one_failure_is_one(tenant=tenant_id, campaign=campaign_id):
                for _ in range(_PORTIONS):
                    async with self._database.transaction(engine(tenant_id)) as session:
                        found = await release_held(session, campaign_id, now, self._rates)
                    await self._dispatcher.deliver(tenant_id, session.outbox)
                    count += found
                    if found < PORTION:
                        break
        return count


async def enroll_due(
    session: Session,
    campaign_id: UUID,
    trigger_id: UUID,
    now: datetime,
    rates: Mapping[StepType, float],
) -> int:
    """Match and enroll those whose date has come due, a portion of them; how many they were.

    While the campaign is paused they are matched, and held back. Who may not be enrolled is not.

    Raises:
        NotFound: the campaign is deleted.
    """
    campaign = await enrolling(session, campaign_id)
    if campaign.status not in (CampaignStatus.ACTIVE, CampaignStatus.PAUSED):
        return 0
    trigger = await take_trigger(session, trigger_id)
    if trigger is None:
        return 0
    zone = (await own_tenant(session)).timezone
    since = max(trigger.active_since, min(trigger.scanned_until, now - _LATE))
    held = campaign.status == CampaignStatus.PAUSED
    matches = await match_due(session, trigger, zone, since, now, held=held, limit=PORTION)
    if not held:
        await _enroll(session, trigger, matches, now, rates)
    if len(matches) < PORTION:
        trigger.scanned_until = now
    return len(matches)


async def release_held(
    session: Session, campaign_id: UUID, now: datetime, rates: Mapping[StepType, float]
) -> int:
    """Enroll a portion of those whom a campaign has held back, if it still holds; how many were looked at.

    Raises:
        NotFound: the campaign is deleted.
    """
    campaign = await enrolling(session, campaign_id)
    if campaign.status != CampaignStatus.ACTIVE:
        return 0
    zone = (await own_tenant(session)).timezone
    count = 0
    for trigger in await triggers_of(session, campaign_id):
        matches = await held_matches(session, trigger, zone, now, PORTION - count)
        await settle(session, matches)
        holding = [match for match in matches if match.holds]
        await _enroll(session, trigger, holding, now, rates)
        count += len(matches)
        if count == PORTION:
            break
    return count


async def _enroll(
    session: Session,
    trigger: CampaignTrigger,
    matches: Sequence[Match],
    now: datetime,
    rates: Mapping[StepType, float],
) -> None:
    if matches:
        entrants = [
            Entrant(match.contact_id, match.project_id, trigger.id, match.event)
            for match in matches
        ]
        source = EnrollmentSource.AUTOMATIC_TRIGGER
        await enroll_many(session, trigger.campaign_id, entrants, source, now, rates)
