"""Statements about texts that come in: whose they are, and what they answer."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from db.sends import WENT_OUT
from db.session import Session
from db.tables import Contact, Enrollment, Execution, Message, Tenant
from domain.enums import Channel, Direction, StepType


async def tenants_of_number(gateway: AsyncSession, number: str, *, default: bool) -> set[UUID]:
    """Who sends from this number; with `default` also those who have none of their own."""
    theirs = Tenant.sms_number == number
    if default:
        theirs = or_(theirs, Tenant.sms_number.is_(None))
    return set(await gateway.scalars(select(Tenant.id).where(theirs)))


async def tenants_who_know(gateway: AsyncSession, phone: str) -> set[UUID]:
    """Who has a contact with this number, deleted ones too: an opt-out outlives them."""
    rows = await gateway.scalars(select(Contact.tenant_id).where(Contact.phone == phone).distinct())
    return set(rows)


class LastText(NamedTuple):
    """A text to somebody: which contact it was meant for, and when it went out."""

    contact_id: UUID
    at: datetime


async def last_text_to(session: Session, phone: str, from_number: str) -> LastText | None:
    """The newest text from the company's number to this one, to a contact that is not deleted."""
    # The wall clock, where it is known: that of an enrollment can be ahead.
    sent_at = func.coalesce(Execution.sent_at, Execution.started_at)
    by_campaigns = (
        select(Enrollment.contact_id, sent_at.label("at"))
        .join(Enrollment, Enrollment.id == Execution.enrollment_id)
        .join(Contact, Contact.id == Enrollment.contact_id)
        .where(
            Contact.phone == phone,
            ~Contact.is_deleted,
            Execution.step_type == StepType.SEND_SMS,
            Execution.status.in_(WENT_OUT),
            Execution.content["from_number"].astext == from_number,
        )
    )
    by_hand = (
        select(Message.contact_id, func.coalesce(Message.started_at, Message.created_at))
        .join(Contact, Contact.id == Message.contact_id)
        .where(
            Contact.phone == phone,
            ~Contact.is_deleted,
            Message.channel == Channel.SMS,
            Message.direction == Direction.OUTBOUND,
            Message.status.in_(WENT_OUT),
            Message.content["from_number"].astext == from_number,
        )
    )
    texts = union_all(by_campaigns, by_hand).subquery()
    row = (await session.execute(select(texts).order_by(texts.c.at.desc()).limit(1))).first()
    return LastText(*row) if row else None


async def contacts_with_phone(session: Session, phone: str) -> list[Contact]:
    """The contacts who have this number, the newest first."""
    rows = await session.scalars(
        select(Contact)
        .where(Contact.phone == phone, ~Contact.is_deleted)
        .order_by(Contact.created_at.desc(), Contact.id.desc())
    )
    return list(rows)
