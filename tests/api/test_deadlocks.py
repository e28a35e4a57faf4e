"""A request that PostgreSQL ends because two wait for each other is made again, and answered."""

import asyncio
from collections.abc import Awaitable

import asyncpg
import httpx

from services.settings import Settings
from tests.api.resend import event, poster, tags
from tests.api.sent import create_sent
from tests.faults.locks import deadlocks
from tests.world import EMAIL, Json, World, eventually


async def test_request_that_gives_way_in_a_deadlock_is_made_again(
    world: World, postgres_url: str
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign({**EMAIL, "delay_value": 9, "delay_unit": "days"})
    enrollment = await world.enroll(campaign, contact)
    opt_out = world.staff.request(
        "PATCH", f"/contacts/{contact['id']}", json={"email_opt_out": True}
    )

    response = await gives_way(postgres_url, opt_out, contact, enrollment)

    assert response.status_code == 200, response.text
    assert response.json()["contact"]["email_opt_out"] is True
    assert (await world.detail(enrollment))["exit_reason"] == "unsubscribed"


async def test_report_that_gives_way_in_a_deadlock_is_heard_all_the_same(
    world: World, api: httpx.AsyncClient, settings: Settings
) -> None:
    sent = await create_sent(world)
    complaint = poster(api, settings)(event("complained", tags(sent)))

    response = await gives_way(settings.database_url, complaint, sent.contact, sent.enrollment)

    assert response.status_code == 204, response.text
    assert (await sent.contact_now())["email_opt_out"] is True
    assert (await world.detail(sent.enrollment))["exit_reason"] == "unsubscribed"
    assert [name for name, _ in await sent.events()].count("email_complained") == 1


async def gives_way(
    postgres_url: str,
    asking: Awaitable[httpx.Response],
    contact: Json,
    enrollment: Json,
) -> httpx.Response:
    """The answer to a request that somebody keeps from what it wants until it is ended in their favour."""
    other = await asyncpg.connect(postgres_url)
    before = await deadlocks(postgres_url)
    try:
        async with other.transaction():
            # It has the contact, and will want the enrollment; an opt-out takes them the other way round.
            await other.execute("select from contacts where id = $1 for update", contact["id"])
            request = asyncio.ensure_future(asking)
            await until_somebody_waits_for(other)
            # It waits longer than the request does, so it is the request that gives way.
            await other.execute("set local deadlock_timeout = '20s'")
            await other.execute(
                "select from campaign_enrollments where id = $1 for update", enrollment["id"]
            )
        response = await request
    finally:
        await other.close()
    assert await deadlocks(postgres_url) > before
    return response


async def until_somebody_waits_for(connection: asyncpg.Connection) -> None:
    query = "select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"

    async def is_waited_for() -> bool:
        return bool(await connection.fetchval(query, connection.get_server_pid()))

    await eventually(is_waited_for)
