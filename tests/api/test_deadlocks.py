"""A request that PostgreSQL ends because two wait for each other is made again, and answered."""

import asyncio

import asyncpg

from tests.world import EMAIL, World, eventually

ENDED_BY_DEADLOCK = "select deadlocks from pg_stat_database where datname = current_database()"


async def test_request_that_gives_way_in_a_deadlock_is_made_again(
    world: World, postgres_url: str
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign({**EMAIL, "delay_value": 9, "delay_unit": "days"})
    enrollment = await world.enroll(campaign, contact)
    other = await asyncpg.connect(postgres_url)
    before = await deadlocks(postgres_url)
    try:
        async with other.transaction():
            # It has the contact, and will want the enrollment; an opt-out takes them the other way round.
            await other.execute("select from contacts where id = $1 for update", contact["id"])
            request = asyncio.create_task(
                world.staff.request(
                    "PATCH", f"/contacts/{contact['id']}", json={"email_opt_out": True}
                )
            )
            await until_somebody_waits_for(other)
            # It waits longer than the request does, so it is the request that gives way.
            await other.execute("set local deadlock_timeout = '20s'")
            await other.execute(
                "select from campaign_enrollments where id = $1 for update", enrollment["id"]
            )
        response = await request
    finally:
        await other.close()

    assert response.status_code == 200, response.text
    assert response.json()["contact"]["email_opt_out"] is True
    assert (await world.detail(enrollment))["exit_reason"] == "unsubscribed"
    assert await deadlocks(postgres_url) > before


async def until_somebody_waits_for(connection: asyncpg.Connection) -> None:
    query = "select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"

    async def is_waited_for() -> bool:
        return bool(await connection.fetchval(query, connection.get_server_pid()))

    await eventually(is_waited_for)


async def deadlocks(postgres_url: str) -> int:
    """How many there have been, once the statistics of those who were in them are in."""
    await asyncio.sleep(1)
    connection = await asyncpg.connect(postgres_url)
    try:
        count: int = await connection.fetchval(ENDED_BY_DEADLOCK)
    finally:
        await connection.close()
    return count
