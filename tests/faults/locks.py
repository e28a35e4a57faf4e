"""Locks that stop a worker at a chosen place in its work."""

import asyncio

import asyncpg

from tests.world import PATIENCE, eventually

HOLD_ENROLLMENT = "select from campaign_enrollments where id = $1 for update"
HOLD_EXECUTION = "select from campaign_step_executions where enrollment_id = $1 for update"
HOLD_ENROLLMENTS = "lock table campaign_enrollments in access exclusive mode"
HOLD_CONTACTS = "lock table contacts in access exclusive mode"

_ENDED_BY_DEADLOCK = "select deadlocks from pg_stat_database where datname = current_database()"
_AHEAD = "select cardinality(pg_blocking_pids($1))"
_CUT_OFF = (
    "select pg_terminate_backend(pid) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"
)
_BEHIND = "select count(*) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"


class Hold:
    """A lock that the test asks for and holds, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def take(self, statement: str, *parameters: object) -> None:
        """Take the lock that a statement takes."""
        await self._ask(statement, *parameters)
        await self.granted()

    async def queue(self, statement: str, *parameters: object) -> None:
        """Ask for the lock, and come back when we stand behind those who wait for it already."""
        await self._ask(statement, *parameters)
        await self._until(_AHEAD, 1)

    async def granted(self) -> None:
        """Wait until it is ours."""
        await asyncio.wait_for(self._asked, PATIENCE)

    async def awaited(self, times: int = 1) -> None:
        """Wait until so many wait for it."""
        await self._until(_BEHIND, times)

    async def cut_off(self) -> None:
        """Cut the connections of those who wait for it."""
        watcher = await asyncpg.connect(self._url)
        await watcher.execute(_CUT_OFF, self._connection.get_server_pid())
        await watcher.close()

    async def release(self) -> None:
        """Let it go."""
        await self._asked
        await self._connection.close()

    async def _ask(self, statement: str, *parameters: object) -> None:
        self._connection: asyncpg.Connection = await asyncpg.connect(self._url)
        await self._connection.execute("begin")
        self._asked = asyncio.create_task(self._connection.fetch(statement, *parameters))

    async def _until(self, question: str, count: int) -> None:
        watcher = await asyncpg.connect(self._url)

        async def check() -> bool:
            found = await watcher.fetchval(question, self._connection.get_server_pid())
            return bool(found >= count)

        try:
            await eventually(check)
        finally:
            await watcher.close()


async def deadlocks(postgres_url: str) -> int:
    """How many there have been, once the statistics of those who were in them are in."""
    await asyncio.sleep(1)
    connection = await asyncpg.connect(postgres_url)
    try:
        count: int = await connection.fetchval(_ENDED_BY_DEADLOCK)
    finally:
        await connection.close()
    return count
