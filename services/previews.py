"""What a step would say to a contact, while it is still being written: the engine's own rendering, at once.

Nothing is kept. A stand-in gets it in place of a real contact, so that no link of it unsubscribes anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.campaigns import find_campaign
from db.session import Session, rehearsal
from db.situations import Addressee, load_addressee
from domain.enums import StepType
from domain.errors import Invalid, NotFound
from domain.message_configs import SendEmail, SendSms
from domain.messages import MessageLinks, Skip
from domain.step_configs import AnyConfig
from services import contents, test_messages
from services.contents import Content
from services.envelopes import Envelopes
from services.links import Links
from services.step_checks import checked_config
from services.test_messages import Draft, Receipt, Recipient
from services.test_runs import stand_in


@dataclass(frozen=True, slots=True)
class Saying:
    """What a step says to a contact, as one of its variants where it has any.

    `skipped` says why the contact would not get it; None if it would. What it says is there all the same, but for what
    cannot be rendered: then `content` is None.
    """

    variant: str | None
    content: Content | None
    skipped: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a step says: once, or in each of its variants."""

    config: AnyConfig
    sayings: Sequence[Saying]


async def preview(
    session: Session,
    campaign_id: UUID,
    step_type: StepType,
    step_config: dict[str, Any],
    subject: UUID | Mapping[str, Any],
    links: Links,
    allow_hosts: frozenset[str],
) -> Preview:
    """What such a step would say to a contact, or to one of these values.

    Raises:
        NotFound: there is no such campaign, or no such contact.
        Invalid: the configuration is none of such a step; the made-up contact cannot be stored.
    """
    campaign = await find_campaign(session, campaign_id)
    config = await checked_config(session, step_type, step_config, allow_hosts)
    async with rehearsal(session) as inside:
        contact_id = await stand_in(inside, subject)
        addressee = await load_addressee(inside, contact_id, campaign.created_by)
        if addressee is None:
            raise NotFound("There is no such contact.")
        to = MessageLinks(links.unsubscribe(addressee))
        names = _variants(config)
        return Preview(config, [await _say(inside, addressee, config, to, name) for name in names])


async def send(
    session: Session, shown: Preview, recipient: Recipient, envelopes: Envelopes
) -> list[Receipt]:
    """Send what is shown to an address that an admin named, each variant by itself.

    Raises:
        Invalid: `send_to`, if the step sends nothing, or not that way.
    """
    if contents.channel_of(shown.config) is not recipient.channel:
        raise Invalid.field("send_to", "is no address for what this step sends")
    return [
        await test_messages.send(
            session, Draft(recipient.channel, each.content), recipient, envelopes
        )
        if each.content is not None
        else Receipt(None, None, recipient.channel, "failed", each.skipped)
        for each in shown.sayings
    ]


def _variants(config: AnyConfig) -> list[str | None]:
    tested = config.tested if isinstance(config, SendEmail | SendSms) else ()
    return [variant.name for variant in tested] or [None]


async def _say(
    session: Session,
    addressee: Addressee,
    config: AnyConfig,
    links: MessageLinks,
    variant: str | None,
) -> Saying:
    skipped = None
    try:
        contents.check_allowed(addressee, config)
    except Skip as skip:
        skipped = str(skip)
    try:
        content = await contents.rendered(session, addressee, config, links, variant)
    except Skip as skip:
        return Saying(variant, None, skipped or str(skip))
    return Saying(variant, content, skipped)
