"""Texts, by Twilio: of `send_sms` steps, and written by hand."""

from datetime import UTC, datetime

import structlog

from activities.delivery import Claim, Transport, sent_at
from db.sends import recent_text_ids
from db.session import Database, engine
from db.tables import Tenant
from domain.caps import Hold
from domain.enums import Channel, StepType
from domain.flow import Step
from providers.outcomes import OptedOutError, Sent
from providers.twilio import OutgoingText, TwilioSms
from services import caps
from services.consent import Because, opt_out_address
from services.contents import Content
from services.envelopes import Envelopes
from services.outcomes import Outcome
from services.walk import Walk

_log = structlog.get_logger(__name__)


class SmsTransport(Transport):
    """Twilio sends again whatever it is posted again: what is ambiguous is looked up, not repeated."""

    step_type = StepType.SEND_SMS
    repeatable = False

    def __init__(self, database: Database, twilio: TwilioSms | None, envelopes: Envelopes) -> None:
        super().__init__(database)
        self._twilio = twilio
        self._envelopes = envelopes

    def check_configured(self, tenant: Tenant) -> None:
        """Without an account, or a number to send from, nothing is sent."""
        self._envelopes.sender(Channel.SMS, tenant)

    def address(self, walk: Walk, step: Step, content: Content) -> Content:  # noqa: ARG002 — a port
        """Put the envelope around it."""
        return self._envelopes.text(walk.execution, walk.situation, content)

    async def hold(self, walk: Walk) -> Hold | None:
        """Whoever has had all the texts of 24 hours waits for the next one; then the company's caps hold."""
        return await caps.hold_by_law(walk) or await caps.hold(walk)

    async def send(self, claim: Claim) -> Outcome:
        """Hand the text over; it is void when the window closes."""
        if self._twilio is None:
            raise RuntimeError("claimed without an account")
        text = OutgoingText(
            **claim.content,
            validity_period=claim.closes_at - claim.now if claim.closes_at else None,
        )
        try:
            return _outcome(await self._twilio.send(text), claim.now)
        except OptedOutError:
            try:
                await self._note_opt_out(claim)
            except Exception as error:
                # The text was refused all the same; the next one will be too.
                _log.error("opt-out not noted", exc_info=error, claim=str(claim.id))
            raise

    async def find(self, claim: Claim) -> Outcome | None:
        """What the status callback, or Twilio's own list, says of the text."""
        if claim.provider_id:
            return _outcome(Sent("twilio", claim.provider_id), claim.now)
        if self._twilio is None:
            return None
        async with self._database.transaction(engine(claim.tenant_id)) as session:
            known_ids = await recent_text_ids(session, claim.now)
        sent = await self._twilio.find(
            claim.content["to"],
            claim.content["from_number"],
            claim.content["body"],
            claim.ambiguous_since or datetime.now(UTC),
            known_ids=known_ids,
        )
        return _outcome(sent, claim.now) if sent else None

    async def _note_opt_out(self, claim: Claim) -> None:
        """Twilio heard a STOP that we did not."""
        async with self._database.transaction(engine(claim.tenant_id)) as session:
            await opt_out_address(session, Channel.SMS, claim.content["to"], Because("carrier"))


def _outcome(sent: Sent, at: datetime) -> Outcome:
    return Outcome(
        result={"sms_id": sent.provider_id, "sent_at": sent_at(at), "provider": sent.provider},
        counts="sms_sent",
        provider_id=sent.provider_id,
    )
