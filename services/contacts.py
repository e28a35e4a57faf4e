"""Contacts, where a change means something to their enrollments."""

from datetime import datetime
from uuid import UUID

from db import rows
from db.enrollments import end_all_of_contact
from db.session import Session
from db.tables import Contact
from domain.plans import RefreshWorkflow


async def delete(session: Session, contact_id: UUID, now: datetime) -> None:
    """Take a contact out of sight; what it has brought in stays in the reports.

    Enrollments are locked before their contact, as the engine does it; the second look finds one that was
    made in between.
    """
    await rows.find(session, Contact, contact_id)
    ended = await end_all_of_contact(session, contact_id, now)
    await rows.change(session, Contact, contact_id, {"is_deleted": True})
    ended += await end_all_of_contact(session, contact_id, now)
    session.outbox += [RefreshWorkflow(enrollment_id) for enrollment_id in ended]
