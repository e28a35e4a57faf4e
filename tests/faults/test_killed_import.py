"""A worker is killed in the middle of an import, another takes over: each row goes in once."""

from tests.engine.jobs import csv_of, finished_job, upload
from tests.faults.stack import Stack
from tests.world import World, eventually

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
