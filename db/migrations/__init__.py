"""Migrations: Alembic orders and records them, each one's statements are in the SQL file beside it."""
