"""E-mail as it comes to us: somebody's e-mail program, and Resend in between."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

from dev.sandbox import Store
from services.settings import Settings

OURS = "hello@ridge.example"
"""What `create_world` gives each company: the tests share it, as companies may."""


class Mailbox:
    """Writes to us."""

    def __init__(self, api: httpx.AsyncClient, settings: Settings, store: Store) -> None:
        self.api, self._settings, self._store = api, settings, store

    async def write(
        self,
        sender: str,
        *,
        to: str = OURS,
        subject: str = "Re: Your roof",
        headers: Mapping[str, str] | None = None,
        **content: str | None,
    ) -> str:
        """An e-mail arrives; its id at Resend."""
        email_id = str(uuid4())
        received = {"from": sender, "subject": subject, "headers": dict(headers or {}), **content}
        received.setdefault("text", "Yes, please come.")
        received.setdefault("message_id", f"<{email_id}@home.example>")
        self._store.add("received_email", email_id, to, received)
        response = await self.announce(email_id, sender, to, subject)
        assert response.status_code == 204, response.text
        return email_id

    async def announce(self, email_id: str, sender: str, to: str, subject: str) -> httpx.Response:
        data = {
            "email_id": email_id,
            "created_at": datetime.now(UTC).isoformat(),
            "from": sender,
            "to": [to],
            "subject": subject,
            "attachments": [],
        }
        now = datetime.now(UTC)
        body = json.dumps({"type": "email.received", "created_at": now.isoformat(), "data": data})
        webhook_id = f"msg_{uuid4().hex}"
        assert self._settings.resend_webhook_secret
        signature = Webhook(self._settings.resend_webhook_secret).sign(webhook_id, now, body)
        headers = {
            "svix-id": webhook_id,
            "svix-timestamp": str(int(now.timestamp())),
            "svix-signature": signature,
        }
        return await self.api.post("/webhooks/resend", content=body, headers=headers)
