"""Statements about what test runs have sent to an address that an admin named."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from db.lists import among
from db.session import Session
from db.tables import Suppression, TestMessage
from domain.enums import Channel

_KEPT = timedelta(days=1)


async def find_test_messages(
    session: Session, message_ids: Sequence[UUID]
) -> dict[UUID, TestMessage]:
    """Those of these that are not forgotten yet, as they are now."""
    rows = await session.scalars(select(TestMessage).where(among(TestMessage.id, message_ids)))
    return {row.id: row for row in rows}


async def suppressed_because(session: Session, channel: Channel, address: str) -> str | None:
    """Why nothing goes to an address, None if something may."""
    return await session.scalar(
        select(Suppression.reason)
        .where(Suppression.channel == channel, Suppression.address == address)
        .order_by(Suppression.created_at)
        .limit(1)
    )


async def forget_old_test_messages(session: Session) -> None:
    """Forget what was sent, or could not be, long enough ago to have been told."""
    await session.execute(delete(TestMessage).where(TestMessage.created_at < func.now() - _KEPT))
