"""The messages of test runs and previews that are really sent: now, once, and to an address that an admin named.

They go the way of messages that people write by hand, through the providers' queues and at their rates. They are of no
contact, so that no contact's consent is asked for; but nothing goes to an address that is suppressed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from db import rows
from db.company import own_tenant
from db.session import Database, Scope, Session
from db.tables import TestMessage
from db.test_messages import find_test_messages, suppressed_because
from domain.enums import Channel, ExecutionStatus
from domain.fields import normalise_email, normalise_phone
from domain.messages import Skip
from domain.plans import PROVIDER_QUEUES, MessageRef, MessageStart, StartMessage
from services.consent import SENDS
from services.contents import Content, check_postal_address
from services.conversations import Leave
from services.envelopes import Envelopes
from services.test_runs import Entry

WORTH_SENDING: Final = timedelta(minutes=5)
"""A test is asked for by somebody who waits for it."""

PATIENCE: Final = timedelta(seconds=10)
_POLL: Final = timedelta(milliseconds=100)

Status = Literal["queued", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What has become of the message of a step; without an `id` it was refused before anybody tried."""

    id: UUID | None
    step_id: UUID | None
    channel: Channel
    status: Status
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the tests: an e-mail address gets the e-mails, a phone number the texts."""

    channel: Channel
    address: str

    @classmethod
    def read(cls, text: str) -> "Recipient":
        """Raises ValueError if it is neither."""
        if "@" in text:
            return cls(Channel.EMAIL, normalise_email(text))
        return cls(Channel.SMS, normalise_phone(text))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent: said by a step, or by one that is still being written."""

    channel: Channel
    content: Content
    step_id: UUID | None = None


async def send_run(
    session: Session, entries: Sequence[Entry], recipient: Recipient, envelopes: Envelopes
) -> list[Receipt]:
    """Send what would have gone out by this channel, as soon as this transaction is committed."""
    step_type = SENDS[recipient.channel]
    return [
        await send(
            session, Draft(recipient.channel, each.content, each.step_id), recipient, envelopes
        )
        for each in entries
        if each.step_type == step_type and each.status == ExecutionStatus.COMPLETED
    ]


async def send(
    session: Session, draft: Draft, recipient: Recipient, envelopes: Envelopes
) -> Receipt:
    """Send this, as soon as this transaction is committed. Its channel is the recipient's."""
    channel, tenant = draft.channel, await own_tenant(session)
    try:
        await _check_suppressed(session, channel, recipient.address)
        check_postal_address(tenant, channel)
        content = envelopes.test(channel, tenant, recipient.address, draft.content)
    except Skip as skip:
        return Receipt(None, draft.step_id, channel, "failed", str(skip))
    message = await rows.add(
        session,
        TestMessage,
        {"step_id": draft.step_id, "channel": channel, "content": content},
    )
    ref = MessageRef(message.tenant_id, message.id, is_test=True)
    queue = PROVIDER_QUEUES[SENDS[channel]]
    start = MessageStart(ref, queue, worth_seconds=WORTH_SENDING.total_seconds())
    session.outbox.append(StartMessage(start, contact_id=None))
    return Receipt(message.id, draft.step_id, channel, "queued")


async def check_still_may_go(session: Session, message: TestMessage) -> Leave:
    """Read what decides again. Raises Skip."""
    await _check_suppressed(session, Channel(message.channel), (message.content or {})["to"])
    return Leave(await own_tenant(session))


async def _check_suppressed(session: Session, channel: Channel, address: str) -> None:
    if reason := await suppressed_because(session, channel, address):
        raise Skip("suppressed", f"the address is suppressed: {reason}")


async def results(
    database: Database, scope: Scope, message_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[Status, str | None]]:
    """What becomes of these, each with its error, as soon as it is known of all, or `PATIENCE` is over."""
    for _ in range(PATIENCE // _POLL):
        async with database.transaction(scope) as session:
            kept = await find_test_messages(session, message_ids)
        found = {row_id: (_status(row), row.error_message) for row_id, row in kept.items()}
        if all(status != "queued" for status, _ in found.values()):
            break
        await asyncio.sleep(_POLL.total_seconds())
    return found


def _status(message: TestMessage) -> Status:
    match ExecutionStatus(message.status):
        case ExecutionStatus.PENDING | ExecutionStatus.RUNNING:
            return "queued"
        case ExecutionStatus.COMPLETED:
            return "sent"
        case ExecutionStatus.UNKNOWN:
            return "unknown"
        case _:
            return "failed"
