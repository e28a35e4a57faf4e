"""What there is in the end: rows, messages, workflows, and the totals that people see."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from temporalio.client import Client as TemporalClient

from dev.chaos.client import Client, Json
from domain.enums import StepType
from services.temporal import ENROLLMENT_WORKFLOW

_ENROLLMENTS = "select * from campaign_enrollments"
_EXECUTIONS = """
select x.*, (select count(*) from activities a where a.execution_id = x.id) as tasks
from campaign_step_executions x order by x.enrollment_id, x.visit
"""
_NOTIFICATIONS = """
select enrollment_id, count(*) from notifications where title = 'told' group by enrollment_id
"""
_UNSETTLED = """
select
    (select count(*) from campaign_enrollments where status in ('active', 'paused'))
        as "enrollments that go on",
    (select count(*) from campaign_enrollments where workflow_status <> 'closed')
        as "enrollments whose workflow is not known to be over",
    (select count(*) from campaign_step_executions where status in ('pending', 'running'))
        as "steps without an outcome"
"""

Row = Mapping[str, Any]
CHANNELS = {"email": StepType.SEND_EMAIL, "sms": StepType.SEND_SMS, "hook": StepType.WEBHOOK}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that a provider accepted. `key` is the same for what the receiver knows for one."""

    id: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """All of it. Executions are by enrollment, in the order of their visits.

    `arrivals` are by address and by the name of the step; `campaigns` and `steps` as the API shows
    them; `workflows` counts those of enrollments by their status.
    """

    enrollments: Mapping[UUID, Row]
    executions: Mapping[UUID, Sequence[Row]]
    told: Mapping[UUID, int]
    arrivals: Mapping[tuple[str, str], list[Arrival]]
    campaigns: list[Json]
    steps: list[Json]
    workflows: Mapping[str, int]


async def unsettled(database_url: str, temporal: TemporalClient) -> dict[str, int]:
    """What still goes on, in words, and how many there are of it."""
    connection = await asyncpg.connect(database_url)
    try:
        row = await connection.fetchrow(_UNSETTLED)
    finally:
        await connection.close()
    open_workflows = await _count(temporal, "ExecutionStatus = 'Running'")
    found = {**dict(row or {}), "workflows that run": open_workflows}
    return {what: count for what, count in found.items() if count}


async def read_record(
    database_url: str, temporal: TemporalClient, client: Client, campaign_ids: list[str]
) -> Record:
    """Read everything."""
    connection = await asyncpg.connect(database_url)
    try:
        enrollments = await connection.fetch(_ENROLLMENTS)
        executions: dict[UUID, list[Row]] = defaultdict(list)
        for row in await connection.fetch(_EXECUTIONS):
            executions[row["enrollment_id"]].append(row)
        told = dict(await connection.fetch(_NOTIFICATIONS))
    finally:
        await connection.close()
    messages = (await client.at_sandbox("GET", "/messages?limit=100000"))["messages"]
    campaigns = [(await client.get(f"/campaigns/{id_}"))["campaign"] for id_ in campaign_ids]
    steps = [
        step
        for id_ in campaign_ids
        for step in (await client.get(f"/campaigns/{id_}/steps"))["steps"]
    ]
    statuses = ("Running", "Completed", "Failed", "Terminated", "TimedOut", "Canceled")
    return Record(
        enrollments={row["id"]: row for row in enrollments},
        executions=executions,
        told=told,
        arrivals=_by_address_and_step(messages),
        campaigns=campaigns,
        steps=steps,
        workflows={
            status: await _count(temporal, f"ExecutionStatus = '{status}'") for status in statuses
        },
    )


async def _count(temporal: TemporalClient, condition: str) -> int:
    query = f"WorkflowType = '{ENROLLMENT_WORKFLOW}' AND {condition}"
    return (await temporal.count_workflows(query)).count


def _by_address_and_step(messages: list[Json]) -> dict[tuple[str, str], list[Arrival]]:
    found: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for message in reversed(messages):
        if message["channel"] in CHANNELS:
            address, step, key = _place(message)
            at = datetime.fromisoformat(message["at"])
            found[address, step].append(Arrival(message["id"], key, at))
    return found


def _place(message: Mapping[str, Any]) -> tuple[str, str, str]:
    match message["channel"]:
        case "email":
            return message["to"], message["subject"], message["id"]
        case "sms":
            return message["to"], message["body"], message["id"]
        case _:
            address = json.loads(message["body"])["to"]
            return address, message["to"], message["headers"]["webhook-id"]
