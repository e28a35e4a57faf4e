"""`send_sms`, by Twilio."""

from datetime import UTC, datetime

import structlog

from activities.delivery import Claim, Transport, sent_at
from db.executions import recent_text_ids
from db.session import Database, engine
from domain.enums import Channel, StepType
from domain.flow import Step
from domain.messages import Skip
from providers.outcomes import OptedOutError, Sent
from providers.twilio import OutgoingText, TwilioSms
from services.consent import Because, opt_out_address
from services.contents import Content
from services.links import Links
from services.walk import Outcome, Walk

_log = structlog.get_logger(__name__)


class SmsTransport(Transport):
    """Twilio sends again whatever it is posted again: what is ambiguous is looked up, not repeated."""

    step_type = StepType.SEND_SMS
    repeatable = False

    def __init__(
        self, database: Database, twilio: TwilioSms | None, from_number: str | None, links: Links
    ) -> None:
        super().__init__(database)
        self._twilio = twilio
        self._from_number = from_number
        self._links = links

    def check_configured(self, walk: Walk) -> None:
        """Without an account, or a number to send from, the step is skipped and the walk goes on."""
        if self._twilio is None:
            _log.warning("Twilio is not configured, text skipped", enrollment=walk.enrollment.id)
            raise Skip("provider_not_configured", "texts are not configured")
        if not (walk.situation.tenant.sms_number or self._from_number):
            raise Skip("no_sender", "neither the settings nor TWILIO_PHONE_NUMBER name a sender")

    def address(self, walk: Walk, step: Step, content: Content) -> Content:  # noqa: ARG002 — a port
        """Sender, recipient, and a callback whose URL carries the claim."""
        return {
            "to": walk.situation.contact.phone,
            "from_number": walk.situation.tenant.sms_number or self._from_number,
            "body": content["body"],
            "media_urls": content["media_urls"],
            "status_callback": self._links.status_callback(
                walk.enrollment.tenant_id, walk.execution.id
            ),
        }

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
                _log.error(
                    "opt-out not noted", exc_info=error, execution_id=str(claim.execution_id)
                )
            raise

    async def find(self, claim: Claim) -> Outcome | None:
        """What the status callback, or Twilio's own list, says of the text."""
        if claim.provider_id:
            return _outcome(Sent("twilio", claim.provider_id), claim.now)
        if self._twilio is None:
            return None
        async with self._database.transaction(engine(claim.ref.tenant_id)) as session:
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
        async with self._database.transaction(engine(claim.ref.tenant_id)) as session:
            await opt_out_address(session, Channel.SMS, claim.content["to"], Because("carrier"))


def _outcome(sent: Sent, at: datetime) -> Outcome:
    return Outcome(
        result={"sms_id": sent.provider_id, "sent_at": sent_at(at), "provider": sent.provider},
        counts="sms_sent",
        provider_id=sent.provider_id,
    )
