"""One contact on its way through one campaign."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows import policies

with workflow.unsafe.imports_passed_through():
    from activities.enrollment import EnrollmentActivities
    from domain.enums import EnrollmentStatus
    from domain.plans import (
        EnrollmentResult,
        EnrollmentStart,
        Look,
        Plan,
        Request,
        Visit,
    )

ENROLLMENT_STATUS = SearchAttributeKey.for_keyword("EnrollmentStatus")
_STORY_LENGTH = 12


@workflow.defn
class EnrollmentWorkflow:
    """Sleeps until the next step is due, has it done, and so on until the enrollment is over.

    The row in PostgreSQL is the truth; this workflow is its clock. `pause`, `resume` and `exit` are for
    operators and change the row. `refresh` says that the row has changed: an edit of the campaign, a
    resume, an opt-out. Handlers only take note; the loop acts.
    """

    @workflow.init
    def __init__(self, start: EnrollmentStart) -> None:
        self._ref = start.ref
        self._plan = start.plan
        self._story = list(start.story)
        self._summary = start.summary
        self._requests: list[Request] = []
        self._refresh = False

    @workflow.run
    async def run(self, start: EnrollmentStart) -> EnrollmentResult:  # noqa: ARG002 — taken by __init__
        """Walk the campaign to its end."""
        try:
            while not self._plan.over:
                self._describe()
                await self._sleep()
                self._follow(await (self._look() if self._called else self._step()))
                self._continue_as_new_if_long()
        except BaseException as error:
            if not is_cancelled_exception(error):
                raise
            self._requests.append(Request("exit"))
            self._follow(await self._look())
            self._describe()
            raise
        self._describe()
        return EnrollmentResult(self._plan.status, self._plan.exit_reason)

    @workflow.signal
    def pause(self) -> None:
        """Hold everything until `resume`."""
        self._requests.append(Request("pause"))

    @workflow.signal
    def resume(self) -> None:
        """Go on after `pause`."""
        self._requests.append(Request("resume"))

    @workflow.signal
    def exit(self, reason: Any = None) -> None:  # noqa: ANN401 — whatever an operator types
        """End the enrollment: a reason as text or as `{"reason": …}`, any other is `manual_remove`."""
        given = reason.get("reason") if isinstance(reason, dict) else reason
        self._requests.append(Request("exit", given if isinstance(given, str) else None))

    @workflow.signal
    def refresh(self) -> None:
        """The row, or the campaign, has changed."""
        self._refresh = True

    @workflow.query
    def state(self) -> Plan:
        """What the enrollment does now."""
        return self._plan

    @property
    def _called(self) -> bool:
        return bool(self._requests) or self._refresh

    async def _sleep(self) -> None:
        """Wait for the planned time, or for somebody to call."""
        if self._plan.wake_at is None:
            await workflow.wait_condition(lambda: self._called)
            return
        remaining = self._plan.wake_at - workflow.now()
        if remaining.total_seconds() <= 0:
            return
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._called, timeout=remaining, timeout_summary=self._plan.why
            )

    async def _step(self) -> Plan:
        """Have the step done, while still hearing what is called during its retries."""
        visit = Visit(self._ref, self._plan.visit, self._plan.wake_at)
        step = workflow.start_activity_method(
            EnrollmentActivities.run_step,
            visit,
            task_queue=self._plan.queue,
            start_to_close_timeout=policies.STEP_ATTEMPT,
            heartbeat_timeout=policies.SILENCE,
            schedule_to_close_timeout=policies.STEP_IN_ALL,
            retry_policy=policies.STEP_RETRY,
            summary=self._plan.label,
        )
        await workflow.wait_condition(lambda: step.done() or self._called)
        looked = False
        while not step.done():
            looked = True
            self._follow(await self._look())
            self._describe()
            if self._plan.over or self._plan.visit != visit.visit:
                step.cancel()
                return self._plan
            await workflow.wait_condition(lambda: step.done() or self._called)
        # What the step answers may be older than what was looked at since.
        self._refresh |= looked
        try:
            return await step
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return await workflow.execute_activity_method(
                EnrollmentActivities.give_up,
                replace(visit, error=str(error.cause or error)),
                start_to_close_timeout=policies.BOOKKEEPING_ATTEMPT,
                retry_policy=policies.BOOKKEEPING_RETRY,
                summary=f"give up {self._plan.label}",
            )

    async def _look(self) -> Plan:
        """Carry out what operators asked for, and plan anew from the row."""
        requests, self._requests = tuple(self._requests), []
        self._refresh = False
        return await workflow.execute_activity_method(
            EnrollmentActivities.look,
            Look(self._ref, requests),
            start_to_close_timeout=policies.BOOKKEEPING_ATTEMPT,
            retry_policy=policies.BOOKKEEPING_RETRY,
            summary=", ".join(request.action for request in requests) or "look at the row",
        )

    def _follow(self, plan: Plan) -> None:
        """Take a new plan, and note what happened."""
        if plan is self._plan:
            return
        if plan.status is not self._plan.status:
            workflow.upsert_search_attributes([ENROLLMENT_STATUS.value_set(plan.status)])
        if plan.happened:
            self._story = [*self._story, plan.happened][-_STORY_LENGTH:]
        self._plan = plan

    def _describe(self) -> None:
        """Say in words what the Temporal UI shows beside a workflow."""
        plan = self._plan
        ahead = {
            EnrollmentStatus.ACTIVE: f"**Next:** {plan.label}. {plan.why}",
            EnrollmentStatus.PAUSED: f"**Paused** before {plan.label}. {plan.why}",
        }.get(plan.status, f"**Over:** {plan.status}, {plan.exit_reason}.")
        past = "\n".join(f"- {line}" for line in self._story) or "- nothing yet"
        # Continuing as new drops the static summary; here it stays.
        workflow.set_current_details(f"{self._summary}\n\n{ahead}\n\n**So far:**\n{past}")

    def _continue_as_new_if_long(self) -> None:
        """Start a fresh history before Temporal must refuse a longer one."""
        if (
            workflow.info().is_continue_as_new_suggested()
            and not self._plan.over
            and not self._called
        ):
            workflow.continue_as_new(
                EnrollmentStart(self._ref, self._plan, tuple(self._story), self._summary)
            )
