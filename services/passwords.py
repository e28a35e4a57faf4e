"""Choosing a password: by a link that was mailed, to whoever has forgotten theirs or was invited, or by oneself.

A link is good once. Of its token only the hash is stored; the mail is kept without it, and gets it when it goes out
(services/links.py). A new password makes all links of its user void, and ends their sessions.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from db import rows
from db.accounts import insert_link, spend_link
from db.company import own_tenant
from db.session import Database, Session, engine
from db.sign_in import users_by_email
from db.tables import User
from domain.errors import Conflict
from domain.messages import Skip
from services import account_mail
from services.account_mail import Offer
from services.auth import digest, sign_out_everywhere, void_link
from services.envelopes import Envelopes
from services.links import Links
from services.temporal import Dispatcher

RESET_LIFETIME = timedelta(hours=1)
INVITATION_LIFETIME = timedelta(days=7)

_log = structlog.get_logger(__name__)


async def request_reset(
    database: Database, dispatcher: Dispatcher, envelopes: Envelopes, links: Links, email: str
) -> None:
    """Mail links to whoever has the address; to nobody where no active user has it.

    It is one mail, with a link for each company that knows the address.
    """
    async with database.gateway() as gateway:
        found = await users_by_email(gateway, email)
    expires_at = datetime.now(UTC) + RESET_LIFETIME
    offers = []
    for each in found:
        async with database.transaction(engine(each.tenant_id)) as session:
            user = await rows.find(session, User, each.user_id)
            offers.append(await _offer(session, user, links, expires_at))
    offers.sort(key=lambda offer: offer.company)
    for each in found:
        async with database.transaction(engine(each.tenant_id)) as session:
            # Not to what was typed: Unicode has letters that are another's in lower case.
            user = await rows.find(session, User, each.user_id)
            words = account_mail.reset(user.email, offers)
            try:
                content = envelopes.account(await own_tenant(session), user.email, *words)
            except Skip as skip:
                _log.warning("a link to choose a password was not mailed", reason=str(skip))
                continue
            await account_mail.post(session, user, content, expires_at)
        await dispatcher.deliver(each.tenant_id, session.outbox)
        return


async def invite(session: Session, user: User, envelopes: Envelopes, links: Links) -> None:
    """Mail a link to a user of the company of the admin whose transaction this is.

    Raises:
        Conflict: `user_inactive`, or `email_not_configured`.
    """
    if not user.is_active:
        raise Conflict("user_inactive", "The user is deactivated.")
    expires_at = datetime.now(UTC) + INVITATION_LIFETIME
    offer = await _offer(session, user, links, expires_at)
    inviter = await session.get_one(User, session.scope.user_id)
    words = account_mail.invitation(inviter.name, offer)
    try:
        content = envelopes.account(await own_tenant(session), user.email, *words)
    except Skip as skip:
        raise Conflict("email_not_configured", f"No invitation can be sent: {skip}.") from skip
    await account_mail.post(session, user, content, expires_at)


async def _offer(session: Session, user: User, links: Links, expires_at: datetime) -> Offer:
    """A link for the user, as it is mailed."""
    tenant, link = await own_tenant(session), links.set_password()
    await insert_link(session, digest(link.token), user.id, expires_at)
    return Offer(tenant.company_name or tenant.name, link.sealed_url)


async def redeem(session: Session, token: str, password_hash: str) -> None:
    """Give the transaction's user the password that they have chosen by a link.

    Raises:
        Invalid: the link is spent, or its time is over.
    """
    if not await spend_link(session, digest(token)):
        raise void_link()
    await change_own(session, {"password_hash": password_hash})


async def change_own(
    session: Session, values: Mapping[str, Any], *, staying: str | None = None
) -> User:
    """Change the profile of the transaction's user; a new password ends all sessions but that of `staying`."""
    user_id = session.scope.user_id
    if user_id is None:
        raise ValueError("nobody is signed in")
    user = await rows.change(session, User, user_id, values)
    if "password_hash" in values:
        await sign_out_everywhere(session, user_id, staying=staying)
    return user
