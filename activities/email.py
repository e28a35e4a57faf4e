"""E-mail, by Resend: of `send_email` steps, written by hand, and about accounts."""

from activities.delivery import Claim, Transport, sent_at
from db.session import Database
from db.tables import AccountMail, Tenant
from domain.caps import Hold
from domain.enums import Channel, StepType
from domain.flow import Step
from providers.resend import OutgoingEmail, ResendEmail
from services import caps
from services.contents import Content
from services.envelopes import Envelopes
from services.outcomes import Outcome
from services.walk import Walk


class EmailTransport(Transport):
    """Resend knows a repeat by its `Idempotency-Key`, the id of the claim."""

    step_type = StepType.SEND_EMAIL

    def __init__(
        self, database: Database, resend: ResendEmail | None, envelopes: Envelopes
    ) -> None:
        super().__init__(database)
        self._resend = resend
        self._envelopes = envelopes

    def check_configured(self, tenant: Tenant) -> None:
        """Without an account, or an address to send from, nothing is sent."""
        self._envelopes.sender(Channel.EMAIL, tenant)

    def address(self, walk: Walk, step: Step, content: Content) -> Content:  # noqa: ARG002 — a port
        """Put the envelope around it."""
        return self._envelopes.email(walk.execution, walk.situation, content)

    async def hold(self, walk: Walk) -> Hold | None:
        """Whatever the company's caps have no place for today waits for another day."""
        return await caps.hold(walk)

    async def send(self, claim: Claim) -> Outcome:
        """Hand the e-mail over."""
        if self._resend is None:
            raise RuntimeError("claimed without an account")
        content = claim.content
        if claim.table is AccountMail:
            content = self._envelopes.unsealed(content)
        sent = await self._resend.send(OutgoingEmail(**content), idempotency_key=str(claim.id))
        return Outcome(
            result={
                "email_id": sent.provider_id,
                "sent_at": sent_at(claim.now),
                "provider": sent.provider,
            },
            counts="emails_sent",
            provider_id=sent.provider_id,
        )
