"""Statements about how users come to a password: links that are spent, and the mails that carry them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select

from db.session import Session
from db.tables import AccountMail, PasswordLink, User

_KEPT = timedelta(days=30)


async def insert_link(
    session: Session, token_hash: bytes, user_id: UUID, expires_at: datetime
) -> None:
    """A link for a user of the transaction's tenant."""
    await session.execute(
        insert(PasswordLink).values(
            token_hash=token_hash,
            tenant_id=session.scope.tenant_id,
            user_id=user_id,
            expires_at=expires_at,
        )
    )


async def spend_link(session: Session, token_hash: bytes) -> bool:
    """Take a link of the transaction's user out of the world; whether it was still good.

    Of two who try at once one succeeds. The user is locked before their links, as by whoever changes the password.
    """
    user = select(User.id).where(User.id == session.scope.user_id)
    await session.execute(user.with_for_update(key_share=True))
    spent = await session.scalar(
        delete(PasswordLink)
        .where(PasswordLink.token_hash == token_hash, PasswordLink.expires_at > func.now())
        .returning(PasswordLink.user_id)
    )
    return spent is not None


async def void_links_of(session: Session, user_id: UUID) -> None:
    """Make every link void that was mailed to a user."""
    await session.execute(delete(PasswordLink).where(PasswordLink.user_id == user_id))


async def insert_account_mail(
    session: Session, user_id: UUID, content: dict[str, Any], worth_until: datetime
) -> UUID:
    """A mail to a user of the transaction's tenant; its id. People may write one, and read none."""
    mail_id = uuid4()
    await session.execute(
        insert(AccountMail).values(
            id=mail_id,
            tenant_id=session.scope.tenant_id,
            user_id=user_id,
            content=content,
            worth_until=worth_until,
        )
    )
    return mail_id


async def forget_old_links(session: Session) -> None:
    """Forget links whose time is over."""
    await session.execute(delete(PasswordLink).where(PasswordLink.expires_at < func.now()))


async def forget_old_account_mails(session: Session) -> None:
    """Forget what was written to users long ago."""
    await session.execute(delete(AccountMail).where(AccountMail.created_at < func.now() - _KEPT))
