"""The classes of `db.tables` against the migrated database."""

from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import TypeEngine

from db.session import driver_url
from db.tables import Base
from tests.db.catalogue import columns


def differs(
    _context: object, _inspected: object, _column: object, stored: TypeEngine[Any], mapped: object
) -> bool:
    """Whether a class takes a column for something else. Lengths are the database's alone."""
    assert isinstance(mapped, TypeEngine)
    return stored._type_affinity is not mapped._type_affinity


def differences(connection: Connection) -> list[Any]:
    # Keys, indexes and defaults are in the migrations alone, so they are not compared.
    plugins = ["schemas", "tables", "types"]
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": differs,
            "autogenerate_plugins": [f"alembic.autogenerate.{name}" for name in plugins],
        },
    )
    found: list[Any] = compare_metadata(context, Base.metadata)
    return found


async def test_classes_have_the_tables_and_columns_of_the_database(migrated_url: str) -> None:
    engine = create_async_engine(driver_url(migrated_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
async def test_class_leaves_out_exactly_what_the_database_supplies(
    owner: asyncpg.Connection, table: str
) -> None:
    """A column that is left out of an insert needs a default; one with a default may be left out."""
    stored = {column.name: column for column in await columns(owner, table)}
    for column in Base.metadata.tables[table].columns:
        assert bool(column.nullable) == stored[column.name].nullable, column
        assert (column.server_default is not None) == stored[column.name].has_default, column
