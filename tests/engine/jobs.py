"""Jobs as tests start and await them."""

import csv
import io
from typing import Any
from uuid import UUID

from temporalio.client import WorkflowHandle

from db.session import engine, person
from domain.enums import Role
from services.job_kinds import kinds
from services.jobs import create_job, run_portion
from services.temporal import Dispatcher
from tests.world import PATIENCE, Json, World, eventually


def csv_of(*rows: Json, **more: str) -> bytes:
    """A file of these rows, in UTF-8; `more` is said of each."""
    columns = dict.fromkeys(name for row in rows for name in [*row, *more])
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    writer.writerows({**row, **more} for row in rows)
    return text.getvalue().encode()


async def upload(
    world: World, content: bytes, *, events: bool = False, campaign: Json | None = None
) -> Json:
    """The job of an import that has begun; with a campaign, one that enrolls in it."""
    form = {"events": str(events).lower()}
    if campaign:
        form["campaign_id"] = campaign["id"]
    response = await world.staff.request(
        "POST",
        "/contacts/import",
        files={"file": ("contacts.csv", content)},
        data=form,
    )
    assert response.status_code == 202, response.text
    job: Json = response.json()["job"]
    return job


async def finished_job(world: World, job: Json, seconds: float = PATIENCE) -> Json:
    """The job, when it is over."""
    latest = job

    async def over() -> bool:
        nonlocal latest
        latest = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
        return bool(latest["status"] != "running")

    await eventually(over, seconds)
    return latest


async def bulk_job(world: World, campaign: Json, what: str, **body: Any) -> Json:
    """A job over many that has begun: `what` is `bulk`, which enrolls, or `actions`."""
    path = f"/campaigns/{campaign['id']}/enrollments/{what}"
    job: Json = (await world.manager.post(path, body))["job"]
    return job


async def enrolled_in_bulk(world: World, campaign: Json, **whom: Any) -> Json:
    """The job of a bulk enroll that is over."""
    return await finished_job(world, await bulk_job(world, campaign, "bulk", **whom))


async def acted(world: World, campaign: Json, action: str, **body: Any) -> Json:
    """The job of an action on many that is over."""
    job = await bulk_job(world, campaign, "actions", action=action, **body)
    return await finished_job(world, job)


def outcome(job: Json) -> tuple[str, int, list[tuple[str, str]]]:
    """A job in short: its status, how many went well, and who did not, with the codes."""
    assert job["total"] == job["done"] + job["failed"], job
    assert job["failed"] == len(job["errors"]), job
    return job["status"], job["done"], [(error["id"], error["code"]) for error in job["errors"]]


class Crash(Exception):  # noqa: N818 — no error of ours
    """A worker dies before it commits."""


async def portion(world: World, job: Json, *, crash: bool = False) -> None:
    """One portion of a job, as the activity does it; nobody is told of it."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await run_portion(session, UUID(job["id"]), kinds({}))
        if crash:
            raise Crash


async def imported(
    world: World, content: bytes, *, events: bool = False, campaign: Json | None = None
) -> Json:
    """The job of an import that is over."""
    return await finished_job(world, await upload(world, content, events=events, campaign=campaign))


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
