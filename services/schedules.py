"""What Temporal starts again and again: rounds over all tenants."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)

from domain.plans import QUEUE


@dataclass(frozen=True, slots=True)
class Round:
    """A workflow without arguments. `at_most`: one that hangs must not be the last, as rounds do not overlap."""

    id: str
    workflow: str
    every: timedelta
    at_most: timedelta = timedelta(minutes=20)


ROUNDS = (
    Round("reconcile", "ReconcileWorkflow", every=timedelta(seconds=30)),
    Round("scan-triggers", "TriggerScanWorkflow", every=timedelta(minutes=1)),
)


async def ensure_schedules(client: Client) -> None:
    """Create the schedules that are not there yet."""
    for each in ROUNDS:
        action = ScheduleActionStartWorkflow(
            each.workflow, id=each.id, task_queue=QUEUE, execution_timeout=each.at_most
        )
        schedule = Schedule(
            action=action,
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=each.every)]),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        )
        with suppress(ScheduleAlreadyRunningError):
            await client.create_schedule(each.id, schedule, trigger_immediately=True)
