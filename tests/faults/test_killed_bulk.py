"""A worker is killed in the middle of a bulk enroll: under the next each contact is in once, and its workflow runs."""

from uuid import UUID

from sqlalchemy import text

from db.session import engine
from services.bulk_enroll import BulkEnroll
from tests.engine.jobs import bulk_job, finished_job
from tests.faults.stack import Stack
from tests.world import EMAIL, Json, World, eventually

PORTION = BulkEnroll.portion_size
CONTACTS, KILLS = 2 * PORTION + 200, 2

_CONTACTS = text(
    "insert into contacts (tenant_id, first_name)"
    " select app_tenant(), 'Ann' from generate_series(1, :contacts)"
)
_ENROLLMENTS = """
    select id, contact_id, workflow_status from campaign_enrollments where campaign_id = $1
"""


async def test_bulk_enroll_of_a_killed_worker_goes_on_under_the_next(
    stack: Stack, world: World
) -> None:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(_CONTACTS, {"contacts": CONTACTS})
    campaign = await world.create_campaign({**EMAIL, "delay_value": 30, "delay_unit": "days"})
    job = await bulk_job(world, campaign, "bulk", filter={"all": []})

    for kill in range(KILLS):
        async with stack.worker() as worker:
            await come_further_than(world, job, kill * PORTION)
            worker.kill()
    assert (await world.staff.get(f"/jobs/{job['id']}"))["job"]["status"] == "running"

    async with stack.worker():
        ended = await finished_job(world, job, seconds=120)
        await eventually(lambda: all_started(stack, campaign), seconds=120)

    assert (ended["status"], ended["done"], ended["failed"]) == ("completed", CONTACTS, 0)
    made = await stack.rows(_ENROLLMENTS, UUID(campaign["id"]))
    assert len({row["contact_id"] for row in made}) == len(made) == CONTACTS
    running = [each.id async for each in world.temporal.list_workflows(of_campaign(campaign))]
    assert sorted(running) == sorted(f"enrollment-{row['id']}" for row in made)


async def come_further_than(world: World, job: Json, done: int) -> None:
    """Wait until so many are through."""

    async def further() -> bool:
        now = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
        return bool(now["done"] > done)

    await eventually(further)


async def all_started(stack: Stack, campaign: Json) -> bool:
    """Whether Temporal has a workflow of each, and its list shows them."""
    made = await stack.rows(_ENROLLMENTS, UUID(campaign["id"]))
    if any(row["workflow_status"] == "unstarted" for row in made):
        return False
    return (await stack.temporal.count_workflows(of_campaign(campaign))).count >= len(made)


def of_campaign(campaign: Json) -> str:
    """The query for its workflows."""
    return f"CampaignId = '{campaign['id']}' AND ExecutionStatus = 'Running'"
