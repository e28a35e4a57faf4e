"""Jobs as tests start and await them."""

import csv
import io
from typing import Any

from temporalio.client import WorkflowHandle

from db.session import person
from domain.enums import Role
from services.jobs import create_job
from services.temporal import Dispatcher
from tests.world import Json, World, eventually


def csv_of(*rows: Json, **more: str) -> bytes:
    """A file of these rows, in UTF-8; `more` is said of each."""
    columns = dict.fromkeys(name for row in rows for name in [*row, *more])
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    writer.writerows({**row, **more} for row in rows)
    return text.getvalue().encode()


async def upload(world: World, content: bytes, *, events: bool = False) -> Json:
    """The job of an import that has begun."""
    response = await world.staff.request(
        "POST",
        "/contacts/import",
        files={"file": ("contacts.csv", content)},
        data={"events": str(events).lower()},
    )
    assert response.status_code == 202, response.text
    job: Json = response.json()["job"]
    return job


async def finished_job(world: World, job: Json, seconds: float = 30) -> Json:
    """The job, when it is over."""
    latest = job

    async def over() -> bool:
        nonlocal latest
        latest = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
        return bool(latest["status"] != "running")

    await eventually(over, seconds)
    return latest


async def imported(world: World, content: bytes, *, events: bool = False) -> Json:
    """The job of an import that is over."""
    return await finished_job(world, await upload(world, content, events=events))


def handle(world: World, job: Json) -> WorkflowHandle[Any, Any]:
    """Its workflow."""
    return world.temporal.get_workflow_handle(f"job-{job['id']}")


async def impossible_job(world: World, *, deliver: bool = True) -> Json:
    """A job of a kind that no worker knows: its portions fail again and again."""
    scope = person(world.tenant_id, world.user_ids[Role.STAFF], Role.STAFF)
    async with world.database.transaction(scope) as session:
        job = await create_job(session, "unheard_of", {})
    if deliver:
        await Dispatcher(world.temporal, world.database).deliver(world.tenant_id, session.outbox)
    return {"id": str(job.id)}


async def has_failed(world: World, job: Json) -> None:
    """Wait until a portion has failed."""

    async def failing() -> bool:
        pending = (await handle(world, job).describe()).raw_description.pending_activities
        return any(activity.attempt > 1 for activity in pending)

    await eventually(failing)
