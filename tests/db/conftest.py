"""A database of these tests' own: they need neither Temporal nor the web, and a worker would walk their rows."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from db.migrate import migrate
from db.session import Database
from tests.db.companies import Company, create_company


async def create_database(url: str, name: str, more: str = "") -> str:
    """A new, empty database on the server of `url`."""
    connection = await asyncpg.connect(url)
    await connection.execute(f'create database "{name}" {more}')
    await connection.close()
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
async def migrated_url(postgres_url: str) -> str:
    url = await create_database(postgres_url, "tests_of_the_database")
    await migrate(url)
    return url


@pytest.fixture(scope="session")
async def database(migrated_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def owner(migrated_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A superuser, whom row-level security does not hold: it sees what really is."""
    connection = await asyncpg.connect(migrated_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def ridge(owner: asyncpg.Connection) -> Company:
    return await create_company(owner)


@pytest.fixture(scope="session")
async def summit(owner: asyncpg.Connection) -> Company:
    """Another company. It is not to notice what Ridge does."""
    return await create_company(owner)
