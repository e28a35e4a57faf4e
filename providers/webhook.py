"""The `webhook` step: one signed request to an address that a company typed.

The name is resolved once, every address that is not public is dropped, and the connection goes to
one of those that remain, while TLS and `Host` keep the name: a second answer of the DNS cannot lead
elsewhere. The transport is used without a client around it: no redirects, no cookies, no proxies,
no credentials from files. Signed by https://www.standardwebhooks.com.
"""

import asyncio
import json
import math
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from pydantic import JsonValue
from standardwebhooks import Webhook

from domain.webhook_url import METHODS, WebhookTarget, check_header, check_url, is_public
from providers.connections import NOT_SENT
from providers.outcomes import PermanentError, TransientError, parse_retry_after

TIMEOUT_SECONDS = 10.0
CONNECT_SECONDS = 3.0
MAX_RESPONSE_BYTES = 64 * 1024
USER_AGENT = "CampaignBuilder-Webhook/1"

_TRY_AGAIN = frozenset({408, 425, 429})

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One call. `message_id` stays the same when it is tried again, `timestamp` (aware) does not.

    A `body` that is a string goes out as it is, None as nothing, anything else as JSON. `secret` is
    the company's signing secret, `whsec_` and base64.
    """

    method: str
    url: str
    message_id: str
    timestamp: datetime
    secret: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: JsonValue = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """The receiver's yes: a 2xx status and the first 64 KiB of what it said."""

    status: int
    body: str


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host, in the order to try them.

    Raises:
        OSError: the name is not known, or nobody answers.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


class WebhookClient:
    """Calls webhooks. Close it with `aclose`.

    `allow_hosts` names hosts (`host` or `host:port`) that may be private and plain http.
    `ssl_context` is for installations with a certificate authority of their own.
    """

    def __init__(
        self,
        allow_hosts: frozenset[str] = frozenset(),
        *,
        resolver: Resolver = resolve,
        ssl_context: ssl.SSLContext | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._allow_hosts = frozenset(host.lower() for host in allow_hosts)
        self._resolve = resolver
        self._timeout = timeout_seconds
        # A kept connection to one address could serve another name that leads there too, with a
        # certificate that was checked for the first.
        self._transport = httpx.AsyncHTTPTransport(
            verify=ssl_context or True,
            trust_env=False,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
        )

    async def call(self, request: WebhookRequest) -> WebhookResponse:
        """Send the request and read the answer, in 10 seconds all told.

        Raises:
            PermanentError: the URL or a header is refused, the host is not public, or the receiver
                redirects or answers 4xx.
            TransientError: network, DNS, 5xx, 408, 425 or 429.
        """
        try:
            target = check_url(request.url, self._allow_hosts)
            for name, value in request.headers.items():
                check_header(name, value)
        except ValueError as error:
            raise PermanentError(f"webhook refused: {error}", code="refused") from error
        if request.method not in METHODS:
            raise PermanentError(f"webhook refused: method {request.method}", code="refused")
        content, headers = _signed(request, target)
        try:
            async with asyncio.timeout(self._timeout):
                addresses = await self._addresses(target)
                return await self._send(request, target, addresses, content, headers)
        except TimeoutError as error:
            message = f"{target.host} did not answer in {self._timeout:g} s"
            raise TransientError(message, ambiguous=True) from error
        except httpx.InvalidURL as error:
            raise PermanentError(f"webhook refused: {error}", code="refused") from error
        except (OSError, httpx.HTTPError) as error:
            raise TransientError(
                f"no answer from {target.host}: {_cause(error)}",
                ambiguous=not isinstance(error, (OSError, *NOT_SENT)),
            ) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def _addresses(self, target: WebhookTarget) -> Sequence[str]:
        found = await self._resolve(target.host, target.port)
        addresses = found if target.trusted else [each for each in found if is_public(each)]
        if not addresses:
            raise PermanentError(f"{target.host} has no public address", code="refused")
        return addresses

    async def _send(
        self,
        request: WebhookRequest,
        target: WebhookTarget,
        addresses: Sequence[str],
        content: bytes,
        headers: Mapping[str, str],
    ) -> WebhookResponse:
        for address in addresses[:-1]:
            try:
                return await self._send_to(address, request, target, content, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._send_to(addresses[-1], request, target, content, headers)

    async def _send_to(
        self,
        address: str,
        request: WebhookRequest,
        target: WebhookTarget,
        content: bytes,
        headers: Mapping[str, str],
    ) -> WebhookResponse:
        timeout = httpx.Timeout(self._timeout, connect=CONNECT_SECONDS)
        response = await self._transport.handle_async_request(
            httpx.Request(
                request.method,
                httpx.URL(request.url).copy_with(host=address, port=target.port),
                headers=headers,
                content=content,
                extensions={"sni_hostname": target.host, "timeout": timeout.as_dict()},
            )
        )
        try:
            _check_status(response, target.host)
            return WebhookResponse(response.status_code, await _beginning(response))
        finally:
            await response.aclose()


def _cause(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "the name does not resolve"
    if isinstance(error, (OSError, *NOT_SENT)):
        return "it takes no connection"
    return "the connection broke"


def _signed(request: WebhookRequest, target: WebhookTarget) -> tuple[bytes, Mapping[str, str]]:
    text, content_type = _encoded(request.body)
    at = request.timestamp.astimezone(UTC)
    headers = httpx.Headers({"user-agent": USER_AGENT, "accept": "*/*"})
    if content_type:
        headers["content-type"] = content_type
    headers.update(request.headers)
    headers.update(
        {
            "host": target.authority,
            "accept-encoding": "identity",
            "connection": "close",
            "webhook-id": request.message_id,
            "webhook-timestamp": str(math.floor(at.timestamp())),
            "webhook-signature": Webhook(request.secret).sign(request.message_id, at, text),
        }
    )
    return text.encode(), headers


def _encoded(body: JsonValue) -> tuple[str, str | None]:
    if body is None:
        return "", None
    if isinstance(body, str):
        return body, "text/plain; charset=utf-8"
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")), "application/json"


def _check_status(response: httpx.Response, host: str) -> None:
    status = response.status_code
    message = f"{host} answered {status}"
    if status >= 500 or status in _TRY_AGAIN:
        wait = parse_retry_after(response.headers.get("retry-after"))
        raise TransientError(message, retry_after=wait, code=str(status), ambiguous=status >= 500)
    if not 200 <= status < 300:
        raise PermanentError(message, code=str(status))


async def _beginning(response: httpx.Response) -> str:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= MAX_RESPONSE_BYTES:
            break
    # PostgreSQL keeps no NUL.
    return body[:MAX_RESPONSE_BYTES].decode(errors="replace").replace("\0", "\ufffd")
