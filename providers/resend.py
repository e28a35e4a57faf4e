"""E-mail through Resend.

Every send carries an `Idempotency-Key`, which Resend keeps for 24 hours with the id that it gave
out: within that time a repeat is harmless, whatever became of the first request. So a lost answer
is transient, and marked as ambiguous. The caller stops 23 hours after the first attempt.
https://resend.com/docs/dashboard/emails/idempotency-keys
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import resend
from resend.exceptions import ResendError
from typing_extensions import override

from providers.connections import NOT_SENT
from providers.outcomes import (
    PermanentError,
    ProviderError,
    Sent,
    TransientError,
    parse_retry_after,
)

DEFAULT_URL = "https://api.resend.com"
TIMEOUT_SECONDS = 10.0
QUOTA_WAIT = timedelta(hours=1)

_NO_ANSWER = "HttpClientError"
_QUOTA_ERRORS = frozenset({"daily_quota_exceeded", "monthly_quota_exceeded"})


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """One e-mail to one person, rendered.

    `from_address` is `a@example.com` or `Name <a@example.com>`. Names and values of `tags` are
    ASCII letters, digits, `_` and `-`, at most 256 characters each (Resend's rule).
    """

    from_address: str
    to: str
    subject: str
    html: str | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceivedEmail:
    """What somebody wrote to an address of the account."""

    text: str | None = field(default=None, repr=False)
    html: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class ResendEmail:
    """A Resend account behind one pool of connections. Close it with `aclose`."""

    def __init__(
        self,
        api_key: str,
        base_url: str = DEFAULT_URL,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout_seconds
        self._client = httpx.AsyncClient(timeout=timeout_seconds)
        self._http = _PooledClient(self._client)

    async def send(self, email: OutgoingEmail, *, idempotency_key: str) -> Sent:
        """Hand the e-mail over, at most once per `idempotency_key` (1 to 256 characters).

        Raises:
            PermanentError: Resend refuses it: bad address, bad payload, bad credentials.
            TransientError: rate limit, quota, failure of Resend or of the network.
        """
        params, options = _params(email), resend.Emails.SendOptions(idempotency_key=idempotency_key)
        answer = await self._ask(lambda: resend.Emails.send_async(params, options))
        provider_id = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(provider_id, str):
            raise TransientError("Resend answered without an id", ambiguous=True)
        return Sent(provider="resend", provider_id=provider_id)

    async def received(self, email_id: str) -> ReceivedEmail:
        """What an e-mail that came in says; its pictures stay behind.

        https://resend.com/docs/api-reference/emails/retrieve-received-email

        Raises:
            PermanentError: Resend has no such e-mail, or does not show it to this account.
            TransientError: rate limit, failure of Resend or of the network.
        """
        answer = await self._ask(
            lambda: resend.Emails.Receiving.get_async(email_id, {"html_format": "cid"})
        )
        if not isinstance(answer, dict):
            raise TransientError("Resend answered without an e-mail")
        headers = answer.get("headers")
        return ReceivedEmail(
            text=_text(answer.get("text")),
            html=_text(answer.get("html")),
            headers=(
                {name: value for name, value in headers.items() if isinstance(value, str)}
                if isinstance(headers, dict)
                else {}
            ),
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, call: Callable[[], Awaitable[object]]) -> object:
        # The SDK's settings are globals that it reads before it first waits: set here, they are
        # this account's, however many accounts the process knows.
        resend.api_key = self._api_key
        resend.api_url = self._base_url
        resend.default_async_http_client = self._http
        try:
            async with asyncio.timeout(self._timeout):
                return await call()
        except ResendError as error:
            raise _classified(error) from error
        except TimeoutError as error:
            message = f"Resend did not answer in {self._timeout:g} s"
            raise TransientError(message, ambiguous=True) from error


class _PooledClient(resend.AsyncHTTPClient):
    """Lets the SDK use our pool; its own client opens a connection for each call."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @override
    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: dict[str, object] | list[object] | None = None,
        files: dict[str, Any] | None = None,
        data: dict[str, str] | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        response = await self._client.request(
            method, url, headers=headers, json=json, files=files, data=data
        )
        return response.content, response.status_code, response.headers


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _params(email: OutgoingEmail) -> resend.Emails.SendParams:
    """The payload. A repeat must say the same in the same order, or Resend refuses its key."""
    params: resend.Emails.SendParams = {
        "from": email.from_address,
        "to": [email.to],
        "subject": email.subject,
    }
    if email.html is not None:
        params["html"] = email.html
    if email.text is not None:
        params["text"] = email.text
    if email.reply_to is not None:
        params["reply_to"] = email.reply_to
    if email.headers:
        params["headers"] = dict(sorted(email.headers.items()))
    if email.tags:
        tags = sorted(email.tags.items())
        params["tags"] = [{"name": name, "value": value} for name, value in tags]
    return params


def _classified(error: ResendError) -> ProviderError:
    """Decide by status and type: https://resend.com/docs/api-reference/errors."""
    status, kind = int(error.code), error.error_type
    if kind == _NO_ANSWER:
        # Its text is that of the HTTP library, which may quote a header, and with it the key.
        reason = error.__context__
        return TransientError(
            f"no answer from Resend: {type(reason).__name__}",
            code=kind,
            ambiguous=not isinstance(reason, NOT_SENT),
        )
    message = f"Resend {status} {kind}: {error.message}"
    if kind in _QUOTA_ERRORS:
        return TransientError(message, retry_after=QUOTA_WAIT, code=kind)
    if status in {408, 425, 429}:
        wait = parse_retry_after(error.headers.get("retry-after"))
        return TransientError(message, retry_after=wait, code=kind)
    if kind == "concurrent_idempotent_requests" or status >= 500:
        return TransientError(message, code=kind, ambiguous=True)
    return PermanentError(message, code=kind)
