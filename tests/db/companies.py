"""Companies with one row in every table, made from what the catalogue says a row needs."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from db.session import Scope, engine, person
from domain.enums import Role
from tests.db.catalogue import Column, ForeignKey, columns, foreign_keys, tables

Row = dict[str, Any]


def tenant_key(table: str) -> str:
    """The column that says whose row it is."""
    return "id" if table == "tenants" else "tenant_id"


@dataclass
class Company:
    """A company with one row in every table; `rows` is by table."""

    id: UUID = field(default_factory=uuid4)
    rows: dict[str, Row] = field(default_factory=dict)

    def person(self, role: Role) -> Scope:
        return person(self.id, self.rows["users"]["id"], role)

    def engine(self) -> Scope:
        return engine(self.id)

    async def new_row(self, connection: asyncpg.Connection, table: str) -> Row:
        """A row of the company's as it might be inserted, pointing at what the company has."""
        row = {
            column.name: _value(column)
            for column in await columns(connection, table)
            if not column.nullable and not column.has_default
        }
        for key in await foreign_keys(connection):
            if key.table == table and key.target in self.rows:
                target = self.rows[key.target]
                pairs = zip(key.columns, key.target_columns, strict=True)
                row |= {name: target[other] for name, other in pairs}
        return row | {tenant_key(table): self.id}


async def create_company(connection: asyncpg.Connection) -> Company:
    """A company with a row in every table. The connection must be allowed to write everything."""
    company = Company()
    for table in await _by_dependency(connection):
        row = await company.new_row(connection, table)
        company.rows[table] = dict(
            await connection.fetchrow(insert_into(table, row), *row.values())
        )
    return company


def insert_into(table: str, row: Row) -> str:
    """A statement that inserts the row, in the driver's own style."""
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    return f"insert into {table} ({names}) values ({places}) returning *"


async def _by_dependency(connection: asyncpg.Connection) -> list[str]:
    keys = await foreign_keys(connection)
    graph: dict[str, set[str]] = {table: set() for table in await tables(connection)}
    for key in keys:
        if not _points_at_itself(key):
            graph[key.table].add(key.target)
    return list(TopologicalSorter(graph).static_order())


def _points_at_itself(key: ForeignKey) -> bool:
    return key.table == key.target


def _value(column: Column) -> object:
    kind, _, length = column.type.partition("(")
    if column.words:
        return column.words[0]
    if kind in ("text", "character varying"):
        return uuid4().hex[: int(length.rstrip(")")) if length else None]
    return {
        "uuid": uuid4(),
        "integer": 1,
        "bigint": 1,
        "numeric": 1,
        "boolean": False,
        "jsonb": "{}",
        "bytea": uuid4().bytes,
        "date": date(2026, 3, 1),
        "timestamp with time zone": datetime(2026, 3, 1, tzinfo=UTC),
    }[kind]
