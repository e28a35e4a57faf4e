"""The walk of one enrollment: what it waits for, how a step ends, where it goes from there.

Everything here happens in one transaction that holds the enrollment's row. `now` is the time of the workflow's
clock; the rows that say what happened carry it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from db.endings import end, withdraw
from db.enrollments import LIVE, count_due_together
from db.executions import pending
from db.sends import wall_clock
from db.session import Session
from db.situations import Situation
from db.tables import Execution
from domain import why
from domain.calendar import due
from domain.enums import (
    CampaignStatus,
    EnrollmentStatus,
    ExecutionStatus,
    ExitReason,
    OnFailure,
    StepType,
)
from domain.errors import Conflict
from domain.flow import Step
from domain.plans import PROVIDER_QUEUES, QUEUE, Plan
from domain.schedule import spread
from domain.step_configs import Wait
from services.calendars import schedule_of
from services.outcomes import Outcome, skipped, unknown

_STEERS = frozenset({StepType.WAIT, StepType.CONDITIONAL, StepType.EXIT_CAMPAIGN})
_WORTH_TELLING = timedelta(minutes=1)


class Walk:
    """One enrollment, held. Walks of one transaction may share `crowds`: how many are due at a moment."""

    def __init__(
        self,
        session: Session,
        situation: Situation,
        now: datetime,
        rates: Mapping[StepType, float],
        crowds: dict[datetime, int] | None = None,
    ) -> None:
        self.session = session
        self.situation = situation
        self.enrollment = situation.enrollment
        self.now = now
        self.schedule = schedule_of(situation)
        self._rates = rates
        self._crowds = {} if crowds is None else crowds
        self._happened = ""

    @property
    def over(self) -> bool:
        """Whether the enrollment has ended."""
        return self.enrollment.status not in LIVE

    def is_at(self, visit: int) -> bool:
        """Whether the enrollment goes on, and still is at this visit."""
        return not self.over and self.enrollment.visit == visit

    def awaits_outcome_of(self, visit: int) -> bool:
        """Whether this visit is the current one, and has no outcome yet; the enrollment may be over."""
        return self.enrollment.visit == visit and self.execution.completed_at is None

    @property
    def why(self) -> str:
        """Why it is where it is, for people."""
        enrollment, campaign = self.enrollment, self.situation.campaign
        status, of_campaign = EnrollmentStatus(enrollment.status), CampaignStatus(campaign.status)
        return why.of_enrollment(status, of_campaign, enrollment.why)

    @property
    def step(self) -> Step | None:
        """The step that the enrollment waits for, deleted or not."""
        step_id = self.enrollment.current_step_id
        return self.situation.flow.get(step_id) if step_id else None

    @property
    def is_skipped(self) -> bool:
        """Whether the step came due in a pause whose campaign says `skip`; what only steers the walk does not."""
        step = self.step
        return step is not None and step.step_type not in _STEERS and self._came_due_in_pause(step)

    @property
    def is_step_gone(self) -> bool:
        """Whether the step of the visit was deleted, or has become one of another type."""
        step, execution = self._held_step(), self._current_execution
        return step.is_deleted or (execution is not None and execution.step_type != step.step_type)

    @property
    def execution(self) -> Execution:
        """The execution of the visit that the enrollment was at when it was read."""
        if self.situation.execution is None:
            raise LookupError(f"enrollment {self.enrollment.id} has no execution of its visit")
        return self.situation.execution

    def arrive(self) -> None:
        """Let a new enrollment wait for the first step; `plan` says when that is."""
        if first := self.situation.flow.first():
            self._wait_for(first)
        else:
            end(self.enrollment, ExitReason.COMPLETED, self.now)

    async def finish(self, outcome: Outcome) -> Plan:
        """Record how the current visit ended, and go on to what comes next."""
        step, enrollment = self._held_step(), self.enrollment
        ended_at = self._moment(step)
        self._record(outcome)
        enrollment.last_step_executed_at = self.now
        if outcome.status is ExecutionStatus.COMPLETED:
            enrollment.steps_completed += 1
        if outcome.counts:
            setattr(enrollment, outcome.counts, getattr(enrollment, outcome.counts) + 1)
        self._happened = f"{step.label}: {outcome} at {self.schedule.local(self.now)}"
        if self.over:
            return await self.plan()
        enrollment.visit += 1
        enrollment.waiting_since = ended_at
        if outcome.exit_reason:
            return await self.end(outcome.exit_reason)
        if outcome.status is ExecutionStatus.FAILED and step.on_failure is OnFailure.EXIT:
            return await self.end(ExitReason.ERROR)
        return await self._come_to(self.situation.flow.after(step, outcome.branch))

    async def defer(self, until: datetime, because: str = "") -> Plan:
        """Let the current step wait for its window, or for a later one because of something else."""
        step = self._held_step()
        if not self.execution.is_in_doubt:
            self.execution.status = ExecutionStatus.PENDING
        self._schedule_at(until)
        wake_at = until + await self._spread(step, until)
        opens = self.schedule.local(until)
        told = f"{because}, so it waits until {opens}" if because else ""
        return self._waiting(step, wake_at, told or f"waits for its window, which opens {opens}")

    async def wait_for_event(self) -> Plan:
        """Begin to wait for the event of a `wait` step, and plan for its time limit."""
        execution = self.execution
        execution.status = ExecutionStatus.RUNNING
        execution.started_at = self._moment(self._held_step())
        return await self.plan()

    async def end(self, reason: ExitReason) -> Plan:
        """End the enrollment; what it waited for does not happen any more."""
        end(self.enrollment, reason, self.now)
        await withdraw(self.session, [self.enrollment.id], self.now)
        return await self.plan()

    async def leave(self) -> Plan:
        """Go on from a step that is gone; the delay of the next still counts from the one before.

        A visit that has begun is recorded as what is known of it. One that has not becomes that of
        the next step.
        """
        execution = self._current_execution
        if execution and execution.started_at:
            self._record(
                self.as_far_as_known(skipped("step_gone", "the step was deleted or made another"))
            )
            self.enrollment.visit += 1
        return await self._come_to(self.situation.flow.at_or_after(self._held_step()))

    def move(self, step_id: UUID) -> None:
        """Wait for another step, its delay counted from now; `plan` says until when.

        A visit that has begun is recorded as what is known of it.

        Raises:
            Conflict: `sending_now`, as an attempt that is under way records the visit; `step_gone`.
        """
        step, execution = self.situation.flow.get(step_id), self._current_execution
        if step is None or step.is_deleted:
            raise Conflict("step_gone", "The step was deleted.")
        if self._is_attempting:
            raise Conflict("sending_now", "A message is on its way at this moment.")
        if execution and execution.started_at:
            self._record(self.as_far_as_known(skipped("moved", "moved to another step")))
            self.enrollment.visit += 1
        behind = self.situation.done | {self.enrollment.current_step_id}
        if any(ahead.id in behind for ahead in self.situation.flow.reach(step)):
            # Whoever is moved back does again what comes there.
            self.enrollment.walks_from_visit = self.enrollment.visit
        self.enrollment.waiting_since = self.now
        self._wait_for(step)

    async def plan(self) -> Plan:
        """What the enrollment does next, as its row and the campaign now say."""
        enrollment = self.enrollment
        if self.over:
            # Whoever asked for a look while the last step was under way has it.
            enrollment.workflow_status, enrollment.refresh_requested_at = "closed", None
            return self._plan()
        step = self._held_step()
        if self.is_step_gone and not self._is_attempting:
            return await self.leave()
        if not self._came_due_in_pause(step):
            enrollment.skips_until = None
        due_at = self._due(step)
        scheduled_at = self._scheduled(step)
        self._schedule_at(scheduled_at)
        # Who waits for a window sleeps on: what it waits for has not come due in the pause.
        enrollment.parked = self._is_campaign_paused and scheduled_at <= self.now
        wake_at = max(due_at, self.now)
        told = f"due {self.schedule.local(due_at)}"
        if event := self._awaited_event(step):
            told = f"waits for the event {event}, at most until {self.schedule.local(due_at)}"
        if due_at == enrollment.resumed_at:
            told += ", when it was resumed"
        if scheduled_at > wake_at:
            told += f", its window opens {self.schedule.local(scheduled_at)}"
            if self._is_campaign_paused:
                wake_at = scheduled_at + await self._spread(step, scheduled_at)
        elif due_at > self.now or due_at == enrollment.resumed_at:
            wake_at = max(due_at + await self._spread(step, due_at), self.now)
        if enrollment.parked or enrollment.status == EnrollmentStatus.PAUSED:
            return self._waiting(step, None, told)
        return self._waiting(step, wake_at, told)

    def as_far_as_known(self, outcome: Outcome) -> Outcome:
        """What was attempted and got no answer has neither failed nor been skipped."""
        return unknown(outcome.error or "") if self.execution.is_in_doubt else outcome

    def may_run(self, visit: int) -> bool:
        """Whether it is at this visit, nobody has paused anything, and the delay has passed."""
        step = self.step
        return (
            self.enrollment.status == EnrollmentStatus.ACTIVE
            and self.situation.campaign.status == CampaignStatus.ACTIVE
            and self.enrollment.visit == visit
            and step is not None
            and not self.is_step_gone
            and self._due(step) <= self.now
        )

    async def _come_to(self, step: Step | None) -> Plan:
        """Wait for a step, or end where there is none.

        One that was moved behind those who have done it is passed by: nobody gets a message twice.
        """
        at = self.enrollment.current_step_id
        while step and step.id != at and step.id in self.situation.done:
            step = self.situation.flow.after(step)
        if step is None:
            return await self.end(ExitReason.COMPLETED)
        self._wait_for(step)
        return await self.plan()

    def _wait_for(self, step: Step) -> None:
        enrollment = self.enrollment
        enrollment.current_step_id = step.id
        enrollment.current_step_order = step.step_order
        scheduled_at = self._scheduled(step)
        self._schedule_at(scheduled_at)
        if execution := self._current_execution:
            execution.step_id, execution.step_type = step.id, step.step_type
            execution.result_data = None
        else:
            self.session.add(pending(enrollment, step.step_type, scheduled_at))

    def _record(self, outcome: Outcome) -> None:
        execution, step = self.execution, self._held_step()
        execution.why = why.of_step(
            StepType(execution.step_type),
            outcome.status,
            outcome.result or {},
            outcome.error,
            due=self.schedule.local(self._due(step)),
            now=self.schedule.local(self.now),
        )
        execution.status = outcome.status
        execution.started_at = execution.started_at or self.now
        execution.completed_at = self.now
        execution.attempting_since = None
        execution.result_data = dict(outcome.result) if outcome.result is not None else None
        execution.error_message = outcome.error
        execution.provider_id = outcome.provider_id or execution.provider_id
        if outcome.provider_id:
            execution.sent_at = wall_clock()

    def _due(self, step: Step) -> datetime:
        """When the step's delay has passed; what came due before a resume is due at it."""
        due_at, resumed_at = self._delayed(step), self.enrollment.resumed_at
        return max(due_at, resumed_at) if resumed_at else due_at

    def _delayed(self, step: Step) -> datetime:
        """When the step's delay has passed; of a wait for an event that has begun, its time limit.

        The event itself, once it has come, stands in the execution's result (`services/events.py`).
        """
        config, execution = step.config, self._current_execution
        if isinstance(config, Wait) and config.until and execution and execution.started_at:
            if execution.result_data:
                return execution.started_at
            limit = config.until.timeout
            return due(
                execution.started_at, limit.delay_value, limit.delay_unit, self.schedule.zone
            )
        return self.schedule.due(step, self.enrollment.waiting_since)

    def _awaited_event(self, step: Step) -> str | None:
        """The event that a `wait` which has begun is waiting for."""
        config, execution = step.config, self._current_execution
        if not (isinstance(config, Wait) and config.until and execution and execution.started_at):
            return None
        return None if execution.result_data else config.until.event

    def _came_due_in_pause(self, step: Step) -> bool:
        until, execution = self.enrollment.skips_until, self._current_execution
        # What was tried before the pause goes on, and an event has come when it came.
        if until is None or (execution and (execution.attempts or execution.result_data)):
            return False
        opening = self.schedule.opening(step.step_type, self._delayed(step))
        return opening is not None and opening <= until

    def _moment(self, step: Step) -> datetime:
        """When a step that ends now has ended: as it was due, where that was in a pause that is skipped."""
        return self._opening(step) if self._came_due_in_pause(step) else self.now

    def _scheduled(self, step: Step) -> datetime:
        """When the step may run; in a pause also when it might have run, though its window has closed since."""
        opening = self._opening(step)
        if self._is_campaign_paused or opening > self.now:
            return opening
        later = self.schedule.opening(step.step_type, self.now) or opening
        return later if later > self.now else opening

    def _opening(self, step: Step) -> datetime:
        """When the step is due, or where that lies outside its windows the next opening."""
        due_at = self._due(step)
        return self.schedule.opening(step.step_type, due_at) or due_at

    def _schedule_at(self, at: datetime) -> None:
        self.enrollment.next_step_scheduled_at = at
        if execution := self._current_execution:
            execution.scheduled_at = at

    async def _spread(self, step: Step, at: datetime) -> timedelta:
        """How long after `at` this enrollment goes, where many of the tenant are due at once."""
        rate = self._rates.get(step.step_type)
        if rate is None:
            return timedelta(0)
        if at not in self._crowds:
            self._crowds[at] = await count_due_together(self.session, at)
        return spread(self.enrollment.id.int, self._crowds[at], rate)

    def _waiting(self, step: Step, wake_at: datetime | None, told: str) -> Plan:
        planned_at = max(self.enrollment.next_step_scheduled_at or self.now, self.now)
        if wake_at and wake_at - planned_at >= _WORTH_TELLING:
            told += f", and as many are due at once its turn comes {self.schedule.local(wake_at)}"
        self.enrollment.why = told
        # What is skipped need not wait for a provider's rate.
        queue = QUEUE if self.is_skipped else PROVIDER_QUEUES.get(step.step_type, QUEUE)
        return self._plan(wake_at=wake_at, queue=queue, label=step.label)

    def _plan(
        self, *, wake_at: datetime | None = None, queue: str = QUEUE, label: str = ""
    ) -> Plan:
        enrollment = self.enrollment
        return Plan(
            status=EnrollmentStatus(enrollment.status),
            visit=enrollment.visit,
            wake_at=wake_at,
            queue=queue,
            label=label,
            why=self.why,
            happened=self._happened,
            exit_reason=ExitReason(enrollment.exit_reason) if enrollment.exit_reason else None,
        )

    @property
    def _is_campaign_paused(self) -> bool:
        return self.situation.campaign.status != CampaignStatus.ACTIVE

    def _held_step(self) -> Step:
        if self.step is None:
            raise LookupError(f"enrollment {self.enrollment.id} waits for no step")
        return self.step

    @property
    def _is_attempting(self) -> bool:
        """Whether a message may be on its way at this moment: its attempt records the visit."""
        execution = self._current_execution
        return execution is not None and execution.attempting_since is not None

    @property
    def _current_execution(self) -> Execution | None:
        """The execution of the visit that the enrollment is at, unless it is still to be made."""
        execution = self.situation.execution
        return execution if execution and execution.visit == self.enrollment.visit else None
