"""One company against the rows of another, in every table, as people and as the worker."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from db.session import Database, Scope
from db.tables import Base
from domain.enums import Role
from tests.db.catalogue import foreign_keys, may, tables, updatable
from tests.db.companies import Company, Row, tenant_key

TABLES = sorted(Base.metadata.tables)
ROLES = ("campaigns_app", "campaigns_engine")

each_table = pytest.mark.parametrize("table", TABLES)
each_role = pytest.mark.parametrize("role", ROLES)


def scope_of(company: Company, role: str) -> Scope:
    """The most that the company may do in that role."""
    return company.person(Role.ADMIN) if role == "campaigns_app" else company.engine()


async def reached(
    database: Database, scope: Scope, statement: str, values: Mapping[str, Any] | None = None
) -> int:
    """How many rows a committed statement answered or changed."""
    async with database.transaction(scope) as session:
        result = await session.execute(text(statement), values)
        count: int = len(result.all()) if result.returns_rows else result.rowcount  # type: ignore[attr-defined]
    return count


async def rows_of(owner: asyncpg.Connection, table: str, company: Company) -> list[Row]:
    found = await owner.fetch(
        f"select * from {table} where {tenant_key(table)} = $1 order by {table}::text", company.id
    )
    return [dict(row) for row in found]


async def test_every_table_of_the_database_is_tried_here(owner: asyncpg.Connection) -> None:
    assert await tables(owner) == TABLES


@each_table
@each_role
async def test_reading_everything_finds_the_own_row_alone(
    database: Database,
    owner: asyncpg.Connection,
    ridge: Company,
    summit: Company,
    role: str,
    table: str,
) -> None:
    query = f"select {tenant_key(table)} from {table}"
    if not await may(owner, role, "SELECT", table):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await reached(database, scope_of(ridge, role), query)
        return
    assert await reached(database, scope_of(ridge, role), query) == len(
        await rows_of(owner, table, ridge)
    )
    foreign = f"{query} where {tenant_key(table)} = :other"
    assert await reached(database, scope_of(ridge, role), foreign, {"other": summit.id}) == 0


@each_table
@each_role
async def test_updating_everything_reaches_the_own_row_alone(
    database: Database,
    owner: asyncpg.Connection,
    ridge: Company,
    summit: Company,
    role: str,
    table: str,
) -> None:
    theirs = await rows_of(owner, table, summit)
    columns = await updatable(owner, role, table)
    column = min(columns, default=tenant_key(table))
    update = f"update {table} set {column} = {column}"
    if columns:
        own = len(await rows_of(owner, table, ridge))
        assert await reached(database, scope_of(ridge, role), update) == own
    else:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await reached(database, scope_of(ridge, role), update)
    assert await rows_of(owner, table, summit) == theirs


@each_table
@each_role
async def test_deleting_a_foreign_row_reaches_nothing(
    database: Database,
    owner: asyncpg.Connection,
    ridge: Company,
    summit: Company,
    role: str,
    table: str,
) -> None:
    theirs = await rows_of(owner, table, summit)
    delete = f"delete from {table} where {tenant_key(table)} = :other"
    if await may(owner, role, "DELETE", table):
        assert await reached(database, scope_of(ridge, role), delete, {"other": summit.id}) == 0
    else:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await reached(database, scope_of(ridge, role), delete, {"other": summit.id})
    assert await rows_of(owner, table, summit) == theirs


@each_table
@each_role
async def test_inserting_a_row_for_another_company_is_refused(
    database: Database,
    owner: asyncpg.Connection,
    ridge: Company,
    summit: Company,
    role: str,
    table: str,
) -> None:
    row = await summit.new_row(owner, table)
    if table == "tenants":
        row = await Company().new_row(owner, table)  # a third company
    allowed = await may(owner, role, "INSERT", table)
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    with pytest.raises(
        ProgrammingError, match="row-level security" if allowed else "permission denied"
    ):
        await reached(
            database,
            scope_of(ridge, role),
            f"insert into {table} ({names}) values ({places})",
            row,
        )


@each_table
@each_role
async def test_handing_a_row_to_another_company_is_refused(
    database: Database,
    owner: asyncpg.Connection,
    ridge: Company,
    summit: Company,
    role: str,
    table: str,
) -> None:
    key = tenant_key(table)
    allowed = key in await updatable(owner, role, table)
    with pytest.raises(
        ProgrammingError, match="row-level security" if allowed else "permission denied"
    ):
        await reached(
            database,
            scope_of(ridge, role),
            f"update {table} set {key} = :other",
            {"other": summit.id},
        )


async def test_pointing_at_a_row_of_another_company_is_refused(
    owner: asyncpg.Connection, ridge: Company, summit: Company
) -> None:
    """PostgreSQL checks foreign keys without row-level security, so the keys themselves must hold."""
    tried = 0
    for key in await foreign_keys(owner):
        column, target = key.columns[-1], key.target_columns[-1]
        if column == "tenant_id":
            continue
        foreign = summit.rows[key.target][target]
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await owner.execute(
                f"update {key.table} set {column} = $1 where tenant_id = $2", foreign, ridge.id
            )
        tried += 1
    assert tried > 20


@each_table
@each_role
async def test_nobody_in_particular_sees_nothing(
    migrated_url: str,
    owner: asyncpg.Connection,
    ridge: Company,
    role: str,
    table: str,
) -> None:
    """A connection as the pool makes it, before a transaction says for whom it is."""
    if not await may(owner, role, "SELECT", table):
        return
    connection = await asyncpg.connect(migrated_url, server_settings={"role": role})
    try:
        assert await connection.fetch(f"select {tenant_key(table)} from {table}") == []
    finally:
        await connection.close()
