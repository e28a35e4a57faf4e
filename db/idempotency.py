"""What POSTs with an `Idempotency-Key` answered."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.session import Session
from db.tables import IdempotencyKey

LIFETIME = timedelta(days=1)


async def claim_key(session: Session, key: str, request_hash: bytes) -> IdempotencyKey | None:
    """Take the key for this transaction; what it answered before, if it was used.

    A second request with the same key waits here until the first has committed or failed.
    """
    scope = session.scope
    mine = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "key": key}
    claimed = await session.scalar(
        insert(IdempotencyKey)
        .values(**mine, request_hash=request_hash)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed:
        return None
    return await session.scalar(select(IdempotencyKey).filter_by(**mine))


async def keep_answer(session: Session, key: str, status_code: int, response: bytes | None) -> None:
    """Keep what the request answered, in the transaction of what it did."""
    await session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == session.scope.user_id, IdempotencyKey.key == key)
        .values(status_code=status_code, response=response)
    )


async def forget_old_keys(session: Session) -> None:
    """A key is kept for a day."""
    await session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < func.now() - LIFETIME)
    )
