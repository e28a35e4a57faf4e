"""Opting out."""

from uuid import UUID

from sqlalchemy import func, update

from db.session import Session
from db.tables import Contact


async def opt_out_of_email(session: Session, contact_id: UUID) -> None:
    """No e-mail of the company reaches this contact any more, from the next send on."""
    await session.execute(
        update(Contact)
        .where(Contact.id == contact_id)
        .values(email_opt_out=True, updated_at=func.now())
    )
