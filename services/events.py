"""What happens to contacts, and what it means to their enrollments.

Whoever changes a contact writes the event in the same transaction (`0002_events.sql`). A loop in the worker goes
through a tenant's events in their order, a portion in one transaction with all its effects, so each is processed
once. Each contact's events come one after the other; those of different contacts together:

1. a goal ends the enrollments of campaigns that are for it, and revenue goes to the one that touched last;
2. a reply ends those that are to be left to a person, a stage those that it ends;
3. what an enrollment waits for wakes it;
4. triggers enroll, those of higher priority first.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import structlog

from db import rows
from db.campaigns import enrolling
from db.company import own_tenant
from db.enrolling import hold_contacts
from db.enrollments import hold_live
from db.events import (
    insert_event,
    mark_processed,
    note_failure,
    take_waiting,
    tenants_with_events,
)
from db.reactions import (
    end_by_goal,
    end_by_reply,
    end_by_stage,
    exit_stages,
    note_arrivals,
    note_replies,
)
from db.session import Database, Session, engine, will_pass
from db.tables import Contact, Event, Project, Tenant
from domain.condition_tree import folded
from domain.enums import GoalType, StepType
from domain.errors import NotFound
from domain.events import REPLIES, entered_stage, goal_of
from services.holdouts import note_what_they_did
from services.matching import Matcher, Matches, payload
from services.revenue import credit
from services.temporal import Dispatcher

_log = structlog.get_logger(__name__)

PORTION = 200
"""Events in one transaction: enough to share its cost, few enough to keep the others' waiting short."""

_EVERY = 0.2
"""Seconds between two looks."""

_AFTER_TROUBLE = 1.0
_AT_ONCE = 4
"""Tenants whose events are gone through side by side."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is the same for all events of a portion."""

    session: Session
    tenant: Tenant
    exit_stages: Mapping[UUID, Sequence[str]]
    now: datetime

    @classmethod
    async def read(cls, session: Session, now: datetime) -> Self:
        """As things stand; `now` is when the events are heard."""
        return cls(session, await own_tenant(session), await exit_stages(session), now)


async def record(
    session: Session,
    *,
    contact_id: UUID,
    event_name: str,
    properties: Mapping[str, Any],
    project_id: UUID | None,
    occurred_at: datetime | None,
    event_id: str | None,
) -> Event:
    """Take what a client says has happened. With an `event_id` that is known it is the earlier event.

    Raises:
        NotFound: no such contact, or it has no such project.
    """
    await rows.find(session, Contact, contact_id)
    if project_id:
        project = await rows.find(session, Project, project_id)
        if project.contact_id != contact_id:
            raise NotFound("The contact has no such project.")
    event, _ = await insert_event(
        session,
        contact_id,
        event_name,
        properties,
        project_id=project_id,
        occurred_at=occurred_at,
        event_id=event_id,
    )
    return event


async def process(
    session: Session, events: Sequence[Event], rates: Mapping[StepType, float]
) -> None:
    """Let events of the session's tenant have their effects, in their order for each contact."""
    now = datetime.now(UTC)
    ground = await Ground.read(session, now)
    matcher = await Matcher.load(session, rates, now)
    rounds = [(together, await matcher.match(together)) for together in _rounds(events)]
    await _hold(session, events, [matched for _, matched in rounds])
    await note_what_they_did(session, events, ground.tenant)
    for together, matched in rounds:
        await react(ground, together)
        await matcher.enroll(matched)
    await mark_processed(session, [event.id for event in events])


async def react(ground: Ground, events: Sequence[Event]) -> None:
    """Let events, one of a contact at most, have their effects on the enrollments that there are."""
    await _reach_goals(ground, events)
    await _exit(ground, events)
    heard = [(each.contact_id, each.event_name, payload(each)) for each in events]
    ground.session.wake(await note_arrivals(ground.session, heard, ground.now))


async def _hold(session: Session, events: Sequence[Event], rounds: Sequence[Matches]) -> None:
    """Lock all that the portion changes, in the order in which everybody does: nobody waits in a circle.

    Campaigns come before enrollments, as when one is archived, and these before contacts, as when a
    step changes one.
    """
    campaigns = {trigger.campaign_id for matched in rounds for trigger in matched}
    for campaign_id in sorted(campaigns):
        with suppress(NotFound):
            await enrolling(session, campaign_id)
    await hold_live(session, [event.contact_id for event in events])
    found = [event.contact_id for matched in rounds for each in matched.values() for event in each]
    await hold_contacts(session, found)


def _rounds(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """The events such that each contact has one at most in each part, in its order."""
    rounds: list[list[Event]] = []
    seen: dict[UUID, int] = defaultdict(int)
    for event in events:
        place = seen[event.contact_id]
        seen[event.contact_id] += 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(event)
    yield from rounds


async def _reach_goals(ground: Ground, events: Sequence[Event]) -> None:
    reached: dict[GoalType, list[UUID]] = defaultdict(list)
    for event in events:
        goal = goal_of(event.event_name, event.properties, ground.tenant.won_stage)
        if goal:
            reached[goal].append(event.contact_id)
        await credit(ground.session, event, goal, ground.tenant, ground.now)
    for goal, contact_ids in reached.items():
        ground.session.wake(await end_by_goal(ground.session, goal, contact_ids, ground.now))


async def _exit(ground: Ground, events: Sequence[Event]) -> None:
    session, now = ground.session, ground.now
    if replied := [event.contact_id for event in events if event.event_name in REPLIES]:
        session.wake(await end_by_reply(session, replied, now))
        await note_replies(session, replied, now)
    for event in events:
        if stage := entered_stage(event.event_name, event.properties):
            ending = [
                campaign_id
                for campaign_id, stages in ground.exit_stages.items()
                if stage in map(folded, stages)
            ]
            if ending:
                session.wake(await end_by_stage(session, ending, event.contact_id, now))


class EventLoop:
    """Goes through the events of all tenants. Several workers may run one each."""

    def __init__(
        self, database: Database, dispatcher: Dispatcher, rates: Mapping[StepType, float]
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._rates = rates
        self._busy: set[UUID] = set()
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        """Process what waits and what comes, until `stop` is set. No tenant waits for another's burst."""
        async with asyncio.TaskGroup() as tasks:
            while not stop.is_set():
                try:
                    for tenant_id in await self._waiting():
                        self._busy.add(tenant_id)
                        tasks.create_task(self._work_off(tenant_id, stop))
                except Exception as error:
                    _log.error("events wait", exc_info=error)
                    await _pause(stop, _AFTER_TROUBLE)
                await _pause(stop, _EVERY)

    async def _waiting(self) -> list[UUID]:
        async with self._database.gateway() as gateway:
            tenants = await tenants_with_events(gateway)
        return [tenant_id for tenant_id in tenants if tenant_id not in self._busy]

    async def _work_off(self, tenant_id: UUID, stop: asyncio.Event) -> None:
        """Portion by portion until nothing waits, or another worker is at it."""
        taken = 1
        try:
            while taken and not stop.is_set():
                async with self._gate:
                    taken = await self._portion(tenant_id)
        except Exception as error:
            _log.error("events wait", exc_info=error, tenant=str(tenant_id))
            await _pause(stop, _AFTER_TROUBLE)
        finally:
            self._busy.discard(tenant_id)

    async def _portion(self, tenant_id: UUID) -> int:
        try:
            return await self._process(tenant_id, PORTION)
        except Exception as error:
            _log.warning("one by one", exc_info=error, tenant=str(tenant_id))
        # One of them fails, and must not hold up the others: the first that does is noted.
        taken = 0
        while taken < PORTION:
            async with self._database.transaction(engine(tenant_id)) as session:
                waiting = await take_waiting(session, 1)
            if not waiting:
                break
            taken += 1
            try:
                await self._process(tenant_id, 1)
            except Exception as error:
                if will_pass(error):
                    raise
                _log.error("event failed", exc_info=error, event_id=str(waiting[0].id))
                async with self._database.transaction(engine(tenant_id)) as session:
                    await note_failure(session, waiting[0].id, f"{type(error).__name__}: {error}")
        return taken

    async def _process(self, tenant_id: UUID, limit: int) -> int:
        async with self._database.transaction(engine(tenant_id)) as session:
            events = await take_waiting(session, limit)
            if events:
                await process(session, events, self._rates)
        await self._dispatcher.deliver(tenant_id, session.outbox)
        return len(events)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
