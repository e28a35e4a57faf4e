"""Who a transaction acts for ends with it: nothing of it stays on the connection."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from db.session import Database, become_engine, person
from db.tables import Contact, User
from domain.enums import Role
from tests.db.companies import Company


@pytest.fixture
async def one_connection(migrated_url: str) -> AsyncIterator[Database]:
    """A pool that hands out the same connection again and again."""
    database = Database(migrated_url, pool_size=1)
    yield database
    await database.close()


@dataclass(frozen=True)
class Identity:
    """What PostgreSQL takes the asker for."""

    pid: int
    db_role: str
    tenant_id: str
    role: str


async def identity(asker: AsyncSession | AsyncConnection) -> Identity:
    row = await asker.execute(
        text(
            "select pg_backend_pid(), current_user, coalesce(current_setting('app.tenant_id', true), ''),"
            " coalesce(current_setting('app.role', true), '')"
        )
    )
    return Identity(*row.one())


async def nobody(database: Database) -> Identity:
    """What a connection is that no transaction has taken."""
    async with database._engine.connect() as connection:
        return await identity(connection)


async def contacts(session: AsyncSession) -> set[UUID]:
    return set(await session.scalars(select(Contact.tenant_id)))


async def add_contact_and_fail(database: Database, company: Company) -> None:
    async with database.transaction(company.person(Role.ADMIN)) as session:
        session.add(Contact(tenant_id=company.id, first_name="Nobody"))
        await session.flush()
        assert await contacts(session) == {company.id}
        raise ZeroDivisionError


async def test_connection_without_a_transaction_is_the_app_without_a_tenant(
    one_connection: Database, ridge: Company
) -> None:
    async with one_connection._engine.connect() as connection:
        asked = await identity(connection)
        assert (asked.db_role, asked.tenant_id, asked.role) == ("campaigns_app", "", "")
        assert (await connection.execute(select(Contact.id))).all() == []


async def test_next_transaction_on_the_connection_is_nobody_else(
    one_connection: Database, ridge: Company, summit: Company
) -> None:
    seen = []
    for scope in (ridge.person(Role.ADMIN), summit.engine(), ridge.person(Role.STAFF)):
        async with one_connection.transaction(scope) as session:
            seen.append(await identity(session))
            assert await contacts(session) == {scope.tenant_id}
        after = await nobody(one_connection)
        assert (after.pid, after.db_role) == (seen[0].pid, "campaigns_app")
        assert (after.tenant_id, after.role) == ("", "")
    async with one_connection.gateway() as gateway:
        seen.append(await identity(gateway))
    assert {one.pid for one in seen} == {seen[0].pid}
    assert [(one.db_role, one.tenant_id, one.role) for one in seen] == [
        ("campaigns_app", str(ridge.id), "admin"),
        ("campaigns_engine", str(summit.id), ""),
        ("campaigns_app", str(ridge.id), "staff"),
        ("campaigns_gateway", "", ""),
    ]


async def test_transaction_that_fails_leaves_nobody_behind(
    one_connection: Database, ridge: Company
) -> None:
    with pytest.raises(ZeroDivisionError):
        await add_contact_and_fail(one_connection, ridge)
    after = await nobody(one_connection)
    assert (after.db_role, after.tenant_id, after.role) == ("campaigns_app", "", "")


async def test_engines_role_taken_in_mid_transaction_ends_with_it(
    one_connection: Database, ridge: Company
) -> None:
    async with one_connection.transaction(ridge.person(Role.MANAGER)) as session:
        await become_engine(session)
        now = await identity(session)
        assert (now.db_role, now.tenant_id) == ("campaigns_engine", str(ridge.id))
    async with one_connection.transaction(ridge.person(Role.MANAGER)) as session:
        assert (await identity(session)).db_role == "campaigns_app"


async def test_session_used_after_its_commit_refuses_to_go_on(
    database: Database, ridge: Company
) -> None:
    """It would see no rows any more, in silence."""

    async def commit_and_read() -> None:
        async with database.transaction(ridge.person(Role.ADMIN)) as session:
            await session.commit()
            await contacts(session)

    with pytest.raises(InvalidRequestError):
        await commit_and_read()


async def test_transaction_that_fails_keeps_nothing(
    database: Database, owner: asyncpg.Connection, ridge: Company
) -> None:
    with pytest.raises(ZeroDivisionError):
        await add_contact_and_fail(database, ridge)
    assert not await owner.fetchval("select count(*) from contacts where first_name = 'Nobody'")


async def test_company_that_does_not_exist_sees_nothing(database: Database, ridge: Company) -> None:
    unknown = Company().id
    async with database.transaction(person(unknown, unknown, Role.ADMIN)) as session:
        assert await contacts(session) == set()
        assert (await session.scalars(select(User))).all() == []
