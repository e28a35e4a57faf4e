"""Contacts, where a change means something to their enrollments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from db import rows
from db.consents import (
    ADDRESS,
    Because,
    insert_consent,
    is_taken_back,
    recorded,
    recorded_now,
    sharing_address,
)
from db.endings import end_all_of_contact
from db.enrollments import hold_live
from db.session import Session
from db.tables import Consent, Contact
from domain.enums import Channel, ConsentAction
from services.consent import opt_in, opt_out, opt_out_address

_SWITCHES = {"email_opt_out": Channel.EMAIL, "sms_opt_out": Channel.SMS}
_SAYS = {
    (Channel.SMS, ConsentAction.CONSENTED): ("sms_consent", True),
    (Channel.SMS, ConsentAction.WITHDRAWN): ("sms_consent", False),
    (Channel.SMS, ConsentAction.OPTED_OUT): ("sms_opt_out", True),
    (Channel.SMS, ConsentAction.OPTED_IN): ("sms_opt_out", False),
    (Channel.EMAIL, ConsentAction.OPTED_OUT): ("email_opt_out", True),
    (Channel.EMAIL, ConsentAction.OPTED_IN): ("email_opt_out", False),
}
"""The flag of a contact that an action sets."""


_DO_NOT_CONTACT = Because("do_not_contact")


async def create(session: Session, values: Mapping[str, Any]) -> Contact:
    """A new contact. An opt-out that comes with it holds for all who have the address."""
    contact = await rows.add(session, Contact, values)
    for switch, channel in _SWITCHES.items():
        if values.get(switch):
            await opt_out(session, channel, [contact.id])
    return contact


async def change(
    session: Session,
    contact_id: UUID,
    values: Mapping[str, Any],
    because: Because | None = None,
) -> Contact:
    """Change a contact.

    One who opts out of a channel leaves the campaigns that use it, at once and as `unsubscribed`. An opt-out
    holds for the address before the change and after it, an opt-in for the one after it alone.
    """
    contact = await rows.find(session, Contact, contact_id)
    turned = {
        channel: values[switch]
        for switch, channel in _SWITCHES.items()
        if switch in values and values[switch] != getattr(contact, switch)
    }
    for channel in (channel for channel, out in turned.items() if out):
        await opt_out(session, channel, [contact_id], because)
        if address := values.get(ADDRESS[channel].key):
            await opt_out_address(session, channel, address, because)
        await session.refresh(contact)
    async with recorded(session, because):
        changed = await rows.change(session, Contact, contact_id, values)
    for channel in (channel for channel, out in turned.items() if not out):
        await opt_in(session, channel, [contact_id], because)
    return changed


async def record_consent(
    session: Session,
    contact_id: UUID,
    channel: Channel,
    action: ConsentAction,
    because: Because,
) -> Consent:
    """Take down what a contact has said, and let it hold from now on.

    What held before is recorded once more: a new proof is worth having. Consent to e-mail is a record and
    nothing else, as e-mail needs none. So is what was taken back since it was given.
    """
    contact = await rows.find(session, Contact, contact_id)
    if because.given_at and await is_taken_back(
        session, contact, channel, action, because.given_at
    ):
        return await insert_consent(session, contact_id, channel, action, because)
    flag, value = _SAYS.get((channel, action), (None, None))
    is_news = flag is not None and getattr(contact, flag) is not value
    match action:
        case ConsentAction.OPTED_OUT:
            await opt_out(session, channel, [contact_id], because)
        case ConsentAction.OPTED_IN:
            await opt_in(session, channel, [contact_id], because)
        case _ if flag and is_news:
            await change(session, contact_id, {flag: value}, because)
    # Another request may have said so in the meantime.
    news = await recorded_now(session, contact_id, channel, action) if is_news else None
    return news or await insert_consent(session, contact_id, channel, action, because)


async def do_not_contact(session: Session, contact_id: UUID) -> Contact:
    """Let a contact opt out of everything, on behalf of the user who says so.

    All enrollments that may end are locked before any contact, as the engine does it.
    """
    contact = await rows.find(session, Contact, contact_id)
    reached = [await sharing_address(session, channel, [contact_id]) for channel in Channel]
    await hold_live(session, [each for contact_ids in reached for each in contact_ids])
    for channel in Channel:
        await record_consent(session, contact_id, channel, ConsentAction.OPTED_OUT, _DO_NOT_CONTACT)
    await session.refresh(contact)
    return contact


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
