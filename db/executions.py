"""Statements about single executions."""

from uuid import UUID

from sqlalchemy import update

from db.session import Session
from db.tables import Execution


async def note_provider_id(session: Session, execution_id: UUID, provider_id: str) -> None:
    """Note under which id the provider took a message, if that is not known yet."""
    await session.execute(
        update(Execution)
        .where(Execution.id == execution_id, Execution.provider_id.is_(None))
        .values(provider_id=provider_id)
    )
