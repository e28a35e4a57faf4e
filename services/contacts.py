"""Contacts, where a change means something to their enrollments."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db import rows
from db.contacts import contacts_of_phone, opt_out_of_texts
from db.enrollments import end_all_by_opt_out, end_all_of_contact
from db.session import Session
from db.tables import Contact
from domain.enums import StepType

_CHANNELS = {"email_opt_out": StepType.SEND_EMAIL, "sms_opt_out": StepType.SEND_SMS}


async def change(session: Session, contact_id: UUID, values: Mapping[str, Any]) -> Contact:
    """Change a contact.

    One who opts out of a channel leaves the campaigns that use it, at once and as `unsubscribed`.
    """
    contact = await rows.find(session, Contact, contact_id)
    for field, step_type in _CHANNELS.items():
        if values.get(field) and not getattr(contact, field):
            await _end_by_opt_out(session, [contact_id], step_type)
    return await rows.change(session, Contact, contact_id, values)


async def stop_texting(session: Session, phone: str) -> None:
    """Whoever has this number has told the provider to stop."""
    contact_ids = await contacts_of_phone(session, phone)
    await _end_by_opt_out(session, contact_ids, StepType.SEND_SMS)
    await opt_out_of_texts(session, contact_ids)


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


async def _end_by_opt_out(
    session: Session, contact_ids: Sequence[UUID], step_type: StepType
) -> None:
    now = datetime.now(UTC)
    session.wake(await end_all_by_opt_out(session, contact_ids, step_type, now))
