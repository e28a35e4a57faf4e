"""`send_email`, by Resend."""

from email.utils import formataddr

import structlog

from activities.delivery import Claim, Transport, sent_at
from db.session import Database
from domain.enums import StepType
from domain.flow import Step
from domain.messages import Skip
from providers.resend import OutgoingEmail, ResendEmail
from services.contents import Content
from services.walk import Outcome, Walk

_log = structlog.get_logger(__name__)


class EmailTransport(Transport):
    """Resend knows a repeat by its `Idempotency-Key`, the id of the execution."""

    step_type = StepType.SEND_EMAIL

    def __init__(
        self, database: Database, resend: ResendEmail | None, from_email: str | None
    ) -> None:
        super().__init__(database)
        self._resend = resend
        self._from_email = from_email

    def check_configured(self, walk: Walk) -> None:
        """Without an account, or an address to send from, the step is skipped and the walk goes on."""
        if self._resend is None:
            _log.warning("Resend is not configured, e-mail skipped", enrollment=walk.enrollment.id)
            raise Skip("provider_not_configured", "e-mail is not configured")
        if not (walk.situation.tenant.from_email or self._from_email):
            raise Skip("no_sender", "neither the settings nor RESEND_FROM_EMAIL name a sender")

    def address(self, walk: Walk, step: Step, content: Content) -> Content:  # noqa: ARG002 — a port
        """Sender, recipient, one-click unsubscribe (RFC 8058), and tags that come back in webhooks."""
        tenant, enrollment = walk.situation.tenant, walk.enrollment
        name = content["from_name"] or tenant.from_name or tenant.company_name or tenant.name
        return {
            "from_address": formataddr((name, tenant.from_email or self._from_email or "")),
            "to": walk.situation.contact.email,
            "subject": content["subject"],
            "html": content["html"],
            "text": content["text"],
            "reply_to": content["reply_to"],
            "headers": {
                "List-Unsubscribe": f"<{content['unsubscribe_link']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            "tags": {
                "tenant_id": str(tenant.id),
                "campaign_id": str(enrollment.campaign_id),
                "enrollment_id": str(enrollment.id),
                "execution_id": str(walk.execution.id),
            },
        }

    async def send(self, claim: Claim) -> Outcome:
        """Hand the e-mail over."""
        if self._resend is None:
            raise RuntimeError("claimed without an account")
        sent = await self._resend.send(
            OutgoingEmail(**claim.content), idempotency_key=str(claim.execution_id)
        )
        return Outcome(
            result={
                "email_id": sent.provider_id,
                "sent_at": sent_at(claim.now),
                "provider": sent.provider,
            },
            counts="emails_sent",
            provider_id=sent.provider_id,
        )
