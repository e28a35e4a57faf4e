"""An e-mail that comes in: whose it is, whether a person wrote it, and who is told.

The provider's webhook tells who wrote to whom; what they wrote has to be fetched. It belongs to the tenant of the
address that it came to, and where several share it, to the one that wrote to the sender last; where none did, to each
that has the sender as a contact. What comes from nobody's contact is forgotten.

An answering machine's e-mail is kept in the conversation and means nothing else: it is no reply. Who answers that they
want no more e-mail has opted out, as if they had used the link.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr
from typing import Protocol, Self
from uuid import UUID

import structlog

from db.inbound_email import (
    LastEmail,
    contacts_with_email,
    insert_received,
    is_received,
    last_email_to,
    tenants_of_addresses,
    tenants_who_know_email,
)
from db.session import Database, Session, engine
from domain.automatic_replies import automatic_by
from domain.enums import Channel, ExecutionStatus, StepType
from domain.events import EMAIL_REPLIED
from domain.fields import normalise_email
from domain.opt_out_words import Meaning, meaning
from domain.plain_text import own_words, plain_text
from services.consent import Because, opt_out_address
from services.replies import Reply, hear_reply
from services.temporal import Dispatcher

_log = structlog.get_logger(__name__)

_MAX_BODY = 100_000
"""Characters; a longer body is cut, as most of it is what it quotes."""

_MAX_SUBJECT = 998
_MAX_ADDRESS = 320
_MAX_SAID = 2000
"""Characters of a reply that events and notifications carry."""


class Letter(Protocol):
    """What was written. Names of headers may be in any case."""

    @property
    def text(self) -> str | None:
        """As plain text."""

    @property
    def html(self) -> str | None:
        """As HTML."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the e-mail."""


Fetch = Callable[[str], Awaitable[Letter]]
"""Gets what was written from the provider, by the provider's id."""


@dataclass(frozen=True, slots=True)
class InboundEmail:
    """An e-mail from somebody, as it is announced. Addresses are in their normal form."""

    provider_id: str
    sender: str
    to: tuple[str, ...]
    subject: str

    @classmethod
    def read(cls, provider_id: str, sender: str, to: list[str], subject: str) -> Self | None:
        """What a provider announces; None if it is from no address."""
        written_from = _normal(parseaddr(sender)[1])
        if not provider_id or written_from is None:
            return None
        addresses = (_normal(address) for _, address in getaddresses(to))
        received_at = tuple(address for address in addresses if address)
        return cls(provider_id, written_from, received_at, _storable(subject, _MAX_SUBJECT))


async def receive(
    database: Database,
    dispatcher: Dispatcher,
    email: InboundEmail,
    fetch: Fetch,
    default_from: str | None,
) -> None:
    """Take an e-mail in, once however often it is announced. Raises what `fetch` raises."""
    default = _normal(parseaddr(default_from or "")[1])
    async with database.gateway() as gateway:
        theirs = await tenants_of_addresses(gateway, email.to, default=default in email.to)
        theirs &= await tenants_who_know_email(gateway, email.sender)
    waiting = {}
    for tenant_id in await _addressed(database, email, theirs):
        async with database.transaction(engine(tenant_id)) as session:
            if not await is_received(session, email.provider_id):
                waiting[tenant_id] = await last_email_to(session, email.sender)
    if not waiting:
        _log.info("e-mail from nobody we know, or known already", email=email.provider_id)
        return
    letter = await fetch(email.provider_id)
    for tenant_id, last_email in waiting.items():
        async with database.transaction(engine(tenant_id)) as session:
            await _take(session, email, letter, last_email)
        await dispatcher.deliver(tenant_id, session.outbox)


async def _addressed(database: Database, email: InboundEmail, tenants: set[UUID]) -> list[UUID]:
    """Whom the sender speaks to: who wrote last, else all who have the contact."""
    wrote: list[tuple[LastEmail, UUID]] = []
    known: list[UUID] = []
    for tenant_id in tenants:
        async with database.transaction(engine(tenant_id)) as session:
            if await contacts_with_email(session, email.sender):
                known.append(tenant_id)
            if last_email := await last_email_to(session, email.sender):
                wrote.append((last_email, tenant_id))
    return [max(wrote, key=lambda each: each[0].at)[1]] if wrote else known


async def _take(
    session: Session, email: InboundEmail, letter: Letter, last_email: LastEmail | None
) -> None:
    """Keep the e-mail, and let it count as a reply if a person wrote it."""
    people = await contacts_with_email(session, email.sender)
    meant = [person for person in people if last_email and person.id == last_email.contact_id]
    writer = next(iter(meant or people), None)
    if writer is None:
        return
    html = _storable(letter.html, _MAX_BODY) if letter.html else None
    body = _storable(letter.text or plain_text(html or ""), _MAX_BODY)
    rule = automatic_by(letter.headers, email.subject)
    message = await insert_received(
        session,
        {
            "contact_id": writer.id,
            "channel": Channel.EMAIL,
            "status": ExecutionStatus.COMPLETED,
            "from_address": email.sender[:_MAX_ADDRESS],
            "to_address": ", ".join(email.to)[:_MAX_ADDRESS],
            "subject": email.subject,
            "body": body,
            "html": html,
            "provider_id": email.provider_id,
            "is_automatic": rule is not None,
        },
    )
    if message is None:
        return
    if rule:
        _log.info("automatic e-mail is no reply", rule=rule, message_id=str(message.id))
        return
    if meaning(own_words(body) or email.subject) is Meaning.OPT_OUT:
        because = Because("email_reply", wording=own_words(body)[:_MAX_SAID])
        await opt_out_address(session, Channel.EMAIL, email.sender, because)
        return
    reply = Reply(
        event_name=EMAIL_REPLIED,
        properties={
            "subject": email.subject,
            "body": body[:_MAX_SAID],
            "message_id": str(message.id),
            "email_id": email.provider_id,
        },
        answers=StepType.SEND_EMAIL,
        counter=None,
        what="an e-mail",
        said=f"{email.subject}\n\n{body[:_MAX_SAID]}".strip(),
    )
    await hear_reply(session, reply, writer, people)


def _normal(address: str) -> str | None:
    try:
        return normalise_email(address)
    except ValueError:
        return None


def _storable(text: str, length: int) -> str:
    """As PostgreSQL can hold it: without NUL and halves of characters."""
    whole = text.encode(errors="ignore").decode()
    return whole.replace("\0", "")[:length]
