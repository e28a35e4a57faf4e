"""What every plain noun needs: find, insert, change."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from asyncpg import DataError, ForeignKeyViolationError, UniqueViolationError
from sqlalchemy import func, insert
from sqlalchemy.exc import DBAPIError

from db.session import Session
from db.tables.base import EditableRow, TenantRow
from domain.errors import Conflict, Invalid, NotFound

Row = TypeVar("Row", bound=TenantRow)
Editable = TypeVar("Editable", bound=EditableRow)


async def find(session: Session, table: type[Row], row_id: UUID) -> Row:
    """A row of the tenant that is not deleted.

    Raises:
        NotFound: there is none.
    """
    row = await session.get(table, row_id)
    if row is None or getattr(row, "is_deleted", False):
        raise NotFound(f"There is no such {_noun(table)}.")
    return row


async def add(session: Session, table: type[Row], values: Mapping[str, Any]) -> Row:
    """A new row of the tenant.

    Raises:
        Invalid: a field names a row that the tenant does not have.
        Conflict: `already_exists`.
    """
    statement = insert(table).values(**values, tenant_id=session.scope.tenant_id).returning(table)
    with explained():
        return (await session.scalars(statement)).one()


async def change(
    session: Session, table: type[Editable], row_id: UUID, values: Mapping[str, Any]
) -> Editable:
    """Change the named fields of a row. Raises what `find` and `add` raise."""
    row = await find(session, table, row_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = func.now()  # the database's clock
    with explained():
        await session.flush()
    await session.refresh(row)
    return row


def _noun(table: type[TenantRow]) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in table.__name__).strip()


@contextmanager
def explained() -> Iterator[None]:
    """Name the field that a constraint of the database has refused."""
    try:
        yield
    except DBAPIError as error:
        # The driver's own error: SQLAlchemy does not tell asyncpg's DataError from others.
        cause = error.orig.__cause__ if error.orig else None
        constraint = str(getattr(cause, "constraint_name", ""))
        if isinstance(cause, DataError | ValueError):
            raise Invalid.field("value", "is not one that can be stored there") from error
        if isinstance(cause, UniqueViolationError):
            raise Conflict("already_exists", "There is one already.") from error
        if isinstance(cause, ForeignKeyViolationError):
            # PostgreSQL names a foreign key after its columns: tasks_tenant_id_contact_id_fkey.
            field = constraint.partition("_tenant_id_")[2].removesuffix("_fkey")
            raise Invalid.field(field or "id", "names nothing of this company") from error
        raise
