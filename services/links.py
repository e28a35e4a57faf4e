"""The addresses at `PUBLIC_URL` that recipients and providers come back to."""

from uuid import UUID

from db.situations import Situation
from services.tokens import Tokens

UNSUBSCRIBE = "unsubscribe"
STATUS_CALLBACK = "twilio-status"


class Links:
    """Makes links whose tokens nobody can forge."""

    def __init__(self, public_url: str, tokens: Tokens) -> None:
        self._public_url = public_url.rstrip("/")
        self._tokens = tokens

    def unsubscribe(self, situation: Situation) -> str:
        """The way out of this tenant's e-mail for this contact; it never expires."""
        token = self._tokens.sign(
            UNSUBSCRIBE,
            situation.tenant.id,
            situation.contact.id,
            situation.enrollment.id,
        )
        return f"{self._public_url}/u/{token}"

    def status_callback(self, tenant_id: UUID, execution_id: UUID) -> str:
        """Where Twilio reports on a text; the token is the claim of its send."""
        token = self._tokens.sign(STATUS_CALLBACK, tenant_id, execution_id)
        return f"{self._public_url}/webhooks/twilio/status?claim={token}"
