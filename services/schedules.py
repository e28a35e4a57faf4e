"""What Temporal starts again and again: rounds over all tenants."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain.plans import QUEUE
from services.turns import BEFORE_ALL


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
    """Create the schedules that are not there yet; the others become what this version wants."""
    for each in ROUNDS:
        schedule = _schedule(each)
        try:
            await client.create_schedule(each.id, schedule, trigger_immediately=True)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(each.id).update(partial(_updated, schedule))


def _schedule(each: Round) -> Schedule:
    action = ScheduleActionStartWorkflow(
        each.workflow,
        id=each.id,
        task_queue=QUEUE,
        execution_timeout=each.at_most,
        priority=BEFORE_ALL,
    )
    return Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=each.every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )


def _updated(schedule: Schedule, found: ScheduleUpdateInput) -> ScheduleUpdate:
    # One that an operator has paused stays so.
    return ScheduleUpdate(replace(schedule, state=found.description.schedule.state))
