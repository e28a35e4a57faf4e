"""What tests wait for in the sandbox and in the company."""

from tests.world import Json, World, eventually


async def letters_to(world: World, address: str, count: int = 1) -> list[Json]:
    """What has come to an address or a number, oldest first, as soon as it is so much."""

    async def have_come() -> bool:
        return len(await world.messages(address)) >= count

    await eventually(have_come)
    return await world.messages(address)


async def enrollment_of(world: World, contact: Json) -> Json:
    """The contact's enrollment in the only campaign, as soon as there is one."""
    [campaign] = (await world.admin.get("/campaigns"))["campaigns"]
    found: list[Json] = []

    async def is_there() -> bool:
        path = f"/campaigns/{campaign['id']}/enrollments"
        found.extend((await world.admin.get(path, contact_id=contact["id"]))["enrollments"])
        return bool(found)

    await eventually(is_there)
    return found[0]
