"""How many wait at a step, and what became of those who came to it."""

from typing import Any

from sqlalchemy import text, update

from db.counters import fold_counters
from db.session import engine
from db.tables import Enrollment
from tests.world import EMAIL, World

Json = dict[str, Any]

LATER = {**EMAIL, "delay_value": 30, "delay_unit": "days"}
NOTHING = {"waiting": 0, "done": 0, "failed": 0, "skipped": 0, "unknown": 0}
OUTCOMES = ["completed"] * 3 + ["failed"] + ["skipped"] * 2 + ["unknown"]


def counts(step: Json) -> dict[str, int]:
    return {name: step[name] for name in NOTHING}


async def steps(world: World, campaign: Json) -> list[Json]:
    found: list[Json] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    return found


async def go_on(world: World, campaign: Json, outcome: str) -> None:
    """A new enrollment's first step ends like that, and it waits for the second."""
    enrollment = await world.enroll(campaign, await world.create_contact())
    _, second = await steps(world, campaign)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        mine = {"enrollment_id": enrollment["id"]}
        for status in ("running", outcome):
            await session.execute(
                text(
                    "update campaign_step_executions set status = :status"
                    " where enrollment_id = :enrollment_id"
                ),
                {**mine, "status": status},
            )
        await session.execute(
            update(Enrollment)
            .where(Enrollment.id == enrollment["id"])
            .values(current_step_id=second["id"])
        )


async def test_steps_tell_how_many_wait_and_what_became_of_the_others(world: World) -> None:
    campaign = await world.create_campaign(LATER, LATER)
    for outcome in OUTCOMES:
        await go_on(world, campaign, outcome)
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.staff.post(f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}/pause")
    first = {"waiting": 1, "done": 3, "failed": 1, "skipped": 2, "unknown": 1}
    second = {**NOTHING, "waiting": len(OUTCOMES)}

    assert [counts(step) for step in await steps(world, campaign)] == [first, second]
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await fold_counters(session)
    assert [counts(step) for step in await steps(world, campaign)] == [first, second]
    (step, _) = await steps(world, campaign)
    assert (step["total_executed"], step["total_succeeded"], step["total_failed"]) == (5, 3, 1)

    path = f"/campaigns/{campaign['id']}/steps/{step['id']}"
    for answer in (await world.admin.patch(path, {}), await world.admin.delete(path)):
        assert (counts(answer["step"]), answer["waiting"]) == (first, 1)


async def test_who_has_ended_does_not_wait_any_more(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.staff.post(f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}/exit")

    assert [counts(step) for step in await steps(world, campaign)] == [NOTHING]


async def test_new_step_and_the_steps_of_a_copy_have_seen_nobody(world: World) -> None:
    campaign = await world.create_campaign(LATER, LATER)
    await go_on(world, campaign, "completed")

    copy = (await world.admin.post(f"/campaigns/{campaign['id']}/duplicate"))["campaign"]

    added = await world.add_step(campaign, **LATER)
    assert [counts(step) for step in (added, *await steps(world, copy))] == [NOTHING] * 3
