"""The shapes that an enrollment's history takes, each brought about on the real servers."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import WorkflowFailureError, WorkflowHistory

from tests.engine.helpers import after, email, let_time_run_out, tag
from tests.world import EMAIL, Json, World

HISTORIES = Path(__file__).parent / "histories"
DAY = after(EMAIL, 1, "days")
MANY = 45
"""Steps, of six events each: enough for the tests' server to suggest a fresh history."""


async def waiting(world: World) -> Json:
    """Asleep before its second step."""
    enrollment = await enroll(world, tag("one"), DAY)
    await reaches(world, enrollment, "active", visit=2)
    return enrollment


async def paused(world: World) -> Json:
    """Paused by a signal in its sleep."""
    enrollment = await waiting(world)
    await world.workflow(enrollment).signal("pause")
    await reaches(world, enrollment, "paused", visit=2)
    return enrollment


async def completed(world: World) -> Json:
    """Through, with delays."""
    enrollment = await enroll(world, DAY, DAY)
    await world.pass_time(enrollment, days=3)
    await world.workflow(enrollment).result()
    return enrollment


async def resumed(world: World) -> Json:
    """Paused, resumed and through."""
    enrollment = await paused(world)
    await world.workflow(enrollment).signal("resume")
    await reaches(world, enrollment, "active", visit=2)
    await world.pass_time(enrollment, days=2)
    await world.workflow(enrollment).result()
    return enrollment


async def exited_by_signal(world: World) -> Json:
    """Ended by an operator."""
    enrollment = await waiting(world)
    await world.workflow(enrollment).signal("exit", "replied")
    await world.workflow(enrollment).result()
    return enrollment


async def failed_step(world: World) -> Json:
    """Through, with an e-mail that Resend refused for good."""
    enrollment = await enroll(world, EMAIL, tag("after"), email_address="bounce@home.example")
    await world.workflow(enrollment).result()
    return enrollment


async def edited(world: World) -> Json:
    """Its delay was changed to what is past, so it was woken and sent at once."""
    enrollment = await waiting(world)
    steps = f"/campaigns/{enrollment['campaign_id']}/steps"
    second = (await world.admin.get(steps))["steps"][1]
    await world.admin.patch(f"{steps}/{second['id']}", {"delay_value": 0})
    await world.workflow(enrollment).result()
    return enrollment


async def left_step(world: World) -> Json:
    """Its step was deleted between two attempts."""
    enrollment = await in_trouble(world)
    steps = f"/campaigns/{enrollment['campaign_id']}/steps"
    first = (await world.admin.get(steps))["steps"][0]
    await world.admin.delete(f"{steps}/{first['id']}")
    await world.workflow(enrollment).result()
    return enrollment


async def called_between_attempts(world: World) -> Json:
    """Paused and resumed between two attempts of a step that was given up in the end."""
    enrollment = await in_trouble(world)
    await world.workflow(enrollment).signal("pause")
    await reaches(world, enrollment, "paused", visit=1)
    await world.workflow(enrollment).signal("resume")
    await reaches(world, enrollment, "active", visit=1)
    return await _given_up(world, enrollment)


async def given_up(world: World) -> Json:
    """Through, with an e-mail that no attempt of 23 hours got to Resend."""
    return await _given_up(world, await in_trouble(world))


async def parked(world: World) -> Json:
    """Due while its campaign was paused, woken when it was resumed, and through."""
    enrollment = await enroll(world, DAY)
    campaign = f"/campaigns/{enrollment['campaign_id']}"
    await world.admin.patch(campaign, {"status": "paused"})
    await world.pass_time(enrollment, days=2)
    await reaches(world, enrollment, "active", visit=1, wake_at=None)
    await world.admin.patch(campaign, {"status": "active"})
    await world.workflow(enrollment).result()
    return enrollment


async def cancelled(world: World) -> Json:
    """Cancelled by an administrator of Temporal."""
    enrollment = await waiting(world)
    await world.workflow(enrollment).cancel()
    with suppress(WorkflowFailureError):
        await world.workflow(enrollment).result()
    return enrollment


async def continued_as_new(world: World) -> Json:
    """So long that it went on in a second run."""
    enrollment = await enroll(world, *(tag(f"{number:02}") for number in range(MANY)))
    await world.workflow(enrollment).result()
    return enrollment


SHAPES: dict[str, Callable[[World], Awaitable[Json]]] = {
    shape.__name__: shape
    for shape in (
        waiting,
        paused,
        completed,
        resumed,
        exited_by_signal,
        failed_step,
        edited,
        left_step,
        called_between_attempts,
        given_up,
        parked,
        cancelled,
        continued_as_new,
    )
}


async def runs(world: World, enrollment: Json) -> list[WorkflowHistory]:
    """The histories of its runs, oldest first."""
    return await runs_of(world, world.workflow(enrollment).id)


async def runs_of(world: World, workflow_id: str) -> list[WorkflowHistory]:
    """The histories of a workflow's runs, of which there are two at most, oldest first."""
    handle = world.temporal.get_workflow_handle(workflow_id)
    info = (await handle.describe()).raw_description.workflow_execution_info
    latest = await handle.fetch_history()
    if info.first_run_id == info.execution.run_id:
        return [latest]
    first = world.temporal.get_workflow_handle(workflow_id, run_id=info.first_run_id)
    return [await first.fetch_history(), latest]


def stored(folder: Path = HISTORIES) -> list[Path]:
    """The recorded histories."""
    return sorted(folder.glob("*.json"))


def shape_of(path: Path) -> str:
    """The shape that a recorded history shows; a second run has its number."""
    return path.stem.rstrip("0123456789").rstrip("_")


def read(path: Path) -> WorkflowHistory:
    """A recorded history."""
    return WorkflowHistory.from_json(path.stem, path.read_text())


def store(name: str, histories: list[WorkflowHistory], folder: Path = HISTORIES) -> None:
    """Record a history, a file for each run, without what it tells of the machine."""
    folder.mkdir(exist_ok=True)
    for number, history in enumerate(histories, start=1):
        suffix = f"_{number}" if len(histories) > 1 else ""
        events = _without_machine(json.loads(history.to_json()))
        (folder / f"{name}{suffix}.json").write_text(json.dumps(events, indent=1) + "\n")


def _without_machine(value: Any) -> Any:
    match value:
        case dict():
            return {
                key: _without_machine(item)
                for key, item in value.items()
                if key not in ("identity", "stackTrace")
            }
        case list():
            return [_without_machine(item) for item in value]
        case str():
            return re.sub(r"\d+@[\w.-]+", "worker", value)
    return value


async def enroll(world: World, *steps: Json, email_address: str | None = None) -> Json:
    values = {"email": email_address} if email_address else {}
    contact = await world.create_contact(**values)
    return await world.enroll(await world.create_campaign(*steps), contact)


async def in_trouble(world: World) -> Json:
    """An enrollment whose e-mail is to be tried again in an hour, before a tag."""
    await faults(world, mode="refuse_429", retry_after=3600)
    enrollment = await enroll(world, email("first"), tag("after"))
    await world.until(
        enrollment, lambda now: "429" in (now["executions"][0]["error_message"] or "")
    )
    await faults(world)
    return enrollment


async def _given_up(world: World, enrollment: Json) -> Json:
    await let_time_run_out(world, world.workflow(enrollment).id, "run_step")
    await world.workflow(enrollment).result()
    return enrollment


async def reaches(world: World, enrollment: Json, status: str, **plan: Any) -> None:
    """Wait until its workflow knows."""
    wanted = {"status": status, **plan}
    while True:
        state = await world.workflow(enrollment).query("state")
        if {name: state[name] for name in wanted} == wanted:
            return
        await asyncio.sleep(0.02)


async def faults(world: World, **fault: Any) -> None:
    answer: httpx.Response = await world.sandbox.put("/control", json={"resend": fault})
    answer.raise_for_status()
