"""What a person of the company writes to a contact by hand: it passes the same gates as what campaigns send.

What cannot go at this moment is refused to its writer at once. What can is sent by a workflow of its own, after the
gates were read again; what they stop then is skipped, and not sent later, when nobody means it any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db import rows
from db.conversations import ConversationMessage, find_in_conversation
from db.session import Session
from db.situations import Addressee, load_addressee
from db.tables import AccountMail, Message, MessageTemplate, Tenant, TestMessage
from domain.enums import Channel, Direction, ExecutionStatus
from domain.errors import Conflict, FieldProblem, Invalid, NotFound
from domain.message_configs import SendEmail, SendSms
from domain.messages import MessageLinks, Skip
from domain.plans import PROVIDER_QUEUES, MessageRef, MessageStart, StartMessage
from domain.schedule import Recipient, Schedule, schedule
from domain.step_configs import check_config
from services import contents
from services.consent import SENDS
from services.envelopes import Envelopes
from services.links import Links
from services.outcomes import Outcome, failed, unknown


class OutsideTextingHours(Skip):
    """No text may reach the contact now; `available_at` is when one may."""

    def __init__(self, available_at: datetime | None) -> None:
        super().__init__("outside_texting_hours", "texts may not reach this contact at this hour")
        self.available_at = available_at


async def write(
    session: Session,
    contact_id: UUID,
    channel: Channel,
    given: Mapping[str, Any],
    envelopes: Envelopes,
    links: Links,
    now: datetime,
) -> ConversationMessage:
    """Write to a contact: `subject`, `html`, `body`, `media_urls` or a `template_id`, as a step has them.

    Raises:
        NotFound: there is no such contact.
        Invalid: the content is none for this channel.
        Conflict: it cannot go now; the code is that of the skipped step, or `outside_texting_hours`.
    """
    addressee = await load_addressee(session, contact_id, session.scope.user_id)
    if addressee is None:
        raise NotFound("There is no such contact.")
    config = await _config(session, channel, given)
    try:
        envelopes.sender(channel, addressee.tenant)
        check_may_go(addressee, channel, now)
        content = await contents.compose(
            session, addressee, config, MessageLinks(links.unsubscribe(addressee))
        )
    except OutsideTextingHours as closed:
        raise Conflict(closed.code, str(closed), available_at=closed.available_at) from closed
    except Skip as skip:
        raise Conflict(skip.code, str(skip)) from skip
    message = await rows.add(
        session,
        Message,
        {
            "contact_id": contact_id,
            "channel": channel,
            "direction": Direction.OUTBOUND,
            "user_id": session.scope.user_id,
            "workflow_status": "unstarted",
        },
    )
    match channel:
        case Channel.EMAIL:
            message.content = envelopes.email(message, addressee, content)
            message.from_address, message.body = message.content["from_address"], content["text"]
            message.subject, message.html = content["subject"], content["html"]
        case Channel.SMS:
            message.content = envelopes.text(message, addressee, content)
            message.from_address, message.body = message.content["from_number"], content["body"]
            message.media_urls = list(content["media_urls"])
    message.to_address = message.content["to"]
    await session.flush()
    session.outbox.append(start_of(message))
    return await find_in_conversation(session, contact_id, message.id)


def start_of(message: Message) -> StartMessage:
    """What Temporal is told of a message: ids alone."""
    ref = MessageRef(message.tenant_id, message.id)
    queue = PROVIDER_QUEUES[SENDS[Channel(message.channel)]]
    return StartMessage(MessageStart(ref, queue), message.contact_id)


def check_may_go(addressee: Addressee, channel: Channel, now: datetime) -> None:
    """Raise Skip if nothing may go to this contact that way, or not now."""
    contents.check_channel(addressee, channel)
    opening = hours_of(addressee).opening(SENDS[channel], now)
    if opening is None or opening > now:
        raise OutsideTextingHours(opening)


@dataclass(frozen=True, slots=True)
class Leave:
    """That a message may go out now: for whom, and until when."""

    tenant: Tenant
    closes_at: datetime | None = None


async def check_still_may_go(session: Session, message: Message, now: datetime) -> Leave:
    """Read everything that decides again. Raises Skip."""
    addressee = await load_addressee(session, message.contact_id, message.user_id)
    if addressee is None:
        raise Skip("contact_deleted", "the contact was deleted")
    channel = Channel(message.channel)
    check_may_go(addressee, channel, now)
    contact = addressee.contact
    if message.to_address != (contact.email if channel is Channel.EMAIL else contact.phone):
        raise Skip("address_changed", "the contact has another address now")
    return Leave(addressee.tenant, hours_of(addressee).closing(SENDS[channel], now))


def hours_of(addressee: Addressee) -> Schedule:
    """When somebody may be written to by hand: texts have their legal hours, and nothing else has any."""
    contact = addressee.contact
    return schedule(
        respect_business_hours=False,
        business_hours=None,
        holidays=None,
        tenant_timezone=addressee.tenant.timezone,
        recipient=Recipient(contact.timezone, contact.state, contact.postal_code, contact.phone),
    )


Written = Message | TestMessage | AccountMail
"""What a workflow of its own sends: of a person, of a test run, or about a user's account."""


def record(message: Written, outcome: Outcome, now: datetime) -> None:
    """Note what became of a message; its workflow is over."""
    message.status = outcome.status
    message.completed_at = now
    message.attempting_since = None
    message.error_message = outcome.error
    message.provider_id = outcome.provider_id or message.provider_id
    if not isinstance(message, TestMessage):
        message.workflow_status = "closed"


def give_up(message: Written, error: str, now: datetime) -> None:
    """Note that nobody will try any more. What may have gone out has neither failed nor been sent."""
    if not is_over(message):
        reason = message.error_message or error
        record(message, unknown(reason) if message.is_in_doubt else failed(reason), now)


def is_over(message: Written) -> bool:
    """Whether it is known what became of a message, or that nobody will know."""
    return message.status not in (ExecutionStatus.PENDING, ExecutionStatus.RUNNING)


async def _config(
    session: Session, channel: Channel, given: Mapping[str, Any]
) -> SendEmail | SendSms:
    """The content as a step's configuration, in which the body of an e-mail is called `text`."""
    names = {"body": "text"} if channel is Channel.EMAIL else {}
    raw = {names.get(name, name): value for name, value in given.items()}
    try:
        checked = check_config(SENDS[channel], raw)
    except Invalid as error:
        raise Invalid(*map(_at_its_field, error.errors)) from error
    config = (SendEmail if channel is Channel.EMAIL else SendSms).model_validate(checked)
    if config.template_id:
        template = await session.get(MessageTemplate, config.template_id)
        if template is None or template.is_deleted or template.channel != channel:
            raise Invalid.field("template_id", f"is no message template for {channel}")
    return config


def _at_its_field(problem: FieldProblem) -> FieldProblem:
    field, *rest = problem.location
    return FieldProblem(("body" if field == "text" else field, *rest), problem.message)
