"""Texts through Twilio.

Twilio knows no idempotency key: a text that is posted twice arrives twice. So the line between "was
not accepted" and "nobody knows" is drawn with care, and whatever is not plainly a refusal is
ambiguous. An ambiguous text is settled by its status callback or by `TwilioSms.find`.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from twilio.base import values
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from typing_extensions import override

from providers.connections import NOT_SENT
from providers.outcomes import (
    AmbiguousError,
    OptedOutError,
    PermanentError,
    ProviderError,
    Sent,
    TransientError,
    parse_retry_after,
)

DEFAULT_URL = "https://api.twilio.com"
TIMEOUT_SECONDS = 10.0
MIN_VALIDITY = timedelta(seconds=1)
MAX_VALIDITY = timedelta(seconds=36_000)

# Twilio's clock is not ours, and its times are in whole seconds.
_CLOCK_SKEW = timedelta(minutes=1)
_NEWEST = 50

# https://www.twilio.com/docs/api/errors
_OPTED_OUT = 21610
_BACK_OFF = frozenset({20429, 30001})


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text to one person, rendered. Numbers are E.164.

    Twilio gives up on delivery after `validity_period`, which is brought into 1 to 36,000 s.
    """

    to: str
    from_number: str
    body: str = field(repr=False)
    media_urls: tuple[str, ...] = ()
    status_callback: str | None = None
    validity_period: timedelta | None = None


class TwilioSms:
    """A Twilio account behind one pool of connections. Close it with `aclose`."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        base_url: str = DEFAULT_URL,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._timeout = timeout_seconds
        # To connect has less time than the whole: a connection that does not come is told from an
        # answer that does not.
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout_seconds, connect=timeout_seconds / 2)
        )
        self._twilio = Client(account_sid, auth_token, http_client=_PooledClient(self._client))
        # The SDK takes both from the environment and would rewrite the host with them.
        self._twilio.edge = self._twilio.region = None
        self._twilio.api.base_url = base_url.rstrip("/")

    async def send(self, text: OutgoingText) -> Sent:
        """Hand the text over. Calling it twice sends two texts.

        Raises:
            OptedOutError: the recipient has texted STOP to this number.
            PermanentError: Twilio refuses it: bad number, bad payload, bad credentials.
            TransientError: it was not accepted: no connection, or too many requests.
            AmbiguousError: anything else; it may have been accepted.
        """
        try:
            async with asyncio.timeout(self._timeout):
                message = await self._twilio.messages.create_async(
                    to=text.to,
                    from_=text.from_number,
                    body=text.body,
                    media_url=list(text.media_urls) or values.unset,
                    status_callback=text.status_callback or values.unset,
                    validity_period=_validity_seconds(text.validity_period),
                )
        except ProviderError:
            raise
        except (TwilioRestException, TwilioServiceException) as error:
            raise _refused(error) from error
        except NOT_SENT as error:
            raise TransientError(f"no connection to Twilio: {type(error).__name__}") from error
        except Exception as error:
            # The request has left, and what came back cannot be read.
            raise AmbiguousError(f"no answer from Twilio: {type(error).__name__}") from error
        if not message.sid:
            raise AmbiguousError("Twilio answered without an id")
        return Sent(provider="twilio", provider_id=message.sid)

    async def find(
        self,
        to: str,
        from_number: str,
        body: str,
        sent_after: datetime,
        *,
        known_ids: Collection[str] = (),
    ) -> Sent | None:
        """Look for a text whose answer is lost, posted at `sent_after` (aware) or later.

        `known_ids` are the provider's ids of other texts, which may say the same. The newest 50 to
        this number are read and compared here: Twilio filters by whole days, and by the time of
        sending, which a queued text has not got.

        Raises:
            TransientError: the look-up failed; it tells nothing about the text.
        """
        try:
            async with asyncio.timeout(self._timeout):
                messages = await self._twilio.messages.list_async(
                    to=to, from_=from_number, limit=_NEWEST
                )
        except ProviderError:
            raise
        except (TwilioException, httpx.HTTPError, TimeoutError, ValueError) as error:
            raise TransientError(f"Twilio look-up failed: {type(error).__name__}") from error
        earliest = sent_after - _CLOCK_SKEW
        for message in reversed(messages):
            created, sid = message.date_created, message.sid
            if (
                sid
                and sid not in known_ids
                and isinstance(created, datetime)
                and created >= earliest
                and (message.body or "").strip() == body.strip()
            ):
                return Sent(provider="twilio", provider_id=sid)
        return None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _PooledClient(AsyncHttpClient):
    """Carries the SDK's requests over httpx.

    The SDK's own client ignores its timeout, hides at which point a connection failed, drops
    `Retry-After`, and logs the query, phone numbers included. It never posts anything twice.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True)
        self._client = client

    @override
    async def request(  # type: ignore[override]  # as the SDK's own asynchronous client does
        self,
        method: str,
        uri: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_limits: object,
    ) -> Response:
        response = await self._client.request(
            method, uri, params=params, data=data, headers=headers, auth=auth
        )
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            wait = parse_retry_after(response.headers.get("retry-after"))
            raise TransientError("Twilio 429: too many requests", retry_after=wait, code="429")
        return Response(response.status_code, response.text, response.headers)


def _validity_seconds(period: timedelta | None) -> int | object:
    if period is None:
        return values.unset
    return int(min(max(period, MIN_VALIDITY), MAX_VALIDITY).total_seconds())


def _refused(error: TwilioRestException | TwilioServiceException) -> ProviderError:
    code = str(error.code)
    reason = error.msg if isinstance(error, TwilioRestException) else error.title
    message = f"Twilio {error.status} ({code}): {reason}"
    if not 400 <= error.status < 500:
        return AmbiguousError(message, code=code)
    if error.code in _BACK_OFF:
        return TransientError(message, code=code)
    if error.code == _OPTED_OUT:
        return OptedOutError(message, code=code)
    return PermanentError(message, code=code)
