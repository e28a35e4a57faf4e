"""A text that comes in: whose it is, what it means, and who is told.

| it says | whose it is | what happens |
| --- | --- | --- |
| an opt-out | each tenant's of the number that has the sender as a contact, and each one's that has texted the \
sender from the number before it got another | nothing goes to the address any more |
| an opt-in | each tenant's of the number that has the sender as a contact | what STOP took is given back; to the \
tenant whom a reply would go to it is consent, too |
| anything else, HELP as well | the tenant's that texted the sender last; where none did, each one's that has the \
contact | a reply: it counts for every running enrollment of the phone, and somebody is notified |

A number that one tenant alone has is opted out there even where nobody has it yet: whoever is created with it later
has said no. On a shared number that would be a guess. What comes from a short code or a name is a machine's, and
forgotten. Each tenant's part is one transaction, done once however often Twilio delivers the text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import structlog

from db import rows
from db.feedback import claim_receipt
from db.inbound import (
    LastText,
    contacts_with_phone,
    last_text_to,
    tenants_of_number,
    tenants_who_know,
)
from db.session import Database, Session, engine
from db.tables import Contact, Message
from domain.enums import Channel, Direction, ExecutionStatus, StepType
from domain.events import SMS_REPLIED
from domain.fields import normalise_phone
from domain.opt_out_words import Meaning, meaning
from services import contacts
from services.consent import Because, opt_in_address, opt_out_address
from services.replies import Reply, hear_reply
from services.temporal import Dispatcher

_log = structlog.get_logger(__name__)

KEYWORD = "sms_keyword"
"""The source of what people say about consent by text."""

_MAX_SID = 64
_MAX_MEDIA = 10
_MAX_ADDRESS = 320
_YES = re.compile(r"\W*(?:yes|s[ií])\W*", re.IGNORECASE)
_HEARD_BY_TWILIO = {"STOP": Meaning.OPT_OUT, "START": Meaning.OPT_IN, "HELP": Meaning.HELP}


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text from a person. `sender` is E.164, `sid` Twilio's name for the text."""

    sid: str
    sender: str
    to: str
    body: str
    media_urls: tuple[str, ...]
    meaning: Meaning | None

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self | None:
        """What Twilio has posted; None if it is from no phone, or is no text.

        What Twilio took it for itself (`OptOutType`) goes before our own reading, but for a YES: that answers
        whatever question.
        """
        posted = {name: value.replace("\0", "") for name, value in form.items()}
        sid, body = posted.get("MessageSid", ""), posted.get("Body", "")
        try:
            sender = normalise_phone(posted.get("From", ""))
        except ValueError:
            return None
        if not 0 < len(sid) <= _MAX_SID:
            return None
        return cls(
            sid=sid,
            sender=sender,
            to=_number(posted.get("To", "")),
            body=body,
            media_urls=tuple(
                url for place in range(_MAX_MEDIA) if (url := posted.get(f"MediaUrl{place}"))
            ),
            meaning=_heard(posted.get("OptOutType", ""), body),
        )


@dataclass(frozen=True, slots=True)
class _Acquaintance:
    """What a tenant that knows the sender has to do with it."""

    tenant_id: UUID
    has_contact: bool
    last_text: LastText | None


async def receive(
    database: Database, dispatcher: Dispatcher, text: InboundText, default_number: str | None
) -> None:
    """Do what a text asks for, in each tenant whose it is."""
    is_default = default_number is not None and _number(default_number) == text.to
    async with database.gateway() as gateway:
        sharing = await tenants_of_number(gateway, text.to, default=is_default)
        knowing = await tenants_who_know(gateway, text.sender)
    known = [await _acquaintance(database, text, tenant_id) for tenant_id in knowing & sharing]
    if text.meaning is Meaning.OPT_OUT or not sharing:
        former = [await _acquaintance(database, text, tenant_id) for tenant_id in knowing - sharing]
        known += [each for each in former if each.last_text]
    last_texts = {each.tenant_id: each.last_text for each in known}
    concerned = addressed = _addressed(known)
    if text.meaning in (Meaning.OPT_OUT, Meaning.OPT_IN):
        alone = sharing if len(sharing) == 1 else set()
        concerned = alone | set(last_texts)
    failures: list[Exception] = []
    for tenant_id in concerned:
        try:
            async with database.transaction(engine(tenant_id)) as session:
                if await claim_receipt(session, "twilio_text", text.sid):
                    last_text = last_texts.get(tenant_id)
                    await _take(session, text, last_text, addressed=tenant_id in addressed)
            await dispatcher.deliver(tenant_id, session.outbox)
        except Exception as error:
            # The others are to hear it all the same.
            _log.error("text not heard", exc_info=error, tenant=str(tenant_id), sid=text.sid)
            failures.append(error)
    if failures:
        raise failures[0]


async def _acquaintance(database: Database, text: InboundText, tenant_id: UUID) -> _Acquaintance:
    async with database.transaction(engine(tenant_id)) as session:
        people = await contacts_with_phone(session, text.sender)
        last_text = await last_text_to(session, text.sender, text.to)
    return _Acquaintance(tenant_id, bool(people), last_text)


def _addressed(known: Sequence[_Acquaintance]) -> set[UUID]:
    """Whom the sender speaks to: who texted last, else all who have the contact."""
    texted = [(each.last_text.at, each.tenant_id) for each in known if each.last_text]
    return {max(texted)[1]} if texted else {each.tenant_id for each in known if each.has_contact}


async def _take(
    session: Session, text: InboundText, last_text: LastText | None, *, addressed: bool
) -> None:
    """Keep the text, and do what it asks for."""
    people = await contacts_with_phone(session, text.sender)
    meant = [person for person in people if last_text and person.id == last_text.contact_id]
    writer = next(iter(meant or people), None)
    because = Because(KEYWORD, text.body)
    message = await _keep(session, text, writer) if writer else None
    match text.meaning:
        case Meaning.OPT_OUT:
            await opt_out_address(session, Channel.SMS, text.sender, because)
        case Meaning.OPT_IN:
            await opt_in_address(session, Channel.SMS, text.sender, because)
            for person in people:
                if addressed and not person.sms_consent:
                    await contacts.change(session, person.id, {"sms_consent": True}, because)
        case _ if writer and message:
            pictures = len(text.media_urls)
            reply = Reply(
                event_name=SMS_REPLIED,
                properties={
                    "body": text.body,
                    "message_id": str(message.id),
                    "message_sid": text.sid,
                },
                answers=StepType.SEND_SMS,
                counter="sms_replied",
                what="a text",
                said=text.body or f"{pictures} picture{'' if pictures == 1 else 's'}",
            )
            await hear_reply(session, reply, writer, people)


async def _keep(session: Session, text: InboundText, writer: Contact) -> Message:
    return await rows.add(
        session,
        Message,
        {
            "contact_id": writer.id,
            "channel": Channel.SMS,
            "direction": Direction.INBOUND,
            "status": ExecutionStatus.COMPLETED,
            "from_address": text.sender,
            "to_address": text.to,
            "body": text.body,
            "media_urls": list(text.media_urls),
            "provider_id": text.sid,
        },
    )


def _heard(by_twilio: str, body: str) -> Meaning | None:
    heard = _HEARD_BY_TWILIO.get(by_twilio.upper())
    if heard is Meaning.OPT_IN and _YES.fullmatch(body):
        return None
    return heard or meaning(body)


def _number(raw: str) -> str:
    """E.164 where it is a phone number; a short code as it is."""
    try:
        return normalise_phone(raw)
    except ValueError:
        return raw.strip()[:_MAX_ADDRESS]
