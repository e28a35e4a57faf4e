"""The product as its providers see it: where it listens, and how what they post to it is signed."""

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

Json = dict[str, Any]


class UnplayableError(Exception):
    """What was asked for cannot be done with this message, or by this sandbox; the text says why."""


class UnreachableError(Exception):
    """The product did not answer; the text names the error."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the product. Sent twice, it is a replay."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product answered, and where it sends us."""

    status: int
    location: str | None = None


Send = Callable[[Call], Awaitable[Answer]]
"""Makes a call, follows no redirect, and raises `UnreachableError` where nobody answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Where the product is, and what it shares with the providers that are played here.

    Links begin with `public_url`, and Twilio signs it. Requests go to `address` instead, where that
    is given: a tunnel or a proxy may stand between. A secret that is None belongs to a provider that
    is not played here.
    """

    public_url: str
    resend_webhook_secret: str | None
    twilio_auth_token: str | None
    twilio_account_sid: str | None
    address: str | None = None

    def owns(self, url: str) -> bool:
        """Whether a link leads to the product."""
        return url.startswith(f"{self._root}/")

    def url(self, path: str) -> str:
        """A path of the product as the world knows it."""
        return f"{self._root}{path}"

    def call(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Call:
        """A request for one of the product's own links.

        Raises:
            UnplayableError: The link leads elsewhere, and nothing leaves the sandbox.
        """
        if not self.owns(url):
            raise UnplayableError(f"{url} is no link of {self._root}")
        address = self._root if self.address is None else self.address.rstrip("/")
        return Call(method, address + url.removeprefix(self._root), headers, body)

    def resend_webhook(
        self, event: str, data: Json, *, at: datetime, webhook_id: str | None = None
    ) -> Call:
        """An event of Resend, signed by Svix's scheme; `at` (UTC) is when.

        https://resend.com/docs/webhooks/introduction
        """
        if self.resend_webhook_secret is None:
            raise UnplayableError("Resend is not played here: there is no RESEND_WEBHOOK_SECRET")
        webhook_id = webhook_id or f"msg_{uuid.uuid4().hex}"
        created_at = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = json.dumps({"type": event, "created_at": created_at, "data": data})
        headers = {
            "content-type": "application/json",
            "user-agent": "Svix-Webhooks/1.0",
            "svix-id": webhook_id,
            "svix-timestamp": str(int(at.timestamp())),
            "svix-signature": Webhook(self.resend_webhook_secret).sign(webhook_id, at, body),
        }
        return self.call("POST", self.url("/webhooks/resend"), headers, body.encode())

    def twilio_webhook(self, path: str, form: Mapping[str, str]) -> Call:
        """A webhook of Twilio, signed over the public URL."""
        if self.twilio_auth_token is None:
            raise UnplayableError("Twilio is not played here: there is no TWILIO_AUTH_TOKEN")
        call = twilio_call(self.url(path), form, self.twilio_auth_token)
        return self.call("POST", call.url, call.headers, call.body)

    @property
    def _root(self) -> str:
        return self.public_url.rstrip("/")


def twilio_call(url: str, form: Mapping[str, str], auth_token: str) -> Call:
    """A form as Twilio posts and signs it.

    https://www.twilio.com/docs/usage/security#validating-requests
    """
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": "TwilioProxy/1.1",
        "x-twilio-signature": RequestValidator(auth_token).compute_signature(url, dict(form)),
    }
    return Call("POST", url, headers, urlencode(form).encode())
