"""Statements about what contacts allow, and about addresses that nothing may be sent to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ScalarSelect, delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from db.lists import among
from db.paging import Page, Slice, page
from db.session import Session
from db.tables import Consent, Contact, Suppression
from domain.enums import Channel, ConsentAction, SuppressionReason

ADDRESS: Final[dict[Channel, InstrumentedAttribute[str | None]]] = {
    Channel.EMAIL: Contact.email,
    Channel.SMS: Contact.phone,
}
OPT_OUT: Final[dict[Channel, InstrumentedAttribute[bool]]] = {
    Channel.EMAIL: Contact.email_opt_out,
    Channel.SMS: Contact.sms_opt_out,
}


@dataclass(frozen=True, slots=True)
class Because:
    """Where a change of consent came from. `given_at` is when, if it was not now."""

    source: str
    wording: str | None = None
    given_at: datetime | None = None


@asynccontextmanager
async def recorded(session: Session, because: Because | None) -> AsyncIterator[None]:
    """Changes of consent inside are recorded with where they came from; None leaves it to who is asking."""
    statement = text(
        "select set_config('app.consent_source', :source, true),"
        " set_config('app.consent_wording', :wording, true), set_config('app.consent_at', :at, true)"
    )
    if because:
        at = because.given_at.isoformat() if because.given_at else ""
        values = {"source": because.source, "wording": because.wording or "", "at": at}
        await session.execute(statement, values)
    yield
    if because:
        await session.flush()
        await session.execute(statement, {"source": "", "wording": "", "at": ""})


async def sharing_address(
    session: Session, channel: Channel, contact_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """These contacts, and all who have the address of one of them."""
    address = ADDRESS[channel]
    theirs = select(address).where(among(Contact.id, contact_ids), address.is_not(None))
    rows = await session.scalars(
        select(Contact.id).where(among(Contact.id, contact_ids) | address.in_(theirs))
    )
    return rows.all()


async def contacts_at(session: Session, channel: Channel, address: str) -> Sequence[UUID]:
    """Those who have this address, the newest first; deleted ones too: an opt-out outlives them."""
    rows = await session.scalars(
        select(Contact.id).where(ADDRESS[channel] == address).order_by(Contact.created_at.desc())
    )
    return rows.all()


async def set_opt_out(
    session: Session, channel: Channel, contact_ids: Sequence[UUID], *, opted_out: bool
) -> None:
    """Note on contacts that they have opted out of a channel, or in again."""
    flag = OPT_OUT[channel]
    await session.execute(
        update(Contact)
        .where(among(Contact.id, contact_ids), flag.is_not(opted_out))
        .values({flag: opted_out, Contact.updated_at: func.now()})
        .execution_options(synchronize_session=False)
    )


def why_suppressed(channel: Channel) -> ScalarSelect[str]:
    """Within a statement about contacts: why nothing goes to the contact's address, or null."""
    return (
        select(Suppression.reason)
        .where(
            Suppression.tenant_id == Contact.tenant_id,
            Suppression.channel == channel,
            Suppression.address == ADDRESS[channel],
        )
        .order_by(Suppression.created_at)
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )


async def suppress(
    session: Session, channel: Channel, address: str, reason: SuppressionReason
) -> None:
    """Let nothing go to an address any more."""
    await session.execute(
        insert(Suppression)
        .values(tenant_id=session.scope.tenant_id, channel=channel, address=address, reason=reason)
        .on_conflict_do_nothing()
    )


async def suppress_opted_out(
    session: Session, channel: Channel, contact_ids: Sequence[UUID]
) -> None:
    """Let nothing go to the addresses of these contacts, whoever has them later."""
    address = ADDRESS[channel]
    theirs = (
        select(Contact.tenant_id, literal(channel), address, literal(SuppressionReason.OPT_OUT))
        .where(among(Contact.id, contact_ids), address.is_not(None))
        .distinct()
    )
    columns = ["tenant_id", "channel", "address", "reason"]
    await session.execute(insert(Suppression).from_select(columns, theirs).on_conflict_do_nothing())


async def lift_opt_outs(session: Session, channel: Channel, contact_ids: Sequence[UUID]) -> None:
    """Who has opted in again may be written to, unless the address bounces or has complained."""
    address = ADDRESS[channel]
    theirs = select(address).where(among(Contact.id, contact_ids), address.is_not(None))
    await session.execute(
        delete(Suppression).where(
            Suppression.channel == channel,
            Suppression.reason == SuppressionReason.OPT_OUT,
            Suppression.address.in_(theirs),
        )
    )


async def lift_opt_out_of(session: Session, channel: Channel, address: str) -> None:
    """An address that has opted in again, whether a contact has it or not."""
    await session.execute(
        delete(Suppression).where(
            Suppression.channel == channel,
            Suppression.reason == SuppressionReason.OPT_OUT,
            Suppression.address == address,
        )
    )


async def insert_consent(
    session: Session,
    contact_id: UUID,
    channel: Channel,
    action: ConsentAction,
    because: Because,
) -> Consent:
    """A record of what changes nothing: the contact allowed as much before."""
    row = await session.scalars(
        insert(Consent)
        .values(
            tenant_id=session.scope.tenant_id,
            contact_id=contact_id,
            channel=channel,
            action=action,
            source=because.source,
            wording=because.wording,
            recorded_by=session.scope.user_id,
            given_at=because.given_at or func.now(),
        )
        .returning(Consent)
    )
    return row.one()


async def recorded_now(
    session: Session, contact_id: UUID, channel: Channel, action: ConsentAction
) -> Consent | None:
    """The record of a change that this transaction has made, if it has made one."""
    rows = await session.scalars(
        select(Consent).where(
            Consent.contact_id == contact_id,
            Consent.channel == channel,
            Consent.action == action,
            Consent.created_at == func.now(),
        )
    )
    return rows.one_or_none()


_TAKEN_BACK_BY: Final = {
    ConsentAction.CONSENTED: ConsentAction.WITHDRAWN,
    ConsentAction.OPTED_IN: ConsentAction.OPTED_OUT,
}


async def is_taken_back(
    session: Session, contact: Contact, channel: Channel, action: ConsentAction, given_at: datetime
) -> bool:
    """Whether what a contact allowed then was taken back since, by the contact or by who has the address."""
    opposite = _TAKEN_BACK_BY.get(action)
    said = select(Consent.id).where(
        Consent.contact_id == contact.id,
        Consent.channel == channel,
        Consent.action == opposite,
        Consent.given_at > given_at,
    )
    suppressed = select(Suppression.id).where(
        literal(opposite is ConsentAction.OPTED_OUT),
        Suppression.channel == channel,
        Suppression.address == getattr(contact, ADDRESS[channel].key),
        Suppression.reason == SuppressionReason.OPT_OUT,
        Suppression.created_at > given_at,
    )
    return bool(await session.scalar(select(said.exists() | suppressed.exists())))


async def list_consents(session: Session, wanted: Slice, contact_id: UUID) -> Page[Consent]:
    """What a contact has allowed, and stopped allowing."""
    query = select(Consent).where(Consent.contact_id == contact_id)
    return await page(session, query, wanted, Consent.created_at, Consent.id)
