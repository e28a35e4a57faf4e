"""Alembic's entry point. It is called by `db.migrate` with an open connection, never by itself."""

from alembic import context

from db.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
