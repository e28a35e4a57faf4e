"""What the installation writes to its users about their accounts: e-mails with links to choose a password by.

They go the way of messages that people write by hand: claimed, sent and recorded by a workflow of their own, through
Resend's queue and at its rate. They are from the installation: the company's own sender may not be set up yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from db.accounts import insert_account_mail
from db.company import own_tenant
from db.session import Session
from db.tables import AccountMail, User
from domain.enums import StepType
from domain.messages import Skip
from domain.plans import PROVIDER_QUEUES, MessageRef, MessageStart, StartMessage
from services.contents import Content
from services.conversations import Leave

_WORTH_SENDING = timedelta(hours=23)
"""At most: Resend knows a repeat for 24 hours, and whoever got nothing by then asks again."""


class Words(NamedTuple):
    """What a mail says."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An account of the recipient's: the company that it is in, and the link to choose its password by."""

    company: str
    url: str


def reset(address: str, offers: Sequence[Offer]) -> Words:
    """For whoever has forgotten a password: a link for each account of the address."""
    parts = [
        f"Somebody, hopefully you, has asked to set a new password for {address}.",
        "Open this link within an hour, and choose one:",
    ]
    if len(offers) > 1:
        parts[-1] = "The address is used in several companies. Open a link within an hour:"
        parts += [f"{offer.company}\n{offer.url}" for offer in offers]
    else:
        parts += [offer.url for offer in offers]
    parts.append("If it was not you, do nothing: your password stays as it is.")
    return _words("Choose a new password", parts)


def invitation(inviter: str, offer: Offer) -> Words:
    """For whom an admin has given an account."""
    return _words(
        f"{inviter} has invited you to {offer.company}",
        [
            f"{inviter} has given you an account at {offer.company} in Campaign Builder.",
            "Open this link within seven days, and choose your password:",
            offer.url,
            "If you did not expect this, do nothing.",
        ],
    )


def _words(subject: str, parts: Sequence[str]) -> Words:
    # A name may have line breaks, a subject may not.
    return Words(" ".join(subject.split()), "\n\n".join(parts) + "\n")


async def post(session: Session, user: User, content: Content, expires_at: datetime) -> None:
    """Send a mail to a user as soon as this transaction is committed, if it can be sent before then."""
    worth_until = min(expires_at, datetime.now(UTC) + _WORTH_SENDING)
    mail_id = await insert_account_mail(session, user.id, content, worth_until)
    ref = MessageRef(user.tenant_id, mail_id, is_about_account=True)
    session.outbox.append(_start(ref, worth_until))


def start_of(mail: AccountMail) -> StartMessage:
    """What Temporal is told of a mail: ids alone."""
    return _start(MessageRef(mail.tenant_id, mail.id, is_about_account=True), mail.worth_until)


def _start(ref: MessageRef, worth_until: datetime) -> StartMessage:
    worth_seconds = max(1, (worth_until - datetime.now(UTC)).total_seconds())
    start = MessageStart(ref, PROVIDER_QUEUES[StepType.SEND_EMAIL], worth_seconds)
    return StartMessage(start, contact_id=None)


async def check_still_may_go(session: Session, mail: AccountMail, now: datetime) -> Leave:
    """Read what decides again. Raises Skip."""
    user = await session.get_one(User, mail.user_id)
    if not user.is_active:
        raise Skip("user_inactive", "the user was deactivated")
    if user.email != (mail.content or {})["to"]:
        raise Skip("address_changed", "the user has another address now")
    if now > mail.worth_until:
        raise Skip("expired", "it is no longer worth sending")
    return Leave(await own_tenant(session))
