"""The addresses at `PUBLIC_URL` that recipients and providers come back to."""

import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from db.situations import Addressee, Situation
from db.tables import Execution, Message
from domain.messages import MessageLinks
from domain.tracking import Tracking
from services.tokens import Tokens

SET_PASSWORD = "set-password"  # noqa: S105 — the name of a purpose
UNSUBSCRIBE = "unsubscribe"
OPEN = "open"
CLICK = "click"
STATUS_CALLBACK = "twilio-status"
MESSAGE_STATUS_CALLBACK = "twilio-message-status"


_SEALED = re.compile(r"(/set-password\?token=)\{([\w-]{43})\}")


@dataclass(frozen=True, slots=True)
class SecretLink:
    """A link that opens something. It is kept as `sealed_url`, without its token, until it goes out."""

    sealed_url: str
    token: str = field(repr=False)


class Links:
    """Makes links whose tokens nobody can forge."""

    def __init__(self, public_url: str, tokens: Tokens) -> None:
        self._public_url = public_url.rstrip("/")
        self._tokens = tokens

    def unsubscribe(self, addressee: Addressee) -> str:
        """The way out of this tenant's e-mail for this contact; it never expires."""
        ids = [addressee.tenant.id, addressee.contact.id]
        if isinstance(addressee, Situation):
            ids.append(addressee.enrollment.id)
            if addressee.execution:
                ids.append(addressee.execution.id)
        return f"{self._public_url}/u/{self._tokens.sign(UNSUBSCRIBE, *ids)}"

    def of_message(self, situation: Situation) -> MessageLinks:
        """The links of what an enrollment's current visit sends, which tell what becomes of it."""
        tracking = self._tracking(situation.execution) if situation.execution else None
        return MessageLinks(self.unsubscribe(situation), tracking)

    def pixel(self, tenant_id: UUID, execution_id: UUID) -> str:
        """The image that tells that an e-mail was opened."""
        return f"{self._public_url}/t/o/{self._tokens.sign(OPEN, tenant_id, execution_id)}"

    def click(self, tenant_id: UUID, execution_id: UUID, target: str) -> str:
        """The link that tells that it was followed, and leads to the target that its token carries."""
        token = self._tokens.sign(CLICK, tenant_id, execution_id, text=target)
        return f"{self._public_url}/t/c/{token}"

    def set_password(self) -> SecretLink:
        """Where a user chooses a password. Its token is 256 random bits to whoever has not our `SECRET_KEY`."""
        seed = secrets.token_urlsafe(32)
        sealed = f"{self._public_url}/set-password?token={{{seed}}}"
        return SecretLink(sealed, self._tokens.secret(SET_PASSWORD, seed))

    def unseal(self, text: str) -> str:
        """The text, with the tokens in its links."""
        return _SEALED.sub(lambda link: link[1] + self._tokens.secret(SET_PASSWORD, link[2]), text)

    def _tracking(self, execution: Execution) -> Tracking:
        ids = execution.tenant_id, execution.id
        return Tracking(self.pixel(*ids), lambda target: self.click(*ids, target))

    def status_callback(self, row: Execution | Message) -> str:
        """Where Twilio reports on a text; the token is the claim of its send."""
        match row:
            case Execution():
                name, purpose = "claim", STATUS_CALLBACK
            case Message():
                name, purpose = "message", MESSAGE_STATUS_CALLBACK
        token = self._tokens.sign(purpose, row.tenant_id, row.id)
        return f"{self._public_url}/webhooks/twilio/status?{name}={token}"
