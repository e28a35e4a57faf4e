"""The sandbox plays whoever gets the messages, and their providers, towards the product."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from dev.sandbox import Product, Store, create_sandbox
from providers.resend import OutgoingEmail, ResendEmail
from providers.signatures import is_from_resend, is_from_twilio
from providers.twilio import OutgoingText, TwilioSms
from tests.providers.conftest import ACCOUNT_SID, AUTH_TOKEN, Received, Receiver, Sandbox, serve

PUBLIC_URL = "https://campaigns.example"
SECRET = "whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="
HTML = (
    f'<p>Hi. <a href="{PUBLIC_URL}/t/c/one?a=1&amp;b=2">Pick <b>a time</b></a>'
    ' or <a href="https://elsewhere.example/">read on</a>,'
    f' <a href="mailto:a@b.cc">write</a>, <a href="{PUBLIC_URL}/u/token">unsubscribe</a></p>'
    f'<img src="https://elsewhere.example/logo.png"><img src="{PUBLIC_URL}/t/o/pixel?x=1&amp;y=2">'
)
EMAIL = OutgoingEmail(
    "Peak Roofing <office@peak.example>",
    "maria@home.example",
    "Your roof",
    html=HTML,
    headers={"List-Unsubscribe": f"<mailto:no@peak.example>, <{PUBLIC_URL}/u/token>"},
    tags={"execution_id": "e1"},
)
TEXT = OutgoingText("+12035550101", "+12035550100", "Hello Maria")


def product(address: str) -> Product:
    return Product(
        public_url=PUBLIC_URL,
        resend_webhook_secret=SECRET,
        twilio_auth_token=AUTH_TOKEN,
        twilio_account_sid=ACCOUNT_SID,
        address=address,
    )


@asynccontextmanager
async def playing(product: Product | None) -> AsyncIterator[Sandbox]:
    """A sandbox of its own."""
    with closing(Store()) as store:
        async with serve(create_sandbox(store, product), lifespan="on") as port:
            url = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
                yield Sandbox(url, client)


@pytest.fixture
async def sandbox(receiver: Receiver) -> AsyncIterator[Sandbox]:
    """A sandbox whose product is the receiver; the world knows it by another address."""
    async with playing(product(f"http://127.0.0.1:{receiver.port}")) as sandbox:
        yield sandbox


@pytest.fixture
async def email_id(sandbox: Sandbox, resend: ResendEmail, receiver: Receiver) -> str:
    """An e-mail whose own webhooks are through."""
    email_id = (await resend.send(EMAIL, idempotency_key="claim-1")).provider_id
    await outcomes(sandbox, email_id, 2)
    receiver.requests.clear()
    return email_id


async def outcomes(sandbox: Sandbox, message_id: str, count: int) -> list[dict[str, Any]]:
    """What came of a message, as soon as so many things have."""
    async with asyncio.timeout(30):
        while True:
            message = (await sandbox.client.get(f"/messages/{message_id}")).json()
            if len(message["callbacks"]) >= count:
                callbacks: list[dict[str, Any]] = message["callbacks"]
                return callbacks
            await asyncio.sleep(0.01)


async def post(sandbox: Sandbox, path: str, **body: Any) -> httpx.Response:
    return await sandbox.client.post(path, json=body)


def resend_event(request: Received) -> dict[str, Any]:
    """The event of a webhook that is Resend's own."""
    assert (request.method, request.url.path) == ("POST", "/webhooks/resend")
    assert is_from_resend(SECRET, request.headers, request.body)
    event: dict[str, Any] = json.loads(request.body)
    return event


def twilio_form(request: Received) -> dict[str, str]:
    """The form of an inbound text that is Twilio's own."""
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    url = f"{PUBLIC_URL}/webhooks/twilio/inbound"
    assert (request.method, request.url.path) == ("POST", "/webhooks/twilio/inbound")
    assert is_from_twilio(AUTH_TOKEN, url, form, request.headers["x-twilio-signature"])
    return form


async def test_accepted_email_is_reported_as_sent_and_delivered(
    sandbox: Sandbox, resend: ResendEmail, receiver: Receiver
) -> None:
    sent = await resend.send(EMAIL, idempotency_key="claim-1")
    again = await resend.send(EMAIL, idempotency_key="claim-1")

    noted = await outcomes(sandbox, sent.provider_id, 2)
    first, second = (resend_event(request) for request in receiver.requests)
    assert again.provider_id == sent.provider_id
    assert [event["type"] for event in (first, second)] == ["email.sent", "email.delivered"]
    assert first["data"]["email_id"] == sent.provider_id
    assert first["data"]["to"] == ["maria@home.example"]
    assert first["data"]["tags"] == {"execution_id": "e1"}
    assert [(each["what"], each["answer"]) for each in noted] == [
        ("sent", "200"),
        ("delivered", "200"),
    ]


async def test_open_loads_the_pixel_as_a_browser(
    sandbox: Sandbox, email_id: str, receiver: Receiver
) -> None:
    response = await post(sandbox, f"/messages/{email_id}/open")

    [request] = receiver.requests
    assert response.json() == {"status": 200}
    assert (request.method, request.url.path, request.url.query) == ("GET", "/t/o/pixel", "x=1&y=2")
    assert request.headers["user-agent"].startswith("Mozilla/5.0")


async def test_click_shows_where_the_link_leads_and_does_not_go_there(
    sandbox: Sandbox, email_id: str, receiver: Receiver
) -> None:
    receiver.answer(302, headers={"location": "https://calendar.example/"})

    response = await post(sandbox, f"/messages/{email_id}/click")

    [request] = receiver.requests
    assert response.json() == {"status": 302, "location": "https://calendar.example/"}
    assert (request.method, request.url.path, request.url.query) == ("GET", "/t/c/one", "a=1&b=2")
    clicked = (await outcomes(sandbox, email_id, 3))[-1]
    assert (clicked["what"], clicked["answer"]) == ("click", "302")
    assert clicked["location"] == "https://calendar.example/"


async def test_scanner_clicks_every_link_of_ours_under_its_own_name(
    sandbox: Sandbox, email_id: str, receiver: Receiver
) -> None:
    await post(sandbox, f"/messages/{email_id}/click", index=1, user_agent="Barracuda/1.0")
    url = f"{PUBLIC_URL}/t/c/one"
    await post(sandbox, f"/messages/{email_id}/click", url=url, user_agent="Barracuda/1.0")

    assert [request.url.path for request in receiver.requests] == ["/u/token", "/t/c/one"]
    assert {request.headers["user-agent"] for request in receiver.requests} == {"Barracuda/1.0"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("click", {"url": "https://elsewhere.example/"}, 409),
        ("click", {"url": f"{PUBLIC_URL}.evil.example/"}, 409),
        ("click", {"index": 2}, 409),
        ("click", {"index": -1}, 409),
        ("click", {"number": 1}, 422),
        ("bounce", {"type": "hard"}, 422),
        ("reply", {}, 422),
        ("explode", {}, 404),
    ],
)
async def test_what_cannot_be_done_is_refused_and_reaches_nobody(
    sandbox: Sandbox,
    email_id: str,
    receiver: Receiver,
    path: str,
    body: dict[str, Any],
    status: int,
) -> None:
    response = await post(sandbox, f"/messages/{email_id}/{path}", **body)

    assert response.status_code == status
    assert receiver.requests == []


async def test_unsubscribe_is_one_click_of_rfc_8058(
    sandbox: Sandbox, email_id: str, receiver: Receiver
) -> None:
    await post(sandbox, f"/messages/{email_id}/unsubscribe")

    [request] = receiver.requests
    assert (request.method, request.url.path) == ("POST", "/u/token")
    assert request.body == b"List-Unsubscribe=One-Click"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("deed", "body", "event", "bounce"),
    [
        ("deliver", {}, "email.delivered", None),
        ("bounce", {}, "email.bounced", "Permanent"),
        ("bounce", {"type": "Transient"}, "email.bounced", "Transient"),
        ("complain", {}, "email.complained", None),
    ],
)
async def test_mailbox_reports_by_resends_webhook(
    sandbox: Sandbox,
    email_id: str,
    receiver: Receiver,
    deed: str,
    body: dict[str, str],
    event: str,
    bounce: str | None,
) -> None:
    await post(sandbox, f"/messages/{email_id}/{deed}", **body)

    [request] = receiver.requests
    posted = resend_event(request)
    assert posted["type"] == event
    assert posted["data"]["email_id"] == email_id
    assert posted["data"].get("bounce", {}).get("type") == bounce


async def test_reply_to_an_email_is_announced_and_its_body_is_fetched(
    sandbox: Sandbox, email_id: str, receiver: Receiver
) -> None:
    await post(sandbox, f"/messages/{email_id}/reply", body="Yes, please <call> me")

    data = resend_event(receiver.requests[0])["data"]
    assert resend_event(receiver.requests[0])["type"] == "email.received"
    assert (data["from"], data["to"]) == ("maria@home.example", ["office@peak.example"])
    assert data["subject"] == "Re: Your roof"
    assert "Yes, please" not in receiver.requests[0].body.decode()
    path = f"/resend/emails/receiving/{data['email_id']}"
    assert (await sandbox.client.get(path)).status_code == 401
    key = {"authorization": "Bearer re_key"}
    received = (await sandbox.client.get(path, headers=key)).json()
    assert received["text"] == "Yes, please <call> me"
    assert received["from"] == "maria@home.example"
    sent = f"/resend/emails/receiving/{email_id}"
    assert (await sandbox.client.get(sent, headers=key)).status_code == 404
    assert (await outcomes(sandbox, email_id, 3))[-1]["what"] == "reply"


async def test_reply_to_a_text_comes_from_its_recipient_to_its_sender(
    sandbox: Sandbox, twilio: TwilioSms, receiver: Receiver
) -> None:
    text_id = (await twilio.send(TEXT)).provider_id

    await post(sandbox, f"/messages/{text_id}/reply", body="STOP")

    form = twilio_form(receiver.requests[0])
    assert (form["From"], form["To"], form["Body"]) == ("+12035550101", "+12035550100", "STOP")
    assert form["MessageSid"].startswith("SM")
    assert form["NumMedia"] == "0"
    assert form["AccountSid"] == ACCOUNT_SID
    assert (await outcomes(sandbox, text_id, 1))[0]["answer"] == "200"


async def test_text_goes_from_any_number_to_any_number(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    body = {"from": "+12035550150", "to": "+12035550199", "body": ""}
    response = await post(sandbox, "/texts", **body)

    form = twilio_form(receiver.requests[0])
    assert response.json() == {"status": 200}
    assert (form["From"], form["To"], form["Body"]) == ("+12035550150", "+12035550199", "")
    [kept] = await sandbox.messages(channel="received_text")
    assert (kept["from"], kept["to"]) == ("+12035550150", "+12035550199")
    assert await sandbox.messages(channel="sms") == []


async def test_product_that_refuses_is_shown_as_it_answered(
    sandbox: Sandbox, email_id: str, receiver: Receiver
) -> None:
    receiver.answer(403)

    refused = await post(sandbox, f"/messages/{email_id}/open")

    assert (refused.status_code, refused.json()) == (200, {"status": 403})


async def test_product_that_is_down_is_told_and_noted(closed_port: int) -> None:
    async with playing(product(f"http://127.0.0.1:{closed_port}")) as sandbox:
        text = {"from": "+12035550150", "to": "+12035550199", "body": "Hi"}
        silent = await post(sandbox, "/texts", **text)
        led_back = await sandbox.client.post("/texts", data=text)
        kept = await sandbox.messages()

    assert (silent.status_code, led_back.status_code) == (502, 303)
    assert {each["callbacks"][0]["answer"] for each in kept} == {"ClientConnectorError"}


async def test_sandbox_without_a_product_plays_nobody() -> None:
    async with playing(None) as sandbox:
        response = await post(sandbox, "/texts", **{"from": "+1", "to": "+1", "body": "Hi"})
        kept = await sandbox.messages()
        page = await sandbox.client.get("/")

    assert response.status_code == 409
    assert kept == []
    assert 'action="/texts"' not in page.text


async def test_provider_that_another_plays_is_not_forged(receiver: Receiver) -> None:
    partly = replace(product(f"http://127.0.0.1:{receiver.port}"), twilio_auth_token=None)

    async with playing(partly) as sandbox:
        response = await post(sandbox, "/texts", **{"from": "+1", "to": "+1", "body": "STOP"})

    assert response.status_code == 409
    assert receiver.requests == []


async def test_buttons_work_without_scripts_and_lead_back_to_the_page(
    sandbox: Sandbox, email_id: str, twilio: TwilioSms, receiver: Receiver
) -> None:
    text_id = (await twilio.send(TEXT)).provider_id
    form = {"body": "Call <me>"}

    clicked = await sandbox.client.post(f"/messages/{email_id}/click", data={"index": "0"})
    answered = await sandbox.client.post(f"/messages/{text_id}/reply", data=form)
    texted = await sandbox.client.post(
        "/texts", data={"from": "+12035550150", "to": "+12035550199", "body": "START"}
    )

    responses = (clicked, answered, texted)
    assert [response.status_code for response in responses] == [303, 303, 303]
    assert [response.headers["location"] for response in responses] == [
        f"/emails/{email_id}",
        f"/texts/{text_id}",
        "/",
    ]
    assert len(receiver.requests) == 3
    page = await sandbox.client.get(f"/texts/{text_id}")
    assert "Call &lt;me&gt;" in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


async def test_page_offers_what_the_email_allows(
    sandbox: Sandbox, email_id: str, resend: ResendEmail
) -> None:
    page = (await sandbox.client.get(f"/emails/{email_id}")).text
    for deed in ("open", "click", "unsubscribe", "deliver", "bounce", "complain", "reply"):
        assert f'action="/messages/{email_id}/{deed}"' in page
    assert "Pick a time" in page
    assert "read on" not in page

    plain = OutgoingEmail("a@peak.example", "maria@home.example", "Plain", text="No pixel")
    plain_id = (await resend.send(plain, idempotency_key="claim-2")).provider_id
    page = (await sandbox.client.get(f"/emails/{plain_id}")).text
    assert f'action="/messages/{plain_id}/open"' not in page
    assert (await post(sandbox, f"/messages/{plain_id}/open")).status_code == 409
    assert (await post(sandbox, f"/messages/{plain_id}/unsubscribe")).status_code == 409


async def test_looking_at_an_email_in_the_sandbox_does_not_open_it(
    sandbox: Sandbox, email_id: str
) -> None:
    html = (await sandbox.client.get(f"/emails/{email_id}/html")).text

    assert "/t/o/" not in html
    assert "elsewhere.example/logo.png" in html
    assert f"{PUBLIC_URL}/t/c/one?a=1&amp;b=2" in html
