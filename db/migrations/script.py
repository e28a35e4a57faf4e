"""What a migration calls to run its SQL."""

from pathlib import Path

from alembic import op


def run_sql_beside(migration: str) -> None:
    """Run the statements of `<migration>.sql`, in the migration's transaction.

    asyncpg prepares what goes through SQLAlchemy, and a prepared statement is one statement; a script
    goes to the driver itself.
    """
    script = Path(migration).with_suffix(".sql").read_text()
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None  # noqa: S101 — alembic runs online only
    connection.run_async(lambda driver: driver.execute(script))
