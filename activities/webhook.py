"""The `webhook` step: a signed request to a server of the company's choice."""

from datetime import UTC, datetime

from activities.delivery import Claim, Transport
from db.session import Database
from db.tables import Tenant
from domain.enums import StepType
from domain.flow import Step
from providers.webhook import WebhookClient, WebhookRequest
from services.contents import Content
from services.envelopes import webhook_call
from services.outcomes import Outcome
from services.walk import Walk
from services.webhook_secrets import webhook_secret


class WebhookTransport(Transport):
    """Delivered at least once; the receiver knows a repeat by its `webhook-id`."""

    step_type = StepType.WEBHOOK

    def __init__(self, database: Database, client: WebhookClient, secret_key: str) -> None:
        super().__init__(database)
        self._client = client
        self._secret_key = secret_key

    def check_configured(self, tenant: Tenant) -> None:
        """It always is."""

    def address(self, walk: Walk, step: Step, content: Content) -> Content:
        """Where to and how."""
        return webhook_call(walk.situation, step, content)

    async def send(self, claim: Claim) -> Outcome:
        """Make the request."""
        response = await self._client.call(
            WebhookRequest(
                **claim.content,
                message_id=str(claim.id),
                timestamp=datetime.now(UTC),
                secret=webhook_secret(self._secret_key, claim.tenant_id),
            )
        )
        return Outcome(result={"status": response.status, "body": response.body[:2000]})
