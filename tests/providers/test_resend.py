import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dev.sandbox import Store
from providers.outcomes import PermanentError, TransientError
from providers.resend import OutgoingEmail, ResendEmail
from tests.providers.conftest import Receiver, Sandbox

EMAIL = OutgoingEmail(
    from_address="Peak Roofing <office@peak.example>",
    to="maria@example.com",
    subject="Your roof",
    html="<p>Hello Maria</p>",
    text="Hello Maria",
    reply_to="crew@peak.example",
    headers={"List-Unsubscribe": "<https://peak.example/u/1>"},
    tags={"execution": "42"},
)


async def test_email_arrives_with_everything_it_carries(
    resend: ResendEmail, sandbox: Sandbox
) -> None:
    sent = await resend.send(EMAIL, idempotency_key="claim-1")

    [message] = await sandbox.messages(channel="email", to="maria@example.com")
    assert sent.provider == "resend"
    assert message["id"] == sent.provider_id
    assert message["from"] == "Peak Roofing <office@peak.example>"
    assert message["subject"] == "Your roof"
    assert message["html"] == "<p>Hello Maria</p>"
    assert message["text"] == "Hello Maria"
    assert message["reply_to"] == "crew@peak.example"
    assert message["headers"] == {"List-Unsubscribe": "<https://peak.example/u/1>"}
    assert message["tags"] == {"execution": "42"}
    assert message["idempotency_key"] == "claim-1"


async def test_same_key_again_gives_the_same_id_and_no_second_email(
    resend: ResendEmail, sandbox: Sandbox
) -> None:
    first = await resend.send(EMAIL, idempotency_key="claim-1")
    second = await resend.send(EMAIL, idempotency_key="claim-1")

    assert second == first
    [message] = await sandbox.messages()
    assert message["repeat"] == 1


async def test_same_key_with_other_content_is_permanent(
    resend: ResendEmail, sandbox: Sandbox
) -> None:
    await resend.send(EMAIL, idempotency_key="claim-1")

    with pytest.raises(PermanentError) as raised:
        await resend.send(replace(EMAIL, subject="Another"), idempotency_key="claim-1")

    assert raised.value.code == "invalid_idempotent_request"
    assert len(await sandbox.messages()) == 1


async def test_same_key_while_the_first_is_in_flight_is_transient(
    resend: ResendEmail, sandbox: Sandbox
) -> None:
    await sandbox.fail("resend", "ok", delay_ms=300, count=1)

    first = asyncio.create_task(resend.send(EMAIL, idempotency_key="claim-1"))
    await asyncio.sleep(0.1)
    with pytest.raises(TransientError) as raised:
        await resend.send(EMAIL, idempotency_key="claim-1")
    await first

    assert raised.value.code == "concurrent_idempotent_requests"
    assert len(await sandbox.messages()) == 1


async def test_rate_limit_is_transient_and_says_when(resend: ResendEmail, sandbox: Sandbox) -> None:
    await sandbox.fail("resend", "refuse_429", retry_after=7)

    with pytest.raises(TransientError) as raised:
        await resend.send(EMAIL, idempotency_key="claim-1")

    assert raised.value.retry_after == timedelta(seconds=7)
    assert not raised.value.ambiguous
    assert await sandbox.messages() == []


@pytest.mark.parametrize("mode", ["error_500", "hang", "reset"])
async def test_failure_before_acceptance_is_transient_and_a_retry_sends(
    resend: ResendEmail, sandbox: Sandbox, mode: str
) -> None:
    await sandbox.fail("resend", mode, count=1)

    with pytest.raises(TransientError) as raised:
        await resend.send(EMAIL, idempotency_key="claim-1")
    assert raised.value.ambiguous
    assert await sandbox.messages() == []

    await resend.send(EMAIL, idempotency_key="claim-1")
    [message] = await sandbox.messages()
    assert message["repeat"] == 0


@pytest.mark.parametrize("mode", ["accept_then_500", "accept_then_hang"])
async def test_lost_answer_is_transient_and_a_retry_sends_nothing_twice(
    resend: ResendEmail, sandbox: Sandbox, mode: str
) -> None:
    await sandbox.fail("resend", mode, count=1)

    with pytest.raises(TransientError) as raised:
        await resend.send(EMAIL, idempotency_key="claim-1")
    assert raised.value.ambiguous
    sent = await resend.send(EMAIL, idempotency_key="claim-1")

    [message] = await sandbox.messages()
    assert message["id"] == sent.provider_id
    assert message["repeat"] == 1


@pytest.mark.parametrize(
    "email",
    [
        replace(EMAIL, to="not an address"),
        replace(EMAIL, to="bounce@example.com"),
        replace(EMAIL, from_address="Peak Roofing"),
        replace(EMAIL, subject=""),
        replace(EMAIL, html=None, text=None),
        replace(EMAIL, tags={"name": "with space"}),
    ],
)
async def test_email_that_resend_refuses_is_permanent(
    resend: ResendEmail, sandbox: Sandbox, email: OutgoingEmail
) -> None:
    with pytest.raises(PermanentError):
        await resend.send(email, idempotency_key="claim-1")

    assert await sandbox.messages() == []


async def test_error_text_keeps_the_key_to_itself(sandbox: Sandbox) -> None:
    provider = ResendEmail("re_secret\n", f"{sandbox.url}/resend")

    with pytest.raises(TransientError) as raised:
        await provider.send(EMAIL, idempotency_key="claim-1")
    await provider.aclose()

    assert "LocalProtocolError" in str(raised.value)
    assert "re_secret" not in str(raised.value)


async def test_refused_connection_is_transient_and_nothing_was_sent(closed_port: int) -> None:
    provider = ResendEmail("re_key", f"http://127.0.0.1:{closed_port}")

    with pytest.raises(TransientError) as raised:
        await provider.send(EMAIL, idempotency_key="claim-1")
    await provider.aclose()

    assert not raised.value.ambiguous


async def test_two_accounts_in_one_process_keep_apart(
    resend: ResendEmail, sandbox: Sandbox, closed_port: int
) -> None:
    elsewhere = ResendEmail("re_other", f"http://127.0.0.1:{closed_port}")
    with pytest.raises(TransientError):
        await elsewhere.send(EMAIL, idempotency_key="claim-1")
    await elsewhere.aclose()

    await resend.send(EMAIL, idempotency_key="claim-1")

    assert len(await sandbox.messages()) == 1


@pytest.mark.parametrize(
    ("status", "name", "retry_after", "outcome", "wait"),
    [
        (429, "daily_quota_exceeded", "5", TransientError, timedelta(hours=1)),
        (429, "monthly_quota_exceeded", None, TransientError, timedelta(hours=1)),
        (429, "rate_limit_exceeded", None, TransientError, None),
        (429, "rate_limit_exceeded", "soon", TransientError, None),
        (503, "service_unavailable", None, TransientError, None),
        (401, "restricted_api_key", None, PermanentError, None),
        (403, "invalid_api_key", None, PermanentError, None),
        (409, "something_new", None, PermanentError, None),
        (451, "security_error", None, PermanentError, None),
    ],
)
async def test_error_of_resend_is_classified_by_status_and_type(
    receiver: Receiver,
    *,
    status: int,
    name: str,
    retry_after: str | None,
    outcome: type[PermanentError | TransientError],
    wait: timedelta | None,
) -> None:
    body = json.dumps({"statusCode": status, "name": name, "message": "No."}).encode()
    headers = {"content-type": "application/json"}
    if retry_after is not None:
        headers["retry-after"] = retry_after
    receiver.answer(status, body, headers)
    provider = ResendEmail("re_key", f"http://127.0.0.1:{receiver.port}")

    with pytest.raises(outcome) as raised:
        await provider.send(EMAIL, idempotency_key="claim-1")
    await provider.aclose()

    assert raised.value.code == name
    assert getattr(raised.value, "retry_after", None) == wait


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (200, "text/html", b"<html>welcome</html>"),
        (200, "application/json", b"{"),
        (200, "application/json", b"{}"),
        (200, "application/json", b"[]"),
        (302, "application/json", b"{}"),
        (502, "text/html", b"<html>"),
    ],
)
async def test_answer_that_cannot_be_read_is_transient(
    receiver: Receiver, status: int, content_type: str, body: bytes
) -> None:
    receiver.answer(status, body, {"content-type": content_type})
    provider = ResendEmail("re_key", f"http://127.0.0.1:{receiver.port}")

    with pytest.raises(TransientError) as raised:
        await provider.send(EMAIL, idempotency_key="claim-1")
    await provider.aclose()

    assert raised.value.ambiguous


async def test_email_that_came_in_is_fetched_with_its_headers(
    resend: ResendEmail, store: Store
) -> None:
    written = {
        "from": "maria@example.com",
        "subject": "Re: Your roof",
        "text": "Yes",
        "html": "<p>Yes</p>",
        "headers": {"auto-submitted": "no"},
        "message_id": "<1@example.com>",
    }
    store.add("received_email", "received-1", "office@peak.example", written)

    received = await resend.received("received-1")

    assert (received.text, received.html) == ("Yes", "<p>Yes</p>")
    assert received.headers == {"auto-submitted": "no"}


async def test_email_that_never_came_in_is_permanent(resend: ResendEmail) -> None:
    with pytest.raises(PermanentError):
        await resend.received("received-2")
