import asyncio
import base64
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import trustme
from standardwebhooks import Webhook, WebhookVerificationError

from providers.outcomes import PermanentError, ProviderError, TransientError
from providers.webhook import MAX_RESPONSE_BYTES, WebhookClient, WebhookRequest
from tests.providers.conftest import Receiver, serve

SECRET = "whsec_" + base64.b64encode(b"the secret of a company").decode()
HOST = "crm.example.com"


class Dns:
    """Answers as it is told, once each; the last answer stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def a_request(url: str, **changes: Any) -> WebhookRequest:
    request = WebhookRequest(
        method="POST",
        url=url,
        message_id="msg_1",
        timestamp=datetime.now(UTC),
        secret=SECRET,
        body={"contact": "Zoë", "amount": "12.50"},
    )
    return replace(request, **changes)


@pytest.fixture
async def client() -> AsyncIterator[WebhookClient]:
    client = WebhookClient(frozenset({"127.0.0.1"}), timeout_seconds=1)
    yield client
    await client.aclose()


@pytest.fixture
def url(receiver: Receiver) -> str:
    return f"http://127.0.0.1:{receiver.port}/hook?a=1"


async def test_call_carries_its_body_and_a_signature_that_verifies(
    client: WebhookClient, receiver: Receiver, url: str
) -> None:
    receiver.answer(201, b"thanks")

    response = await client.call(a_request(url, headers={"Authorization": "Bearer x"}))

    [received] = receiver.requests
    assert (response.status, response.body) == (201, "thanks")
    assert received.method == "POST"
    assert str(received.url) == url
    assert received.body.decode() == '{"contact":"Zoë","amount":"12.50"}'
    assert received.headers["content-type"] == "application/json"
    assert received.headers["authorization"] == "Bearer x"
    assert received.headers["webhook-id"] == "msg_1"
    Webhook(SECRET).verify(received.body, dict(received.headers))


async def test_signature_is_of_the_moment_whatever_its_zone(
    client: WebhookClient, receiver: Receiver, url: str
) -> None:
    now = datetime.now(timezone(timedelta(hours=-7)))

    await client.call(a_request(url, timestamp=now))

    [received] = receiver.requests
    Webhook(SECRET).verify(received.body, dict(received.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(received.body + b" ", dict(received.headers))


@pytest.mark.parametrize(
    ("body", "sent", "content_type"),
    [
        ("a=1&b=2", b"a=1&b=2", "text/plain; charset=utf-8"),
        (None, b"", None),
        ([1, None], b"[1,null]", "application/json"),
    ],
)
async def test_body_is_sent_as_text_or_json(
    client: WebhookClient,
    receiver: Receiver,
    url: str,
    *,
    body: Any,
    sent: bytes,
    content_type: str | None,
) -> None:
    await client.call(a_request(url, body=body))

    [received] = receiver.requests
    assert received.body == sent
    assert received.headers.get("content-type") == content_type


async def test_company_chooses_the_content_type(
    client: WebhookClient, receiver: Receiver, url: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    await client.call(a_request(url, body="a=1", headers=headers))

    [received] = receiver.requests
    assert received.headers.getlist("content-type") == ["application/x-www-form-urlencoded"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (301, PermanentError),
        (302, PermanentError),
        (307, PermanentError),
        (400, PermanentError),
        (404, PermanentError),
        (408, TransientError),
        (410, PermanentError),
        (425, TransientError),
        (429, TransientError),
        (500, TransientError),
        (503, TransientError),
    ],
)
async def test_answer_is_classified_and_no_redirect_is_followed(
    client: WebhookClient,
    receiver: Receiver,
    url: str,
    status: int,
    outcome: type[ProviderError],
) -> None:
    receiver.answer(status, b"", {"location": "/elsewhere", "retry-after": "30"})

    with pytest.raises(ProviderError) as raised:
        await client.call(a_request(url))

    assert type(raised.value) is outcome
    assert len(receiver.requests) == 1
    if isinstance(raised.value, TransientError):
        assert raised.value.retry_after == timedelta(seconds=30)
        assert raised.value.ambiguous == (status >= 500)


async def test_long_answer_is_read_to_64_kib(
    client: WebhookClient, receiver: Receiver, url: str
) -> None:
    receiver.answer(200, b"x" * (MAX_RESPONSE_BYTES + 100_000))

    response = await client.call(a_request(url))

    assert len(response.body) == MAX_RESPONSE_BYTES


async def test_cookie_of_one_answer_is_not_sent_with_the_next(
    client: WebhookClient, receiver: Receiver, url: str
) -> None:
    receiver.answer(200, b"", {"set-cookie": "session=of-another-company"})

    await client.call(a_request(url))
    await client.call(a_request(url))

    assert "cookie" not in receiver.requests[1].headers


async def test_proxy_of_the_environment_is_not_asked(
    receiver: Receiver, url: str, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    client = WebhookClient(frozenset({"127.0.0.1"}))

    await client.call(a_request(url))
    await client.aclose()

    assert len(receiver.requests) == 1


async def test_receiver_that_drips_is_left_after_the_time_limit() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.05)

    client = WebhookClient(frozenset({"127.0.0.1"}), timeout_seconds=0.3)
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    began = time.monotonic()
    try:
        with pytest.raises(TransientError) as raised:
            await client.call(a_request(f"http://127.0.0.1:{port}/"))
    finally:
        await client.aclose()
        server.close()

    assert raised.value.ambiguous
    assert time.monotonic() - began < 1


async def test_refused_connection_is_transient_and_nothing_was_sent(
    client: WebhookClient, closed_port: int
) -> None:
    with pytest.raises(TransientError) as raised:
        await client.call(a_request(f"http://127.0.0.1:{closed_port}/"))

    assert not raised.value.ambiguous


async def test_unknown_host_is_transient() -> None:
    client = WebhookClient()

    with pytest.raises(TransientError, match=r"nowhere\.invalid: the name does not resolve"):
        await client.call(a_request("https://nowhere.invalid/"))
    await client.aclose()


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://127.0.0.2/"},
        {"url": "http://crm.example.com/"},
        {"method": "TRACE"},
        {"method": "GET /\r\nHost: inside"},
        {"headers": {"Host": "inside"}},
        {"headers": {"X-Name": "x\r\nHost: inside"}},
    ],
)
async def test_request_that_may_not_be_made_is_permanent(
    client: WebhookClient, receiver: Receiver, url: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(PermanentError) as raised:
        await client.call(replace(a_request(url), **changes))

    assert raised.value.code == "refused"
    assert receiver.requests == []


@pytest.mark.parametrize(
    "answer",
    [["127.0.0.1"], ["10.0.0.1", "::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["fe80::1%lo"]],
)
async def test_name_that_leads_inside_is_permanent(receiver: Receiver, answer: list[str]) -> None:
    client = WebhookClient(resolver=Dns(answer))

    with pytest.raises(PermanentError) as raised:
        await client.call(a_request(f"https://{HOST}:{receiver.port}/"))
    await client.aclose()

    assert raised.value.code == "refused"
    assert receiver.requests == []


async def test_numeric_host_in_disguise_leads_nowhere(receiver: Receiver) -> None:
    client = WebhookClient()

    for host in ("2130706433", "0x7f000001", "127.1"):
        with pytest.raises(PermanentError):
            await client.call(a_request(f"https://{host}:{receiver.port}/"))
    await client.aclose()


async def test_name_is_resolved_once_and_the_connection_stays_with_that_answer(
    receiver: Receiver,
) -> None:
    dns = Dns(["127.0.0.1"], ["192.0.2.1"])
    client = WebhookClient(frozenset({HOST}), resolver=dns, timeout_seconds=1)

    await client.call(a_request(f"http://{HOST}:{receiver.port}/"))
    await client.aclose()

    [received] = receiver.requests
    assert dns.asked == [HOST]
    assert received.headers["host"] == f"{HOST}:{receiver.port}"


async def test_second_address_is_tried_when_the_first_refuses(receiver: Receiver) -> None:
    dns = Dns(["127.0.0.2", "127.0.0.1"])
    client = WebhookClient(frozenset({HOST}), resolver=dns, timeout_seconds=1)

    await client.call(a_request(f"http://{HOST}:{receiver.port}/"))
    await client.aclose()

    assert len(receiver.requests) == 1


@pytest.mark.parametrize(("certified", "accepted"), [(HOST, True), ("other.example.com", False)])
async def test_certificate_is_checked_for_the_name_not_the_address(
    tmp_path: Path, *, certified: str, accepted: bool
) -> None:
    authority = trustme.CA()
    chain = tmp_path / "chain.pem"
    authority.issue_cert(certified).private_key_and_cert_chain_pem.write_to_path(str(chain))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    client = WebhookClient(
        frozenset({HOST}), resolver=Dns(["127.0.0.1"]), ssl_context=trusting, timeout_seconds=2
    )

    receiver = Receiver()
    async with serve(receiver, ssl_certfile=str(chain)) as port:
        request = a_request(f"https://{HOST}:{port}/")
        if accepted:
            assert (await client.call(request)).status == 200
        else:
            with pytest.raises(TransientError):
                await client.call(request)
        await client.aclose()

    assert len(receiver.requests) == int(accepted)
