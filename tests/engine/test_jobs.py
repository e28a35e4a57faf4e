"""Jobs: portion by portion, stopped by people and operators, lost by crashes, and each item once.

A worker that is killed in the middle of one: tests/faults/test_killed_import.py.
"""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db.session import engine, person
from db.tables import JobFile
from domain.enums import Role
from services.contact_import import begin_import
from services.temporal import Dispatcher
from services.unfinished import settle_jobs
from tests.engine.conftest import Site
from tests.engine.helpers import let_time_run_out
from tests.engine.jobs import (
    Crash,
    csv_of,
    finished_job,
    handle,
    has_failed,
    imported,
    impossible_job,
    portion,
    upload,
)
from tests.engine.test_history import every_text
from tests.world import Json, World

MANY = csv_of(*({"email": f"home{number}@home.example"} for number in range(2500)), {"email": "x"})
ONE = csv_of({"email": "ann@home.example"})


async def job_now(world: World, job: Json) -> Json:
    body: Json = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
    return body


async def contacts(world: World) -> int:
    total: int = (await world.staff.get("/contacts"))["total"]
    return total


async def pieces(world: World) -> int:
    """What is kept of uploaded files."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        return await session.scalar(select(func.count()).select_from(JobFile)) or 0


async def repair(world: World) -> int:
    """A round of the reconciler, without its patience for what has only just happened."""
    dispatcher = Dispatcher(world.temporal, world.database)
    return await settle_jobs(world.database, dispatcher, timedelta())


async def test_portion_that_dies_before_its_commit_is_done_again_and_nothing_twice(
    quiet_world: World,
) -> None:
    world = quiet_world
    job = await upload(world, MANY)

    await portion(world, job)
    for _ in range(2):
        with pytest.raises(Crash):
            await portion(world, job, crash=True)
    halfway = await job_now(world, job)
    assert (halfway["status"], halfway["done"], halfway["failed"]) == ("running", 1000, 0)
    assert await contacts(world) == 1000

    for _ in range(4):
        await portion(world, job)
    ended = await job_now(world, job)
    assert (ended["status"], ended["done"], ended["failed"]) == ("completed", 2500, 1)
    assert [error["id"] for error in ended["errors"]] == ["2502"]
    assert await contacts(world) == 2500


async def test_job_waits_for_a_worker_and_is_then_done(site: Site, quiet_world: World) -> None:
    job = await upload(quiet_world, ONE)
    assert (await job_now(quiet_world, job))["status"] == "running"

    async with site.working():
        ended = await finished_job(quiet_world, job)

    assert (ended["status"], ended["done"]) == ("completed", 1)


async def test_job_of_a_header_alone_is_done_at_once(world: World) -> None:
    job = await imported(world, b"email\r\n")

    assert (job["status"], job["total"], job["done"], job["failed"]) == ("completed", 0, 0, 0)


async def test_job_says_in_the_temporal_ui_how_far_it_is(world: World) -> None:
    job = await imported(world, csv_of({"email": "ann@home.example"}, {"email": "bob"}))

    result = await handle(world, job).result()

    assert (result["done"], result["failed"], result["status"]) == (1, 1, "completed")
    said = await handle(world, job).query("__temporal_workflow_metadata")
    assert said.current_details == "**contact_import** completed: 2 of 2 through, 1 failed"
    described = await handle(world, job).describe()
    tenants = [
        pair.value for pair in described.typed_search_attributes if pair.key.name == "TenantId"
    ]
    assert tenants == [str(world.tenant_id)]


async def test_history_of_an_import_names_nobody(world: World) -> None:
    job = await imported(world, csv_of({"email": "ann@home.example"}, {"email": "secret.person"}))
    await handle(world, job).result()

    history = (await handle(world, job).fetch_history()).to_json_dict()

    told = " ".join(every_text(history))
    assert "contact_import" in told
    assert "home.example" not in told
    assert "secret" not in told


async def test_job_that_is_cancelled_stops_where_it_is(site: Site, quiet_world: World) -> None:
    world = quiet_world
    job = await upload(world, MANY)
    await portion(world, job)

    cancelled = (await world.staff.post(f"/jobs/{job['id']}/cancel"))["job"]
    assert (cancelled["status"], cancelled["done"]) == ("cancelled", 1000)

    async with site.working():
        result = await handle(world, job).result()
    assert result["status"] == "cancelled"
    assert await contacts(world) == 1000
    assert await pieces(world) == 0


async def test_job_that_is_over_cannot_be_cancelled(world: World) -> None:
    job = await imported(world, ONE)

    refused = await world.staff.request("POST", f"/jobs/{job['id']}/cancel")

    assert (refused.status_code, refused.json()["code"]) == (409, "job_finished")


async def test_job_whose_workflow_an_operator_cancels_is_cancelled(
    site: Site, quiet_world: World
) -> None:
    job = await upload(quiet_world, MANY)
    await handle(quiet_world, job).cancel()

    async with site.working():
        ended = await finished_job(quiet_world, job)

    assert (ended["status"], ended["done"], await pieces(quiet_world)) == ("cancelled", 0, 0)


async def test_job_whose_workflow_was_terminated_is_cancelled_by_the_reconciler(
    quiet_world: World,
) -> None:
    job = await upload(quiet_world, MANY)
    await handle(quiet_world, job).terminate()
    assert (await job_now(quiet_world, job))["status"] == "running"

    await repair(quiet_world)

    assert (await job_now(quiet_world, job))["status"] == "cancelled"
    assert await pieces(quiet_world) == 0


async def test_job_whose_portions_fail_for_good_has_failed_and_says_so(world: World) -> None:
    job = await impossible_job(world)
    await has_failed(world, job)
    assert (await job_now(world, job))["status"] == "running"

    await let_time_run_out(world, handle(world, job).id, "run_portion")

    ended = await finished_job(world, job)
    assert ended["status"] == "failed"
    assert [error["code"] for error in ended["errors"]] == ["internal_error"]
    assert ended["finished_at"]


async def test_job_whose_start_was_lost_is_started_by_the_reconciler(
    site: Site, quiet_world: World
) -> None:
    world = quiet_world
    scope = person(world.tenant_id, world.user_ids[Role.STAFF], Role.STAFF)
    async with world.database.transaction(scope) as session:
        created = await begin_import(session, io.BytesIO(ONE), events=False)
    job = {"id": str(created.id)}

    await repair(world)

    async with site.working():
        assert (await finished_job(world, job))["done"] == 1


async def test_reconciler_leaves_a_job_alone_that_runs_or_is_over(
    site: Site, quiet_world: World
) -> None:
    job = await upload(quiet_world, ONE)
    await repair(quiet_world)
    assert (await job_now(quiet_world, job))["status"] == "running"

    async with site.working():
        ended = await finished_job(quiet_world, job)
        await handle(quiet_world, job).result()
    await repair(quiet_world)

    assert await job_now(quiet_world, job) == ended
