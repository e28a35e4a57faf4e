"""Pausing, resuming, ending and moving many enrollments of a campaign.

First the rows of all of them, which takes seconds for ten thousand and holds at once, as whoever wakes reads its row.
Then, portion by portion, their workflows are woken to take note, which takes minutes; and where somebody was paused or
removed, messages that are on their way are waited for.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from db.bulk import (
    ask_to_look,
    collect_enrollments,
    hold_enrollments,
    items_after,
    pause_all,
    resume_all,
    still_to_look,
)
from db.campaigns import find_campaign
from db.endings import end_these
from db.enrollments import LIVE
from db.session import Session
from db.situations import load_situations
from db.steps import flow_of
from db.tables import Job
from domain.conditions import Condition
from domain.enums import EnrollmentStatus, ExitReason, StepType
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.plans import AwaitAttempts
from services import bulk
from services.bulk import Bulk, Refusals, Whom, campaign_of
from services.enrollments import is_over
from services.jobs import Kind, Portion
from services.walk import Walk

Statuses = Mapping[UUID, EnrollmentStatus]
Change = Callable[[Session, Job, Statuses, datetime], Awaitable[Sequence[UUID]]]
"""Does something to live enrollments that are held, and says which of them it has changed."""


class Action(StrEnum):
    """What may be done to many enrollments."""

    PAUSE = "pause"
    RESUME = "resume"
    EXIT = "exit"
    MOVE = "move"

    @property
    def kind(self) -> str:
        """The kind of its jobs."""
        return f"bulk_{self}"


ACTIONS: Final = frozenset(action.kind for action in Action)
"""The kinds of jobs that they are."""


async def begin_action(
    session: Session,
    campaign_id: UUID,
    action: Action,
    whom: Whom,
    *,
    step_id: UUID | None = None,
    reason: ExitReason | None = None,
) -> Job:
    """Have it done once this is committed.

    Args:
        session: The transaction of who asks.
        campaign_id: Whose enrollments they are.
        action: What is to be done.
        whom: To which enrollments; a filter is about those that are not over.
        step_id: Where they are to be moved.
        reason: Why they end, `manual_remove` unless given.

    Raises:
        NotFound: no such campaign.
        Invalid: the campaign has no such step, or the filter cannot be understood.
    """
    await find_campaign(session, campaign_id)
    if step_id:
        step = (await flow_of(session, campaign_id)).get(step_id)
        if step is None or step.is_deleted:
            raise Invalid.field("step_id", "is no step of this campaign")
    more = {"step_id": str(step_id) if step_id else None, "reason": reason}
    given = {name: value for name, value in more.items() if value}
    return await bulk.begin(session, action.kind, campaign_id, whom, **given)


_STOPS: Final = frozenset({Action.PAUSE.kind, Action.EXIT.kind})
"""When these are over, no message is on its way."""


class BulkAction(Bulk):
    """Of those who fit a filter, the enrollments that are not over. Beyond the last row its position counts on."""

    portion_size: ClassVar[int] = 500
    woken_together: ClassVar[int] = 500

    async def collect(self, session: Session, job: Job, condition: Condition, now: datetime) -> int:
        """The campaign's live enrollments whose contacts fit."""
        return await collect_enrollments(session, job.id, campaign_of(job), condition, now)

    async def follow_up(self, session: Session, job: Job) -> Portion:
        """Wake the workflows of some, and wait for their messages."""
        items = await items_after(session, job.id, job.position - job.total, self.woken_together)
        if not items:
            return Portion(job.position, 0, last=True)
        ids = [item.id for item in items]
        session.wake(await still_to_look(session, ids))
        if job.kind in _STOPS:
            session.outbox.append(AwaitAttempts(campaign_of(job), ids))
        return Portion(job.total + items[-1].number, 0)


class BulkChange(BulkAction):
    """What a few statements do to a whole portion. Who is over, or not in the campaign, fails alone."""

    portion_size: ClassVar[int] = 2_000

    def __init__(self, change: Change) -> None:
        self._change = change

    async def do(self, session: Session, job: Job, ids: Sequence[UUID], now: datetime) -> Refusals:
        """Do it to those that are live."""
        held = await hold_enrollments(session, campaign_of(job), ids)
        refused = _refusals(ids, held)
        live = {each: held[each] for each in ids if each not in refused}
        await ask_to_look(session, await self._change(session, job, live, now))
        return refused


class BulkMove(BulkAction):
    """Who is over, or not in the campaign, fails alone; so does who is being sent a message at this moment."""

    def __init__(self, rates: Mapping[StepType, float]) -> None:
        self._rates = rates

    async def do(self, session: Session, job: Job, ids: Sequence[UUID], now: datetime) -> Refusals:
        """Let them wait for the step from now on."""
        crowds: dict[datetime, int] = {}
        walks = {
            situation.enrollment.id: Walk(session, situation, now, self._rates, crowds)
            for situation in await load_situations(session, ids)
            if situation.campaign.id == campaign_of(job)
        }
        statuses = {each: EnrollmentStatus(walk.enrollment.status) for each, walk in walks.items()}
        refused = _refusals(ids, statuses)
        moved = []
        with session.no_autoflush:
            for walk in (walks[each] for each in ids if each not in refused):
                try:
                    walk.move(UUID(job.input["step_id"]))
                except Conflict as refusal:
                    refused[walk.enrollment.id] = refusal
                else:
                    moved.append(walk)
        # All of them at once, and before anybody counts who is due together.
        await session.flush()
        for walk in moved:
            await walk.plan()
        await ask_to_look(session, [walk.enrollment.id for walk in moved])
        return refused


def _refusals(ids: Sequence[UUID], statuses: Statuses) -> dict[UUID, Problem]:
    missing = NotFound("There is no such enrollment in this campaign.")
    return {
        each: is_over(statuses[each]) if each in statuses else missing
        for each in ids
        if statuses.get(each) not in LIVE
    }


async def _pause(session: Session, _job: Job, live: Statuses, _now: datetime) -> Sequence[UUID]:
    """Who is paused stays so."""
    active = [each for each, status in live.items() if status is EnrollmentStatus.ACTIVE]
    await pause_all(session, active)
    return active


async def _resume(session: Session, _job: Job, live: Statuses, now: datetime) -> Sequence[UUID]:
    """Who is active stays so."""
    paused = [each for each, status in live.items() if status is EnrollmentStatus.PAUSED]
    await resume_all(session, paused, now)
    return paused


async def _exit(session: Session, job: Job, live: Statuses, now: datetime) -> Sequence[UUID]:
    reason = ExitReason(job.input.get("reason", ExitReason.MANUAL_REMOVE))
    return await end_these(session, list(live), reason, now)


def kinds(rates: Mapping[StepType, float]) -> dict[str, Kind]:
    """The kinds of jobs that do something to many enrollments."""
    return {
        Action.PAUSE.kind: BulkChange(_pause),
        Action.RESUME.kind: BulkChange(_resume),
        Action.EXIT.kind: BulkChange(_exit),
        Action.MOVE.kind: BulkMove(rates),
    }
