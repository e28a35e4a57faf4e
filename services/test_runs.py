"""Test runs: a contact, or one that is made up, walks through a campaign on a virtual clock, by the engine's own code.

All of it happens in one transaction that is rolled back. A stand-in walks in place of a real contact, so that neither
waits for the other. What the engine does otherwise:

| the engine | a test run |
| --- | --- |
| runs active campaigns, for those whom they take | runs any, for anybody, and holds nobody out |
| sends, and calls webhooks | notes that it would have; no provider need be configured |
| keeps the company's daily cap | does not: nobody knows what else will go out on that day |
| spreads those who are due together | is punctual |
| hears of opens, clicks, replies and events | assumes what it is told to, as soon as the step is done |
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db import rows
from db.campaigns import find_campaign
from db.enrolling import insert_enrollments
from db.enrollments import timeline
from db.events import mark_processed
from db.session import Session, rehearsal
from db.situations import Situation
from db.steps import flow_of
from db.tables import Contact, Execution, SentRow, Tenant
from db.test_runs import after_step, insert_stand_in, read_afresh, unheard_events
from domain.caps import Hold
from domain.enums import (
    EnrollmentSource,
    EnrollmentStatus,
    ExecutionStatus,
    ExitReason,
    StepType,
)
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.flow import Flow
from domain.messages import MessageLinks
from domain.plans import PROVIDER_QUEUES, Plan
from domain.readiness import cycle
from services import caps, conduct
from services.assumptions import Assumption, by_step, happen
from services.conduct import Ready
from services.contents import Content, variant_of
from services.envelopes import webhook_call
from services.events import Ground, react
from services.links import Links
from services.outcomes import Outcome, failed
from services.walk import Walk

LONGEST: Final = timedelta(days=36_525)
"""From the start of a test run to where it is broken off: a hundred years, more than any calendar is good for."""

PATIENCE: Final = timedelta(seconds=20)
"""How long a test run may take, before it is broken off: more than any campaign that people can read."""

_COUNTS: Final = {StepType.SEND_EMAIL: "emails_sent", StepType.SEND_SMS: "sms_sent"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one visit of a step.

    `at` is in the zone of the enrollment's calendar. `content` is what the step said, or was to say when it was
    refused; `branch` the side that a conditional took, `variant` the one of a message that is tested.
    """

    step_id: UUID
    step_type: StepType
    status: ExecutionStatus
    at: datetime
    why: str
    content: Content
    branch: bool | None
    variant: str | None
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A walk from its beginning to its end. One that was broken off is still `active`."""

    entries: Sequence[Entry]
    status: EnrollmentStatus
    exit_reason: ExitReason | None
    at: datetime


async def run(
    session: Session,
    campaign_id: UUID,
    subject: UUID | Mapping[str, Any],
    *,
    start_at: datetime,
    assumptions: Sequence[Assumption],
    source: EnrollmentSource,
    links: Links,
) -> Run:
    """Walk a contact, or one of these values, through a campaign of any status; nothing of it stays.

    Raises:
        NotFound: there is no such campaign, or no such contact.
        Conflict: `not_ready`, if the walk would never end.
        Invalid: what is assumed cannot be; the made-up contact cannot be stored.
    """
    await find_campaign(session, campaign_id)
    flow = await flow_of(session, campaign_id)
    if problem := cycle(flow):
        raise Conflict("not_ready", problem.detail, problems=[problem])
    assumed = by_step(flow, assumptions)
    stands_for = subject if isinstance(subject, UUID) else None
    async with rehearsal(session) as inside:
        contact_id = await stand_in(inside, subject)
        doors = dict.fromkeys(PROVIDER_QUEUES, _Door(stands_for))
        walking = _Rehearsal(inside, flow, contact_id, stands_for, start_at, assumed, links, doors)
        return await walking.run(campaign_id, source)


async def stand_in(session: Session, subject: UUID | Mapping[str, Any]) -> UUID:
    """Who walks in a rehearsal. That it has come to be is no event. Raises NotFound and Invalid as `run` does."""
    if isinstance(subject, UUID):
        contact_id = await insert_stand_in(session, subject)
        if contact_id is None:
            raise NotFound("There is no such contact.")
    else:
        try:
            contact_id = (await rows.add(session, Contact, subject)).id
        except Invalid as error:
            raise error.under("contact") from error
    await mark_processed(session, [each.id for each in await unheard_events(session, contact_id)])
    return contact_id


@dataclass(frozen=True, slots=True)
class _Door:
    """A door that nothing leaves by: see `services.conduct.Door`."""

    stands_for: UUID | None

    def check_configured(self, tenant: Tenant) -> None:
        """It does not matter."""

    async def hold(self, walk: Walk) -> Hold | None:
        """Messages have caps."""
        is_message = walk.execution.step_type in _COUNTS
        return await caps.foresee(walk, self.stands_for) if is_message else None

    def owes_an_answer(self, row: SentRow) -> bool:  # noqa: ARG002 — a port
        """Nobody was asked."""
        return False


@dataclass(slots=True)
class _Note:
    """What the row of a visit does not keep: whose clock it went by, why it was put off, what it said."""

    zone: ZoneInfo
    put_off: list[str] = field(default_factory=list)
    content: Content = field(default_factory=dict)


@dataclass(slots=True)
class _Rehearsal:
    """One enrollment that is walked turn by turn; each begins with the rows as the one before has left them."""

    session: Session
    flow: Flow
    contact_id: UUID
    stands_for: UUID | None
    now: datetime
    assumed: dict[UUID, list[str]]
    links: Links
    doors: Mapping[StepType, _Door]
    notes: dict[int, _Note] = field(default_factory=dict)
    situation: Situation | None = None
    enrollment_id: UUID = field(init=False)

    async def run(self, campaign_id: UUID, source: EnrollmentSource) -> Run:
        """Enroll, and take turns until it is over."""
        values = {
            "campaign_id": campaign_id,
            "contact_id": self.contact_id,
            "enrollment_source": source,
            "enrolled_at": self.now,
            "waiting_since": self.now,
        }
        ids = await insert_enrollments(self.session, [values])
        self.enrollment_id = ids[self.contact_id]
        walk = await self._walk()
        walk.arrive()
        await self.session.flush()
        plan = await walk.plan()
        clock = asyncio.get_running_loop().time
        latest, give_up_at = self.now + LONGEST, clock() + PATIENCE.total_seconds()
        while plan.wake_at and plan.wake_at <= latest and clock() < give_up_at:
            self.now = max(self.now, plan.wake_at)
            plan = await self._turn(plan.visit)
        return await self._tell()

    async def _walk(self, situation: Situation | None = None) -> Walk:
        """The enrollment as it is; what is known of it is read unless it is given."""
        situation = situation or await read_afresh(self.session, self.enrollment_id, self.flow)
        return Walk(self.session, situation, self.now, rates={})

    async def _turn(self, visit: int) -> Plan:
        """What the engine does when it wakes, and when it hears of what has happened."""
        walk = await self._walk(self.situation)
        try:
            plan = await self._run_step(walk, visit)
        except Problem as refusal:
            walk = await self._walk()
            plan = await walk.finish(failed(refusal.detail))
        if await self._hear(walk):
            walk = await self._walk()
            plan = await walk.plan()
        elif walk.execution.step_type == StepType.UPDATE_FIELD:
            # What is set to what it was is written all the same, and is no event.
            walk = await self._walk()
        self.situation = await after_step(self.session, walk.situation)
        return plan

    async def _run_step(self, walk: Walk, visit: int) -> Plan:
        note = self.notes.setdefault(visit, _Note(walk.schedule.zone))
        decided = await conduct.decide(walk, visit, self.doors, self._links_of)
        if isinstance(decided, Plan):
            if walk.awaits_outcome_of(visit):
                note.put_off.append(decided.why)
            return decided
        note.content = decided.content
        if decided.step.step_type in self.doors:
            return await walk.finish(self._as_if_sent(walk, decided, note))
        async with self.session.begin_nested():
            return await conduct.perform(walk, decided)

    def _links_of(self, situation: Situation) -> MessageLinks:
        """No link of a test tells that it was followed."""
        return MessageLinks(self.links.unsubscribe(situation))

    def _as_if_sent(self, walk: Walk, ready: Ready, note: _Note) -> Outcome:
        contact, step_type = walk.situation.contact, ready.step.step_type
        if step_type == StepType.WEBHOOK:
            call = json.dumps(webhook_call(walk.situation, ready.step, ready.content))
            note.content = json.loads(
                call.replace(str(contact.id), str(self.stands_for or contact.id))
            )
        else:
            to = contact.email if step_type == StepType.SEND_EMAIL else contact.phone
            # The next text counts those that this number got.
            walk.execution.content = {"to": to}
            walk.execution.variant = variant_of(walk.situation, ready.step)
        return Outcome(counts=_COUNTS.get(step_type))

    async def _hear(self, walk: Walk) -> bool:
        """Let everything take effect that the step has caused, and what is assumed of it; whether there was any."""
        session, execution = self.session, walk.execution
        await session.flush()
        if execution.completed_at or execution.status == ExecutionStatus.RUNNING:
            for event_name in self.assumed.pop(execution.step_id, ()):
                await happen(session, execution, walk.situation.contact, event_name, self.now)
        events = await unheard_events(session, self.contact_id)
        if events:
            ground = await Ground.read(session, self.now)
            for event in events:
                await react(ground, [event])
            await mark_processed(session, [event.id for event in events])
        return bool(events)

    async def _tell(self) -> Run:
        enrollment = (await self._walk()).enrollment
        return Run(
            entries=[
                self._entry(each, each.completed_at)
                for each in await timeline(self.session, enrollment)
                if each.completed_at
            ],
            status=EnrollmentStatus(enrollment.status),
            exit_reason=ExitReason(enrollment.exit_reason) if enrollment.exit_reason else None,
            at=enrollment.completed_at or enrollment.exited_at or self.now,
        )

    def _entry(self, execution: Execution, at: datetime) -> Entry:
        note, result = self.notes[execution.visit], execution.result_data or {}
        is_fork = execution.step_type == StepType.CONDITIONAL
        return Entry(
            step_id=execution.step_id,
            step_type=StepType(execution.step_type),
            status=ExecutionStatus(execution.status),
            at=at.astimezone(note.zone),
            why="; ".join([*note.put_off, execution.why or execution.error_message or ""]),
            content=note.content,
            branch=result.get("branch") if is_fork else None,
            variant=execution.variant,
            result=result,
        )
