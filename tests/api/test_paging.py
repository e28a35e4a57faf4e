"""Every list is walked by offset and by cursor, without gaps and without repeats."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import insert

from db.session import engine
from db.tables import Notification
from domain.enums import Role
from tests.api.routes import create_job, new_address
from tests.world import World

Fill = Callable[[World, int], Awaitable[None]]
COUNT = 7


async def add_contacts(world: World, count: int) -> None:
    await asyncio.gather(*(world.create_contact() for _ in range(count)))


async def add_campaigns(world: World, count: int) -> None:
    await asyncio.gather(*(world.create_campaign(activate=False) for _ in range(count)))


async def add_projects(world: World, count: int) -> None:
    contact = await world.create_contact()
    for _ in range(count):
        await world.staff.post("/projects", {"contact_id": contact["id"]})


async def add_tasks(world: World, count: int) -> None:
    for _ in range(count):
        await world.staff.post("/tasks", {"title": "Call"})


async def add_templates(world: World, count: int) -> None:
    for _ in range(count):
        body = {"name": "Hi", "channel": "sms", "body": "Hi"}
        await world.admin.post("/message-templates", body)


async def add_users(world: World, count: int) -> None:
    for _ in range(count - len(Role)):
        await world.admin.post("/users", {"email": new_address(), "name": "Sam", "role": "staff"})


async def add_keys(world: World, count: int) -> None:
    for _ in range(count - len(Role)):
        await world.admin.post("/api-keys", {"name": "CRM", "role": "staff"})


async def add_jobs(world: World, count: int) -> None:
    for _ in range(count):
        await create_job(world)


async def add_notifications(world: World, count: int) -> None:
    """All at the same moment, so that time alone cannot order them."""
    row = {
        "tenant_id": world.tenant_id,
        "user_id": world.user_ids[Role.ADMIN],
        "title": "Ann replied",
        "message": "She likes the roof.",
    }
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(insert(Notification), [row] * count)


LISTS: dict[str, Fill] = {
    "contacts": add_contacts,
    "campaigns": add_campaigns,
    "projects": add_projects,
    "tasks": add_tasks,
    "message-templates": add_templates,
    "users": add_users,
    "api-keys": add_keys,
    "notifications": add_notifications,
    "jobs": add_jobs,
}


def ids(noun: str, answer: dict[str, Any]) -> list[str]:
    return [row["id"] for row in answer[noun.replace("-", "_")]]


@pytest.mark.parametrize("noun", LISTS)
async def test_list_is_walked_without_gaps_or_repeats(world: World, noun: str) -> None:
    await LISTS[noun](world, COUNT)
    path = f"/{noun}"
    whole = await world.admin.get(path)
    assert (whole["total"], len(ids(noun, whole)), len(set(ids(noun, whole)))) == (COUNT,) * 3
    assert (whole["limit"], whole["offset"], whole["next_cursor"]) == (50, 0, None)

    by_offset = []
    for offset in range(0, COUNT + 3, 3):
        page = await world.admin.get(path, limit=3, offset=offset)
        assert (page["total"], page["limit"], page["offset"]) == (COUNT, 3, offset)
        assert (page["next_cursor"] is None) == (offset + 3 >= COUNT)
        by_offset += ids(noun, page)
    assert by_offset == ids(noun, whole)

    page = await world.admin.get(path, limit=3)
    by_cursor = ids(noun, page)
    while page["next_cursor"]:
        page = await world.admin.get(path, limit=3, cursor=page["next_cursor"])
        assert page["total"] == COUNT
        by_cursor += ids(noun, page)
    assert by_cursor == ids(noun, whole)


async def test_enrollments_are_walked_too(world: World) -> None:
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 5})
    for _ in range(5):
        await world.enroll(campaign, await world.create_contact())
    path = f"/campaigns/{campaign['id']}/enrollments"
    first = await world.staff.get(path, limit=4)
    second = await world.staff.get(path, limit=4, cursor=first["next_cursor"])
    whole = await world.staff.get(path)
    assert whole["enrollments"] == first["enrollments"] + second["enrollments"]
    assert (whole["total"], second["next_cursor"]) == (5, None)


async def test_newest_is_first(world: World) -> None:
    contacts = [await world.create_contact() for _ in range(3)]
    assert ids("contacts", await world.staff.get("/contacts")) == [
        contact["id"] for contact in reversed(contacts)
    ]


async def test_what_comes_or_goes_meanwhile_moves_nothing_under_a_cursor(world: World) -> None:
    contacts = [await world.create_contact() for _ in range(4)]
    first = await world.staff.get("/contacts", limit=2)
    await world.create_contact()
    await world.staff.delete(f"/contacts/{contacts[2]['id']}")

    second = await world.staff.get("/contacts", limit=2, cursor=first["next_cursor"])

    assert ids("contacts", second) == [contacts[1]["id"], contacts[0]["id"]]


async def test_filters_hold_on_every_page(world: World) -> None:
    wanted = [(await world.create_contact(stage="new"))["id"] for _ in range(3)]
    await world.create_contact(stage="won")
    first = await world.staff.get("/contacts", stage="new", limit=2)
    second = await world.staff.get("/contacts", stage="new", limit=2, cursor=first["next_cursor"])
    assert first["total"] == second["total"] == 3
    assert ids("contacts", first) + ids("contacts", second) == wanted[::-1]


async def test_largest_page_is_two_hundred(world: World) -> None:
    assert (await world.staff.get("/contacts", limit=200))["limit"] == 200
