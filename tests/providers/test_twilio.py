from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from providers.outcomes import (
    AmbiguousError,
    OptedOutError,
    PermanentError,
    ProviderError,
    TransientError,
)
from providers.signatures import is_from_twilio
from providers.twilio import OutgoingText, TwilioSms
from tests.providers.conftest import ACCOUNT_SID, AUTH_TOKEN, Receiver, Sandbox, eventually

TEXT = OutgoingText(to="+12035550101", from_number="+12035550100", body="Your crew arrives at 9.")


@asynccontextmanager
async def twilio_at(port: int) -> AsyncIterator[TwilioSms]:
    provider = TwilioSms(ACCOUNT_SID, AUTH_TOKEN, f"http://127.0.0.1:{port}", timeout_seconds=0.5)
    try:
        yield provider
    finally:
        await provider.aclose()


async def test_text_arrives_with_everything_it_carries(twilio: TwilioSms, sandbox: Sandbox) -> None:
    text = replace(
        TEXT,
        media_urls=("https://peak.example/a.jpg", "https://peak.example/b.jpg"),
        validity_period=timedelta(minutes=30),
    )

    sent = await twilio.send(text)

    [message] = await sandbox.messages(channel="sms", to="+12035550101")
    assert sent.provider == "twilio"
    assert message["id"] == sent.provider_id
    assert message["from"] == "+12035550100"
    assert message["body"] == "Your crew arrives at 9."
    assert message["media_urls"] == ["https://peak.example/a.jpg", "https://peak.example/b.jpg"]
    assert message["validity_period"] == "1800"


@pytest.mark.parametrize(
    ("period", "seconds"), [(timedelta(0), "1"), (timedelta(days=2), "36000"), (None, None)]
)
async def test_validity_period_is_brought_into_what_twilio_takes(
    twilio: TwilioSms, sandbox: Sandbox, period: timedelta | None, seconds: str | None
) -> None:
    await twilio.send(replace(TEXT, validity_period=period))

    [message] = await sandbox.messages()
    assert message["validity_period"] == seconds


@pytest.mark.parametrize("mode", ["error_500", "accept_then_500", "hang", "reset"])
async def test_lost_answer_is_ambiguous(twilio: TwilioSms, sandbox: Sandbox, mode: str) -> None:
    await sandbox.fail("twilio", mode, count=1)

    with pytest.raises(AmbiguousError):
        await twilio.send(TEXT)


async def test_text_whose_answer_is_lost_is_found(twilio: TwilioSms, sandbox: Sandbox) -> None:
    began = datetime.now(UTC)
    await sandbox.fail("twilio", "accept_then_hang", count=1)
    with pytest.raises(AmbiguousError):
        await twilio.send(TEXT)

    found = await twilio.find(TEXT.to, TEXT.from_number, TEXT.body, began)

    [message] = await sandbox.messages()
    assert found is not None
    assert found.provider_id == message["id"]


async def test_text_that_was_never_accepted_is_not_found(
    twilio: TwilioSms, sandbox: Sandbox
) -> None:
    await twilio.send(replace(TEXT, body="Another text"))
    await twilio.send(replace(TEXT, from_number="+12035550199"))
    await twilio.send(replace(TEXT, to="+12035550198"))

    assert await twilio.find(TEXT.to, TEXT.from_number, TEXT.body, datetime.now(UTC)) is None


async def test_text_of_an_hour_ago_is_not_the_one_looked_for(
    twilio: TwilioSms, sandbox: Sandbox
) -> None:
    await twilio.send(TEXT)
    later = datetime.now(UTC) + timedelta(hours=1)

    assert await twilio.find(TEXT.to, TEXT.from_number, TEXT.body, later) is None


async def test_known_text_with_the_same_words_is_passed_over(
    twilio: TwilioSms, sandbox: Sandbox
) -> None:
    began = datetime.now(UTC)
    first = await twilio.send(TEXT)
    second = await twilio.send(TEXT)

    found = await twilio.find(
        TEXT.to, TEXT.from_number, TEXT.body, began, known_ids={first.provider_id}
    )

    assert found == second


async def test_failed_lookup_is_transient(closed_port: int) -> None:
    async with twilio_at(closed_port) as provider:
        with pytest.raises(TransientError):
            await provider.find(TEXT.to, TEXT.from_number, TEXT.body, datetime.now(UTC))


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"<html>"), (404, b"{}")])
async def test_unreadable_lookup_is_transient(receiver: Receiver, status: int, body: bytes) -> None:
    receiver.answer(status, body)

    async with twilio_at(receiver.port) as provider:
        with pytest.raises(TransientError):
            await provider.find(TEXT.to, TEXT.from_number, TEXT.body, datetime.now(UTC))


async def test_refused_connection_is_transient_and_nothing_was_sent(closed_port: int) -> None:
    async with twilio_at(closed_port) as provider:
        with pytest.raises(TransientError) as raised:
            await provider.send(TEXT)

    assert not raised.value.ambiguous


async def test_unknown_host_is_transient() -> None:
    provider = TwilioSms(ACCOUNT_SID, AUTH_TOKEN, "http://nowhere.invalid", timeout_seconds=5)

    with pytest.raises(TransientError):
        await provider.send(TEXT)
    await provider.aclose()


async def test_too_many_requests_is_transient_and_says_when(
    twilio: TwilioSms, sandbox: Sandbox
) -> None:
    await sandbox.fail("twilio", "refuse_429", retry_after=3)

    with pytest.raises(TransientError) as raised:
        await twilio.send(TEXT)

    assert raised.value.retry_after == timedelta(seconds=3)
    assert await sandbox.messages() == []


async def test_recipient_who_said_stop_is_opted_out(twilio: TwilioSms, sandbox: Sandbox) -> None:
    with pytest.raises(OptedOutError) as raised:
        await twilio.send(replace(TEXT, to="+15005550004"))

    assert isinstance(raised.value, PermanentError)
    assert raised.value.code == "21610"


@pytest.mark.parametrize("to", ["+15005550001", "+15005550009", "2035550101"])
async def test_bad_number_is_permanent_and_its_text_names_no_number(
    twilio: TwilioSms, sandbox: Sandbox, to: str
) -> None:
    with pytest.raises(PermanentError) as raised:
        await twilio.send(replace(TEXT, to=to))

    assert not isinstance(raised.value, OptedOutError)
    assert "+1" not in str(raised.value)
    assert await sandbox.messages() == []


async def test_bad_request_is_permanent(twilio: TwilioSms, sandbox: Sandbox) -> None:
    await sandbox.fail("twilio", "bad_request", count=1)

    with pytest.raises(PermanentError):
        await twilio.send(TEXT)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, b'{"code": 30001, "message": "Queue overflow", "status": 400}', TransientError),
        (400, b'{"code": 20429, "message": "Too many", "status": 400}', TransientError),
        (400, b'{"code": 99999, "message": "Something new", "status": 400}', PermanentError),
        (401, b'{"code": 20003, "message": "Authenticate", "status": 401}', PermanentError),
        (403, b"<html>", PermanentError),
        (
            400,
            b'{"type": "x", "title": "Opted out", "status": 400, "code": 21610}',
            OptedOutError,
        ),
        (302, b"", AmbiguousError),
        (503, b"<html>", AmbiguousError),
        (201, b"<html>", AmbiguousError),
        (201, b"[]", AmbiguousError),
        (201, b"", AmbiguousError),
        (201, b"{}", AmbiguousError),
    ],
)
async def test_answer_of_twilio_is_classified(
    receiver: Receiver, status: int, body: bytes, outcome: type[ProviderError]
) -> None:
    receiver.answer(status, body)

    async with twilio_at(receiver.port) as provider:
        with pytest.raises(ProviderError) as raised:
            await provider.send(TEXT)

    assert type(raised.value) is outcome


async def test_sandbox_reports_delivery_signed_by_the_account(
    twilio: TwilioSms, sandbox: Sandbox, receiver: Receiver
) -> None:
    url = f"http://127.0.0.1:{receiver.port}/status?claim=7"

    sent = await twilio.send(replace(TEXT, status_callback=url))
    await eventually(lambda: len(receiver.requests) == 2)

    statuses = []
    for request in receiver.requests:
        form = dict(parse_qsl(request.body.decode()))
        signature = request.headers["x-twilio-signature"]
        statuses.append(form["MessageStatus"])
        assert str(request.url) == url
        assert form["MessageSid"] == sent.provider_id
        assert is_from_twilio(AUTH_TOKEN, url, form, signature)
        assert not is_from_twilio("another token", url, form, signature)
    assert statuses == ["sent", "delivered"]
