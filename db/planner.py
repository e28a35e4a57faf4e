"""What PostgreSQL's planner is told where it misjudges a statement."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy import func, select

from db.session import Session


@asynccontextmanager
async def avoiding(session: Session, plan: Literal["nestloop", "seqscan"]) -> AsyncIterator[None]:
    """Statements inside are planned without this, if they can be."""
    await set_for_now(session, f"enable_{plan}", "off")
    yield
    await set_for_now(session, f"enable_{plan}", "on")


async def set_for_now(session: Session, name: str, value: str) -> None:
    """A setting of the transaction."""
    await session.execute(select(func.set_config(name, value, True)))  # noqa: FBT003 — SQL's argument
