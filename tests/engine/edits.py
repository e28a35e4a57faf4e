"""How tests edit a campaign."""

from typing import Any

from tests.engine.helpers import after, fork, inside, tag
from tests.world import Json, World

YES: Json = {"all": []}
NO: Json = {"any": []}


async def branching(world: World) -> tuple[Json, Json, Json]:
    """A contact, and a campaign in whose branch it will wait for a day."""
    campaign = await world.create_campaign(activate=False)
    conditional = await world.add_step(campaign, **fork(YES))
    await world.add_step(campaign, **tag("end"))
    await world.add_step(campaign, **inside(after(tag("inside"), 1, "days"), conditional, "true"))
    await world.activate(campaign)
    return await world.create_contact(), campaign, conditional


async def steps(world: World, campaign: Json) -> list[Json]:
    found: list[Json] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    return found


async def change(world: World, campaign: Json, index: int, **values: Any) -> Json:
    step = (await steps(world, campaign))[index]
    return await world.admin.patch(f"/campaigns/{campaign['id']}/steps/{step['id']}", values)


async def delete(world: World, campaign: Json, index: int) -> Json:
    step = (await steps(world, campaign))[index]
    return await world.admin.delete(f"/campaigns/{campaign['id']}/steps/{step['id']}")


async def reorder(world: World, campaign: Json, *places: int) -> list[Json]:
    """Put the steps of the trunk, by their indexes of now, into a new order."""
    found = await steps(world, campaign)
    answer = await world.admin.put(
        f"/campaigns/{campaign['id']}/steps/order",
        {"step_ids": [found[place]["id"] for place in places]},
    )
    ordered: list[Json] = answer["steps"]
    return ordered
