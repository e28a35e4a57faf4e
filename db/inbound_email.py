"""Statements about e-mail that comes in: whose it is, and whether it is known already."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.sends import WENT_OUT
from db.session import Session
from db.tables import Contact, Enrollment, Execution, Message, Tenant
from domain.enums import Channel, Direction, StepType


async def tenants_of_addresses(
    gateway: AsyncSession, addresses: Collection[str], *, default: bool
) -> set[UUID]:
    """Who sends from one of these addresses; with `default` also those who have none of their own."""
    own = func.lower(Tenant.from_email).in_(addresses)
    theirs = or_(own, Tenant.from_email.is_(None)) if default else own
    return set(await gateway.scalars(select(Tenant.id).where(theirs)))


async def tenants_who_know_email(gateway: AsyncSession, email: str) -> set[UUID]:
    """Who has, or had, a contact with this address."""
    rows = await gateway.scalars(select(Contact.tenant_id).where(Contact.email == email).distinct())
    return set(rows)


async def contacts_with_email(session: Session, email: str) -> list[Contact]:
    """The contacts who have this address, the newest first."""
    rows = await session.scalars(
        select(Contact)
        .where(Contact.email == email, ~Contact.is_deleted)
        .order_by(Contact.created_at.desc(), Contact.id.desc())
    )
    return list(rows)


class LastEmail(NamedTuple):
    """An e-mail to somebody: which contact it was meant for, and when it went out."""

    contact_id: UUID
    at: datetime


async def last_email_to(session: Session, email: str) -> LastEmail | None:
    """The company's newest e-mail to this address, to a contact that is not deleted."""
    theirs = (Contact.email == email) & ~Contact.is_deleted
    # The wall clock, where it is known: that of an enrollment can be ahead.
    at = func.coalesce(Execution.sent_at, Execution.started_at).label("at")
    by_campaigns = (
        select(Enrollment.contact_id, at)
        .join(Enrollment, Enrollment.id == Execution.enrollment_id)
        .join(Contact, Contact.id == Enrollment.contact_id)
        .where(theirs, Execution.step_type == StepType.SEND_EMAIL, Execution.status.in_(WENT_OUT))
    )
    by_hand = (
        select(Message.contact_id, func.coalesce(Message.started_at, Message.created_at))
        .join(Contact, Contact.id == Message.contact_id)
        .where(
            theirs,
            Message.channel == Channel.EMAIL,
            Message.direction == Direction.OUTBOUND,
            Message.status.in_(WENT_OUT),
        )
    )
    emails = union_all(by_campaigns, by_hand).subquery()
    row = (await session.execute(select(emails).order_by(emails.c.at.desc()).limit(1))).first()
    return LastEmail(*row) if row else None


async def is_received(session: Session, provider_id: str) -> bool:
    """Whether a message that the provider calls so is kept already."""
    found = await session.scalar(select(Message.id).where(Message.provider_id == provider_id))
    return found is not None


async def insert_received(session: Session, values: Mapping[str, Any]) -> Message | None:
    """A message from a contact; None if it is kept already."""
    return await session.scalar(
        insert(Message)
        .values(**values, tenant_id=session.scope.tenant_id, direction=Direction.INBOUND)
        .on_conflict_do_nothing()
        .returning(Message)
    )
