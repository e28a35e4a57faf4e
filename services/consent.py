"""What contacts allow. An opt-out holds for its channel, for everybody who has the address, and at once.

It ends the enrollments of campaigns that use the channel, and outlives the contact: the address is suppressed, so
that one who is created anew is not written to either. Each change is recorded by the database (`consents`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from db.consents import (
    Because,
    contacts_at,
    lift_opt_out_of,
    lift_opt_outs,
    recorded,
    set_opt_out,
    sharing_address,
    suppress,
    suppress_opted_out,
)
from db.endings import end_all_by_opt_out
from db.session import Session
from domain.enums import Channel, StepType, SuppressionReason

__all__ = ["Because", "opt_in", "opt_in_address", "opt_out", "opt_out_address"]

SENDS = {Channel.EMAIL: StepType.SEND_EMAIL, Channel.SMS: StepType.SEND_SMS}
"""The step that a channel belongs to."""


async def opt_out(
    session: Session, channel: Channel, contact_ids: Sequence[UUID], because: Because | None = None
) -> None:
    """These contacts, and all who share their addresses, want nothing by this channel any more."""
    reached = await sharing_address(session, channel, contact_ids)
    # Enrollments are locked before their contacts, as the engine does it.
    ended = await end_all_by_opt_out(session, reached, SENDS[channel], datetime.now(UTC))
    session.wake(ended)
    async with recorded(session, because):
        await set_opt_out(session, channel, reached, opted_out=True)
    await suppress_opted_out(session, channel, reached)


async def opt_out_address(
    session: Session, channel: Channel, address: str, because: Because | None
) -> None:
    """Whoever has this address, or will have it, wants nothing any more."""
    await suppress(session, channel, address, SuppressionReason.OPT_OUT)
    if contact_ids := await contacts_at(session, channel, address):
        await opt_out(session, channel, contact_ids, because)


async def opt_in(
    session: Session, channel: Channel, contact_ids: Sequence[UUID], because: Because | None = None
) -> None:
    """These contacts, and all who share their addresses, may be written to again."""
    reached = await sharing_address(session, channel, contact_ids)
    async with recorded(session, because):
        await set_opt_out(session, channel, reached, opted_out=False)
    await lift_opt_outs(session, channel, reached)


async def opt_in_address(
    session: Session, channel: Channel, address: str, because: Because
) -> None:
    """Whoever has this address may be written to again."""
    await lift_opt_out_of(session, channel, address)
    if contact_ids := await contacts_at(session, channel, address):
        await opt_in(session, channel, contact_ids, because)
