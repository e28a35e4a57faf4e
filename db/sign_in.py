"""Finding who is asking, before a tenant is known: the gateway's statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.session import Session
from db.tables import ApiKey, PasswordLink, SignIn, User


@dataclass(frozen=True, slots=True)
class FoundUser:
    """An active user, and the role in which they ask."""

    tenant_id: UUID
    user_id: UUID
    role: str
    password_hash: str | None = None


async def user_of_key(gateway: AsyncSession, key_hash: bytes) -> FoundUser | None:
    """Whom an API key acts as."""
    found = await gateway.execute(
        select(ApiKey.tenant_id, ApiKey.user_id, ApiKey.role)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.key_hash == key_hash, User.is_active)
    )
    row = found.one_or_none()
    return FoundUser(*row) if row else None


async def user_of_session(gateway: AsyncSession, token_hash: bytes) -> FoundUser | None:
    """Whose session it is, if it is not over."""
    found = await gateway.execute(
        select(SignIn.tenant_id, SignIn.user_id, User.role)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.token_hash == token_hash, SignIn.expires_at > func.now(), User.is_active)
    )
    row = found.one_or_none()
    return FoundUser(*row) if row else None


async def user_of_link(gateway: AsyncSession, token_hash: bytes) -> FoundUser | None:
    """Who may choose a password by this link, if it is still good."""
    found = await gateway.execute(
        select(PasswordLink.tenant_id, PasswordLink.user_id, User.role)
        .join(User, User.id == PasswordLink.user_id)
        .where(
            PasswordLink.token_hash == token_hash,
            PasswordLink.expires_at > func.now(),
            User.is_active,
        )
    )
    row = found.one_or_none()
    return FoundUser(*row) if row else None


async def password_hash_of(gateway: AsyncSession, user_id: UUID) -> str | None:
    """What is stored of a user's password, if they have one."""
    return await gateway.scalar(select(User.password_hash).where(User.id == user_id))


async def users_by_email(gateway: AsyncSession, email: str) -> Sequence[FoundUser]:
    """The users with this address, of whichever companies."""
    found = await gateway.execute(
        select(User.tenant_id, User.id, User.role, User.password_hash).where(
            func.lower(User.email) == email.lower(), User.is_active
        )
    )
    return [FoundUser(*row) for row in found]


async def insert_session(session: Session, token_hash: bytes, expires_at: datetime) -> None:
    """A session of the transaction's user."""
    await session.execute(
        insert(SignIn).values(
            token_hash=token_hash,
            tenant_id=session.scope.tenant_id,
            user_id=session.scope.user_id,
            expires_at=expires_at,
        )
    )


async def delete_session(session: Session, token_hash: bytes) -> None:
    """End one session."""
    await session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))
