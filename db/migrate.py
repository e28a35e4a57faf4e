"""Brings the database of `DATABASE_URL` to the newest schema: `python -m db.migrate`."""

import asyncio
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from db.session import driver_url

_ADVISORY_LOCK = 7_263_001
"""Two deployments that migrate at once take turns."""


async def migrate(url: str, revision: str = "head") -> None:
    """Run what is missing up to that revision, in one transaction.

    A migration waits 5 seconds for a lock at most, so that it fails rather than hold up the traffic
    behind it.
    """
    engine = create_async_engine(driver_url(url))
    try:
        async with engine.begin() as connection:
            await connection.execute(
                text("select pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
            )
            await connection.execute(text("set local lock_timeout = '5s'"))
            await connection.execute(text("set local statement_timeout = '5min'"))
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


if __name__ == "__main__":
    asyncio.run(migrate(os.environ["DATABASE_URL"]))
