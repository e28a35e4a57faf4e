"""Contacts, where a change means something to their enrollments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from db import rows
from db.consents import Because, recorded
from db.enrollments import end_all_of_contact
from db.session import Session
from db.tables import Contact
from domain.enums import Channel
from services.consent import opt_in, opt_out

_SWITCHES = {"email_opt_out": Channel.EMAIL, "sms_opt_out": Channel.SMS}


async def change(
    session: Session,
    contact_id: UUID,
    values: Mapping[str, Any],
    because: Because | None = None,
) -> Contact:
    """Change a contact.

    One who opts out of a channel leaves the campaigns that use it, at once and as `unsubscribed`.
    """
    contact = await rows.find(session, Contact, contact_id)
    for switch, channel in _SWITCHES.items():
        if switch in values and values[switch] != getattr(contact, switch):
            turn = opt_out if values[switch] else opt_in
            await turn(session, channel, [contact_id], because)
            await session.refresh(contact)
    async with recorded(session, because):
        return await rows.change(session, Contact, contact_id, values)


async def delete(session: Session, contact_id: UUID, now: datetime) -> None:
    """Take a contact out of sight; what it has brought in stays in the reports.

    Enrollments are locked before their contact, as the engine does it; the second look finds one that was
    made in between.
    """
    await rows.find(session, Contact, contact_id)
    ended = await end_all_of_contact(session, contact_id, now)
    await rows.change(session, Contact, contact_id, {"is_deleted": True})
    ended += await end_all_of_contact(session, contact_id, now)
    session.wake(ended)
