"""What an act costs the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event


@contextmanager
def counted(tenant_id: UUID) -> Iterator[list[list[str]]]:
    """The statements of this process for one company, by transaction."""
    seen: list[list[str]] = []
    current: dict[int, list[str] | None] = {}

    def note(
        connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> None:
        own = id(connection.connection.dbapi_connection)
        if "app.tenant_id" in statement:
            current[own] = [] if parameters[1] == str(tenant_id) else None
            seen.extend(each for each in [current[own]] if each is not None)
        if (transaction := current.get(own)) is not None:
            transaction.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
