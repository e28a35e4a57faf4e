"""Events, consent, conversations and jobs: see the SQL beside this file."""

from db.migrations.script import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql_beside(__file__)
