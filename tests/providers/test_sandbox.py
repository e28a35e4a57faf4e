import asyncio
import signal
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev.sandbox import Store, create_sandbox
from providers.resend import OutgoingEmail, ResendEmail
from providers.twilio import OutgoingText, TwilioSms
from tests.providers.conftest import ACCOUNT_SID, AUTH_TOKEN, Sandbox, serve

EMAIL = OutgoingEmail("office@peak.example", "maria@example.com", "Your roof", html="<p>Hi</p>")
TEXT = OutgoingText("+12035550101", "+12035550100", "Hello <b>Maria</b>")
MESSAGES = f"/twilio/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
AUTH = httpx.BasicAuth(ACCOUNT_SID, AUTH_TOKEN)


async def test_email_without_a_key_of_resend_is_401(sandbox: Sandbox) -> None:
    response = await sandbox.client.post("/resend/emails", json={})

    assert response.status_code == 401
    assert response.json() == {
        "statusCode": 401,
        "name": "missing_api_key",
        "message": "Missing API Key",
    }


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic %%", "Bearer x", "Basic " + b64encode(b"AC2:token").decode()],
)
async def test_text_without_the_account_of_twilio_is_401(
    sandbox: Sandbox, authorization: str
) -> None:
    headers = {"authorization": authorization}
    for path in (f"{MESSAGES}.json", f"{MESSAGES}/SM1.json"):
        assert (await sandbox.client.get(path, headers=headers)).status_code == 401
    response = await sandbox.client.post(f"{MESSAGES}.json", headers=headers, data={})
    assert response.status_code == 401
    assert response.json()["code"] == 20003


async def test_text_is_listed_by_recipient_and_day_and_fetched(
    sandbox: Sandbox, twilio: TwilioSms
) -> None:
    sent = await twilio.send(TEXT)
    now = datetime.now(UTC)

    async def listed(**query: Any) -> list[str]:
        response = await sandbox.client.get(f"{MESSAGES}.json", params=query, auth=AUTH)
        return [message["sid"] for message in response.json()["messages"]]

    day = {"DateSent>": f"{now:%Y-%m-%d}"}
    tomorrow = {"DateSent>": f"{now + timedelta(days=1):%Y-%m-%d}"}
    assert await listed(To=TEXT.to, **day) == [sent.provider_id]
    assert await listed(To=TEXT.to, **tomorrow) == []
    assert await listed(To="+12035550199") == []
    fetched = await sandbox.client.get(f"{MESSAGES}/{sent.provider_id}.json", auth=AUTH)
    assert fetched.json()["body"] == TEXT.body
    assert (await sandbox.client.get(f"{MESSAGES}/SM0.json", auth=AUTH)).status_code == 404


async def test_key_of_resend_is_forgotten_after_24_hours() -> None:
    now = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    with closing(Store(clock=lambda: now[0])) as store:
        async with serve(create_sandbox(store), lifespan="on") as port:
            resend = ResendEmail("re_key", f"http://127.0.0.1:{port}/resend")
            first = await resend.send(EMAIL, idempotency_key="claim-1")
            now[0] += timedelta(hours=23, minutes=59)
            second = await resend.send(EMAIL, idempotency_key="claim-1")
            now[0] += timedelta(minutes=2)
            third = await resend.send(EMAIL, idempotency_key="claim-1")
            await resend.aclose()

    assert first == second != third


async def test_fault_ends_after_its_count(sandbox: Sandbox) -> None:
    await sandbox.fail("resend", "error_500", count=2)

    statuses = [
        (
            await sandbox.client.post(
                "/resend/emails",
                headers={"authorization": "Bearer re_key"},
                json={"from": "a@b.cc", "to": "c@d.ee", "subject": "S", "text": "T"},
            )
        ).status_code
        for _ in range(3)
    ]

    assert statuses == [500, 500, 200]


async def test_fault_of_one_provider_leaves_the_other_alone(
    sandbox: Sandbox, twilio: TwilioSms
) -> None:
    await sandbox.fail("resend", "error_500")
    await sandbox.fail("twilio", "ok", delay_ms=1)

    await twilio.send(TEXT)

    control = (await sandbox.client.get("/control")).json()
    assert control["resend"]["mode"] == "error_500"
    assert control["twilio"]["delay_ms"] == 1


async def test_unknown_fault_is_refused(sandbox: Sandbox) -> None:
    response = await sandbox.client.put("/control", json={"resend": {"mode": "explode"}})

    assert response.status_code == 422


async def test_hook_is_kept_and_answered_as_asked(sandbox: Sandbox) -> None:
    ok = await sandbox.client.post("/hook/crm", json={"a": 1}, headers={"x-from": "us"})
    bad = await sandbox.client.put("/hook/crm?status=503")

    second, first = await sandbox.messages(channel="hook", to="crm")
    assert (ok.status_code, bad.status_code) == (200, 503)
    assert first["method"] == "POST"
    assert first["headers"]["x-from"] == "us"
    assert first["body"] == '{"a":1}'
    assert second["method"] == "PUT"


async def test_messages_are_told_newest_first_by_channel_and_limit(
    sandbox: Sandbox, resend: ResendEmail, twilio: TwilioSms
) -> None:
    email = await resend.send(EMAIL, idempotency_key="claim-1")
    text = await twilio.send(TEXT)

    assert [each["id"] for each in await sandbox.messages()] == [
        text.provider_id,
        email.provider_id,
    ]
    assert [each["id"] for each in await sandbox.messages(limit=1)] == [text.provider_id]
    assert [each["id"] for each in await sandbox.messages(channel="email")] == [email.provider_id]
    one = await sandbox.client.get(f"/messages/{email.provider_id}")
    assert one.json()["subject"] == "Your roof"
    assert (await sandbox.client.get("/messages/nothing")).status_code == 404


async def test_page_shows_messages_and_lets_none_of_their_markup_through(
    sandbox: Sandbox, resend: ResendEmail, twilio: TwilioSms
) -> None:
    await twilio.send(TEXT)
    email = OutgoingEmail(
        "a@b.cc", "maria@example.com", "<script>alert(1)</script>", html="<i>x</i>", text="<u>y"
    )
    sent = await resend.send(email, idempotency_key="claim-1")

    page = await sandbox.client.get("/")
    assert "Hello &lt;b&gt;Maria&lt;/b&gt;" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    shown = await sandbox.client.get(f"/emails/{sent.provider_id}")
    assert "<script>alert" not in shown.text
    assert '<iframe sandbox="allow-popups' in shown.text
    html = await sandbox.client.get(f"/emails/{sent.provider_id}/html")
    assert "<i>x</i>" in html.text
    assert "sandbox allow-popups" in html.headers["content-security-policy"]
    assert "default-src 'none'" in html.headers["content-security-policy"]


async def test_refused_status_callback_is_shown_with_the_text(
    sandbox: Sandbox, twilio: TwilioSms, closed_port: int
) -> None:
    text = OutgoingText(
        "+12035550101", "+12035550100", "Hi", status_callback=f"http://127.0.0.1:{closed_port}/"
    )
    await twilio.send(text)

    callbacks: list[dict[str, str]] = []
    async with asyncio.timeout(30):
        while not callbacks:
            callbacks = (await sandbox.messages())[0]["callbacks"]
    assert callbacks[0]["what"] == "sent"
    assert callbacks[0]["answer"] == "ClientConnectorError"


def test_messages_survive_a_killed_process(tmp_path: Path, closed_port: int) -> None:
    command = [sys.executable, "-m", "dev.sandbox", "--port", str(closed_port)]
    command += ["--data", str(tmp_path / "data" / "sandbox.db")]

    with httpx.Client(base_url=f"http://127.0.0.1:{closed_port}", trust_env=False) as client:
        for how in (signal.SIGKILL, signal.SIGTERM):
            with subprocess.Popen(command) as process:
                try:
                    wait_until_healthy(client)
                    client.post("/hook/crm")
                    messages = client.get("/messages").json()["messages"]
                finally:
                    process.send_signal(how)

    assert [message["number"] for message in messages] == [2, 1]


def wait_until_healthy(client: httpx.Client) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            client.get("/healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the sandbox does not start")
