"""The three activities of an enrollment: run the step that is due, give it up, look at the row again."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from temporalio import activity

from activities.delivery import Claim, Transport, uncount
from activities.heartbeat import see_through
from db.enrollments import may_still_send
from db.executions import note_trouble, record_late
from db.session import Database, engine
from db.situations import load_situation
from domain.enums import EnrollmentStatus, ExecutionStatus, ExitReason, StepType
from domain.errors import Problem
from domain.plans import EnrollmentRef, Look, Plan, Request, Visit
from services import caps, conduct
from services.conduct import Ready
from services.contents import variant_of
from services.links import Links
from services.outcomes import Outcome, failed
from services.safety import heed
from services.walk import Walk


class EnrollmentActivities:
    """Moves enrollments on.

    The time is that at which Temporal's server started the attempt, so that it skips where the
    workflow's does.
    """

    def __init__(
        self,
        database: Database,
        transports: Sequence[Transport],
        links: Links,
        rates: Mapping[StepType, float],
    ) -> None:
        self._database = database
        self._transports = {transport.step_type: transport for transport in transports}
        self._links = links
        self._rates = rates

    @activity.defn
    async def run_step(self, visit: Visit) -> Plan:
        """Do what the current step says, once, and plan what comes next.

        A step whose effect is in our database is one transaction. What leaves the house is claimed in
        one, sent outside of any, and recorded in another.
        """
        return await see_through(self._run_step(visit))

    @activity.defn
    async def give_up(self, visit: Visit) -> Plan:
        """Record that the time for a step is over, and go on. One that nobody came to begins anew."""
        return await see_through(self._give_up(visit))

    @activity.defn
    async def look(self, look: Look) -> Plan:
        """Carry out what operators asked for, and plan anew."""
        return await see_through(self._look(look))

    async def _give_up(self, visit: Visit) -> Plan:
        async with self._held(visit.ref, _now()) as walk:
            if not walk.is_at(visit.visit) or walk.execution.is_untried:
                return await walk.plan()
            # What the provider said last tells more than that time is up.
            error = walk.execution.error_message or visit.error
            return await walk.finish(walk.as_far_as_known(failed(error)))

    async def _look(self, look: Look) -> Plan:
        async with self._held(look.ref, _now()) as walk:
            for request in look.requests:
                await _carry_out(walk, request)
            walk.enrollment.refresh_requested_at = None
            return await walk.plan()

    async def _run_step(self, visit: Visit) -> Plan:
        now = max(_now(), visit.wake_at or _now())
        try:
            async with self._held(visit.ref, now) as walk:
                decided = await self._run(walk, visit)
        except Problem as refusal:
            decided = await self._refused(visit, now, refusal)
        except Exception as error:
            await self._note(visit, error)
            raise
        if isinstance(decided, Plan):
            return decided
        transport, claim = decided
        outcome = await transport.deliver(claim)
        async with self._held(visit.ref, now) as walk:
            if outcome and walk.awaits_outcome_of(visit.visit):
                if outcome.status is ExecutionStatus.FAILED:
                    await uncount(walk.session, claim)
                return await walk.finish(outcome)
            if outcome and outcome.provider_id:
                await record_late(
                    walk.session,
                    claim.id,
                    result=outcome.result,
                    provider_id=outcome.provider_id,
                    counts=outcome.counts,
                )
            return await walk.plan()

    async def _note(self, visit: Visit, error: Exception) -> None:
        """Let the timeline say that the step is tried and why it does not go, if the database answers."""
        with suppress(Exception):
            async with self._database.transaction(engine(visit.ref.tenant_id)) as session:
                trouble = f"{type(error).__name__}, see the worker's log"
                await note_trouble(session, visit.ref.enrollment_id, visit.visit, trouble)

    async def _refused(self, visit: Visit, now: datetime, refusal: Problem) -> Plan:
        """The database does not take what the step would write, and never will."""
        async with self._held(visit.ref, now) as walk:
            if not walk.is_at(visit.visit):
                return await walk.plan()
            return await walk.finish(failed(refusal.detail))

    @asynccontextmanager
    async def _held(self, ref: EnrollmentRef, now: datetime) -> AsyncIterator[Walk]:
        """One transaction of an enrollment; what a step has come to in it may be a sign of something."""
        async with self._database.transaction(engine(ref.tenant_id)) as session:
            situation = await load_situation(session, ref.enrollment_id)
            execution = situation.execution
            is_open = execution is not None and execution.completed_at is None
            yield Walk(session, situation, now, self._rates)
        if is_open and execution and execution.completed_at:
            await heed(self._database, execution)

    async def _run(self, walk: Walk, visit: Visit) -> Plan | tuple[Transport, Claim]:
        """Everything up to a send, in the transaction of the walk."""
        links_of = self._links.of_message
        decided = await conduct.decide(walk, visit.visit, self._transports, links_of)
        if isinstance(decided, Plan):
            return decided
        if transport := self._transports.get(decided.step.step_type):
            return await self._claim(transport, walk, decided)
        return await conduct.perform(walk, decided)

    async def _claim(
        self, transport: Transport, walk: Walk, ready: Ready
    ) -> Plan | tuple[Transport, Claim]:
        step, execution = ready.step, walk.execution
        if execution.content is None:
            execution.variant = variant_of(walk.situation, step)
        content = execution.content or transport.address(walk, step, ready.content)
        gate = partial(
            may_still_send,
            enrollment_id=walk.enrollment.id,
            step_type=step.step_type,
            to=content.get("to"),
        )
        closes_at = walk.schedule.closing(step.step_type, walk.now)
        claim = transport.claim(
            execution, content, gate, walk.now, closes_at, counted_on=caps.counted_on(walk)
        )
        return await walk.finish(claim) if isinstance(claim, Outcome) else (transport, claim)


def _now() -> datetime:
    return activity.info().started_time


async def _carry_out(walk: Walk, request: Request) -> None:
    """What a signal asks for; one that does not fit the state of things changes nothing."""
    enrollment = walk.enrollment
    match request.action:
        case "pause" if enrollment.status == EnrollmentStatus.ACTIVE:
            enrollment.status = EnrollmentStatus.PAUSED
        case "resume" if enrollment.status == EnrollmentStatus.PAUSED:
            enrollment.status = EnrollmentStatus.ACTIVE
            enrollment.resumed_at = walk.now
        case "exit" if not walk.over:
            try:
                reason = ExitReason(request.reason or ExitReason.MANUAL_REMOVE)
            except ValueError:
                reason = ExitReason.MANUAL_REMOVE
            await walk.end(reason)
