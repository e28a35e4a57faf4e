"""What PostgreSQL itself says of the schema."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

ROLES = ("campaigns_app", "campaigns_engine", "campaigns_gateway")


@dataclass(frozen=True)
class ForeignKey:
    """Columns that point at columns."""

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column. `words` are those that its check allows, if it has one that lists them."""

    name: str
    type: str
    nullable: bool
    has_default: bool
    words: tuple[str, ...]


async def tables(connection: asyncpg.Connection) -> list[str]:
    """Every table of ours, Alembic's own aside."""
    rows = await connection.fetch(
        """
        select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
          and relname <> 'alembic_version'
        order by relname
        """
    )
    return [row["relname"] for row in rows]


async def columns(connection: asyncpg.Connection, table: str) -> list[Column]:
    """The columns of a table."""
    rows = await connection.fetch(
        """
        select attname, format_type(atttypid, atttypmod) as type, not attnotnull as nullable,
               atthasdef or attidentity <> '' as has_default,
               array(select (regexp_matches(pg_get_constraintdef(c.oid), '''([^'']*)''', 'g'))[1]
                     from pg_constraint c
                     where c.conrelid = attrelid and c.contype = 'c' and c.conkey = array[attnum]
                       and pg_get_constraintdef(c.oid) like '%= ANY (%') as words
        from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped
        order by attnum
        """,
        table,
    )
    return [
        Column(
            row["attname"], row["type"], row["nullable"], row["has_default"], tuple(row["words"])
        )
        for row in rows
    ]


async def foreign_keys(connection: asyncpg.Connection) -> Sequence[ForeignKey]:
    """Every foreign key of ours."""
    rows = await connection.fetch(
        """
        select conname, conrelid::regclass::text as source, confrelid::regclass::text as target,
               array(select attname from unnest(conkey) with ordinality k(number, place)
                     join pg_attribute on attrelid = conrelid and attnum = number
                     order by place) as columns,
               array(select attname from unnest(confkey) with ordinality k(number, place)
                     join pg_attribute on attrelid = confrelid and attnum = number
                     order by place) as target_columns
        from pg_constraint
        where contype = 'f' and connamespace = 'public'::regnamespace
        order by source, conname
        """
    )
    return [
        ForeignKey(
            row["conname"],
            row["source"],
            tuple(row["columns"]),
            row["target"],
            tuple(row["target_columns"]),
        )
        for row in rows
    ]


async def may(connection: asyncpg.Connection, role: str, verb: str, table: str) -> bool:
    """Whether a role has a privilege on a table, or on a column of it."""
    check = "has_table_privilege" if verb == "DELETE" else "has_any_column_privilege"
    answer: bool = await connection.fetchval(f"select {check}($1, $2, $3)", role, table, verb)
    return answer


async def updatable(connection: asyncpg.Connection, role: str, table: str) -> set[str]:
    """The columns that a role may update."""
    rows = await connection.fetch(
        """
        select attname from pg_attribute
        where attrelid = $2::regclass and attnum > 0 and not attisdropped
          and has_column_privilege($1, $2::regclass, attname, 'UPDATE')
        """,
        role,
        table,
    )
    return {row["attname"] for row in rows}
