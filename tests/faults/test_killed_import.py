"""A worker is killed in the middle of an import, another takes over: each row goes in once."""

from uuid import UUID

from services.bulk_enroll import BulkEnroll
from services.csv_upload import PIECE_ROWS
from tests.engine.jobs import csv_of, finished_job, upload
from tests.faults.stack import Stack
from tests.world import EMAIL, World, eventually

ROWS = 20_000
KILLS = 2


async def test_import_of_a_killed_worker_goes_on_under_the_next(stack: Stack, world: World) -> None:
    rows = ({"email": f"home{number}@home.example"} for number in range(ROWS))
    job = await upload(world, csv_of(*rows, {"email": "nobody"}))

    async def come_further_than(done: int) -> None:
        async def further() -> bool:
            now = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
            return bool(now["done"] > done)

        await eventually(further)

    for kill in range(KILLS):
        async with stack.worker() as worker:
            await come_further_than(kill * ROWS // 4)
            worker.kill()
    assert (await world.staff.get(f"/jobs/{job['id']}"))["job"]["status"] == "running"

    async with stack.worker():
        ended = await finished_job(world, job)

    assert (ended["status"], ended["done"], ended["failed"]) == ("completed", ROWS, 1)
    assert [error["id"] for error in ended["errors"]] == [str(ROWS + 2)]
    assert (await world.staff.get("/contacts"))["total"] == ROWS


async def test_import_that_enrolls_goes_on_wherever_its_worker_is_killed(
    stack: Stack, world: World
) -> None:
    rows = PIECE_ROWS + 50
    campaign = await world.create_campaign({**EMAIL, "delay_value": 30, "delay_unit": "days"})
    people = ({"email": f"home{number}@home.example"} for number in range(rows))
    # The last one comes up in both pieces.
    job = await upload(world, csv_of(*people, {"email": "home0@home.example"}), campaign=campaign)

    async def some_are_in() -> bool:
        return bool((await world.staff.get("/contacts"))["total"] >= PIECE_ROWS)

    async def some_are_enrolled() -> bool:
        now = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
        return bool(now["done"] > BulkEnroll.portion_size)

    for come_so_far in (some_are_in, some_are_enrolled):
        async with stack.worker() as worker:
            await eventually(come_so_far, seconds=60)
            worker.kill()
    assert (await world.staff.get(f"/jobs/{job['id']}"))["job"]["status"] == "running"

    async with stack.worker():
        ended = await finished_job(world, job, seconds=90)

    assert (ended["status"], ended["done"], ended["failed"]) == ("completed", rows + 1, 0)
    query = "select contact_id from campaign_enrollments where campaign_id = $1"
    enrolled = [row["contact_id"] for row in await stack.rows(query, UUID(campaign["id"]))]
    assert len(set(enrolled)) == len(enrolled) == rows
