"""Alerts by e-mail, to whom a company names in its settings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import formataddr

import structlog

from db.alerts import Unmailed, note_mailed, unmailed_alerts
from db.session import Database, engine
from providers.outcomes import PermanentError, TransientError
from providers.resend import OutgoingEmail, ResendEmail
from services.alerts import Letter, letter_of
from services.isolation import one_failure_is_one
from services.settings import Settings

_log = structlog.get_logger(__name__)

_WORTH_TELLING = timedelta(days=1)
_AT_MOST = 100
_ROUND_SECONDS = 30
"""What is not told by then waits for the next round: the repairs of this one are not to wait for a mail server."""


class AlertMail:
    """Mails what was raised, each alert once: Resend knows a repeat by the alert's id."""

    def __init__(
        self, database: Database, resend: ResendEmail | None, sender: str | None, public_url: str
    ) -> None:
        self._database = database
        self._resend = resend
        self._sender = sender
        self._public_url = public_url

    async def send_due(self) -> None:
        """One round over all tenants. What fails is left to the next one."""
        if self._resend is None:
            return
        with one_failure_is_one(round="alerts"):
            async with self._database.gateway() as gateway:
                found = await unmailed_alerts(gateway, _AT_MOST, _WORTH_TELLING)
            async with asyncio.timeout(_ROUND_SECONDS):
                for unmailed in found:
                    with one_failure_is_one(tenant=unmailed.tenant_id, alert=unmailed.alert_id):
                        await self._tell(self._resend, unmailed)

    async def _tell(self, resend: ResendEmail, unmailed: Unmailed) -> None:
        scope = engine(unmailed.tenant_id)
        async with self._database.transaction(scope) as session:
            letter = await letter_of(session, unmailed, self._public_url)
        if letter and (email := self._email(letter)):
            try:
                await resend.send(email, idempotency_key=str(unmailed.alert_id))
            except TransientError as error:
                _log.warning("alert not mailed yet", alert=str(unmailed.alert_id), error=str(error))
                return
            except PermanentError as error:
                _log.error("alert not mailed", alert=str(unmailed.alert_id), error=str(error))
        async with self._database.transaction(scope) as session:
            await note_mailed(session, unmailed.alert_id)

    def _email(self, letter: Letter) -> OutgoingEmail | None:
        """From the installation: that the company's own sender is refused may be what it tells of."""
        sender = self._sender or letter.own_sender
        if sender is None:
            return None
        from_address = formataddr(("Campaign Builder", sender))
        return OutgoingEmail(from_address, letter.to, letter.subject, text=letter.text)


@asynccontextmanager
async def alert_mail_of(settings: Settings, database: Database) -> AsyncIterator[AlertMail]:
    """As the environment says; without an account nothing is mailed."""
    resend = None
    if settings.resend_api_key:
        resend = ResendEmail(settings.resend_api_key, settings.resend_api_url)
    try:
        yield AlertMail(database, resend, settings.resend_from_email, settings.public_url)
    finally:
        if resend:
            await resend.aclose()
