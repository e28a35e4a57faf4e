"""The schema, its counters and its row-level security: see the SQL beside this file."""

from db.migrations.script import run_sql_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_beside(__file__)
