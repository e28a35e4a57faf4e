"""One message that a person wrote to a contact by hand, or that a test run sends."""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows import policies

with workflow.unsafe.imports_passed_through():
    from activities.messages import MessageActivities
    from domain.enums import ExecutionStatus
    from domain.plans import MessageEnd, MessageStart


@workflow.defn
class MessageWorkflow:
    """Has it sent, with retries as long as they are safe, or given up."""

    @workflow.run
    async def run(self, start: MessageStart) -> ExecutionStatus:
        """Answers what became of the message."""
        try:
            return await workflow.execute_activity_method(
                MessageActivities.send_message,
                start.ref,
                task_queue=start.queue,
                start_to_close_timeout=policies.STEP_ATTEMPT,
                heartbeat_timeout=policies.SILENCE,
                schedule_to_close_timeout=(
                    timedelta(seconds=start.worth_seconds)
                    if start.worth_seconds
                    else policies.STEP_IN_ALL
                ),
                retry_policy=policies.STEP_RETRY,
                summary="send the message",
            )
        except (ActivityError, asyncio.CancelledError) as error:
            if is_cancelled_exception(error):
                await self._give_up(start, "an operator has cancelled it")
                raise
            return await self._give_up(start, str(error.__cause__ or error))

    async def _give_up(self, start: MessageStart, error: str) -> ExecutionStatus:
        return await workflow.execute_activity_method(
            MessageActivities.give_up_message,
            MessageEnd(start.ref, error),
            start_to_close_timeout=policies.BOOKKEEPING_ATTEMPT,
            retry_policy=policies.BOOKKEEPING_RETRY,
            summary="give the message up",
        )
