"""The three activities of an enrollment: run the step that is due, give it up, look at the row again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from temporalio import activity

from activities.delivery import Channel, Claim, unknown
from activities.heartbeat import see_through
from db.session import Database, Session, engine
from db.situations import load_situation
from domain.enums import EnrollmentStatus, ExitReason, StepType
from domain.messages import Skip
from domain.plans import EnrollmentRef, Look, Plan, Request, Visit
from domain.step_configs import Wait
from services import contents, effects
from services.links import Links
from services.walk import Outcome, Walk, failed, skipped


class EnrollmentActivities:
    """Moves enrollments on.

    The time is that at which Temporal's server started the attempt, so that it skips where the
    workflow's does.
    """

    def __init__(
        self,
        database: Database,
        channels: Sequence[Channel],
        links: Links,
        rates: Mapping[StepType, float],
    ) -> None:
        self._database = database
        self._channels = {channel.step_type: channel for channel in channels}
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
        """Record that the retries of a step are over, and go on."""
        async with self._database.transaction(engine(visit.ref.tenant_id)) as session:
            walk = await self._hold(session, visit.ref, _now())
            if walk.over or walk.enrollment.visit != visit.visit:
                return await walk.plan()
            return await walk.finish(_as_far_as_known(walk, failed(visit.error)))

    @activity.defn
    async def look(self, look: Look) -> Plan:
        """Carry out what operators asked for, and plan anew."""
        async with self._database.transaction(engine(look.ref.tenant_id)) as session:
            walk = await self._hold(session, look.ref, _now())
            for request in look.requests:
                await _carry_out(walk, request)
            walk.enrollment.refresh_requested_at = None
            return await walk.plan()

    async def _run_step(self, visit: Visit) -> Plan:
        now = max(_now(), visit.wake_at or _now())
        async with self._database.transaction(engine(visit.ref.tenant_id)) as session:
            walk = await self._hold(session, visit.ref, now)
            decided = await self._run(walk, visit)
        if isinstance(decided, Plan):
            return decided
        channel, claim = decided
        outcome = await channel.deliver(claim)
        async with self._database.transaction(engine(visit.ref.tenant_id)) as session:
            walk = await self._hold(session, visit.ref, now)
            if outcome is None or walk.enrollment.visit != visit.visit:
                return await walk.plan()
            return await walk.finish(outcome)

    async def _hold(self, session: Session, ref: EnrollmentRef, now: datetime) -> Walk:
        situation = await load_situation(session, ref.enrollment_id)
        return Walk(session, situation, now, self._rates)

    async def _run(self, walk: Walk, visit: Visit) -> Plan | tuple[Channel, Claim]:
        """Everything up to a send, in the transaction of the walk."""
        step = walk.step
        if not walk.may_run(visit.visit) or step is None:
            return await walk.plan()
        channel = self._channels.get(step.step_type)
        try:
            if channel:
                channel.check_configured(walk)
            content = walk.execution.content
            if content is None:
                link = self._links.unsubscribe(walk.situation)
                content = await contents.prepare(walk.session, walk.situation, step, link)
            else:
                contents.check_reach(walk.situation, step)
        except Skip as skip:
            return await walk.finish(_as_far_as_known(walk, skipped(skip.code, str(skip))))
        opening = walk.schedule.opening(step.step_type, walk.now)
        if opening is None:
            return await walk.finish(skipped("no_opening", "no window opens within 14 days"))
        if opening > walk.now:
            return await walk.defer(opening)
        if channel:
            claim = channel.claim(walk, step, content)
            return await walk.finish(claim) if isinstance(claim, Outcome) else (channel, claim)
        config = step.config
        if isinstance(config, Wait) and config.until and walk.execution.started_at is None:
            return await walk.wait_for_event()
        return await walk.finish(await effects.perform(walk, step, content))


def _now() -> datetime:
    return activity.info().started_time


def _as_far_as_known(walk: Walk, outcome: Outcome) -> Outcome:
    """What was attempted and got no answer has neither failed nor been skipped."""
    execution = walk.execution
    if execution.ambiguous_since or execution.attempting_since:
        return unknown(outcome.error or "")
    return outcome


async def _carry_out(walk: Walk, request: Request) -> None:
    """What a signal asks for; one that does not fit the state of things changes nothing."""
    enrollment = walk.enrollment
    match request.action:
        case "pause" if enrollment.status == EnrollmentStatus.ACTIVE:
            enrollment.status = EnrollmentStatus.PAUSED
        case "resume" if enrollment.status == EnrollmentStatus.PAUSED:
            enrollment.status = EnrollmentStatus.ACTIVE
        case "exit" if not walk.over:
            try:
                reason = ExitReason(request.reason or ExitReason.MANUAL_REMOVE)
            except ValueError:
                reason = ExitReason.MANUAL_REMOVE
            await walk.end(reason)
