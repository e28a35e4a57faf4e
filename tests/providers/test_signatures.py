import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

from providers.signatures import is_from_resend, is_from_twilio

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
BODY = '{"type": "email.bounced", "name": "Zoë"}'.encode()
URL = "https://peak.example/webhooks/twilio/inbound?claim=7"
FORM = {"From": "+12035550101", "To": "+12035550100", "Body": "STOP", "MediaUrl0": ""}
TOKEN = "token"


def signed_headers(body: bytes = BODY, age: timedelta = timedelta(0)) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "svix-id": "msg_1",
        "svix-timestamp": str(int(at.timestamp())),
        "svix-signature": Webhook(SECRET).sign("msg_1", at, body.decode()),
    }


def test_resend_webhook_with_its_signature_is_accepted() -> None:
    assert is_from_resend(SECRET, signed_headers(), BODY)


def test_resend_webhook_with_one_good_signature_of_several_is_accepted() -> None:
    headers = signed_headers()
    headers["svix-signature"] = f"v1,{'A' * 43}= v2,x {headers['svix-signature']}"

    assert is_from_resend(SECRET, headers, BODY)


@pytest.mark.parametrize("position", [0, 10, len(BODY) - 1])
def test_resend_webhook_with_one_bit_changed_is_refused(position: int) -> None:
    body = bytearray(BODY)
    body[position] ^= 1

    assert not is_from_resend(SECRET, signed_headers(), bytes(body))


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_resend_webhook_of_another_time_is_refused(age: timedelta) -> None:
    assert not is_from_resend(SECRET, signed_headers(age=age), BODY)


@pytest.mark.parametrize(
    "changed",
    [
        {"svix-id": "msg_2"},
        {"svix-id": ""},
        {"svix-timestamp": "yesterday"},
        {"svix-timestamp": "nan"},
        {"svix-signature": "v1"},
        {"svix-signature": "v1,%%%"},
        {"svix-signature": "v1,Zoë"},
    ],
)
def test_resend_webhook_with_another_header_is_refused(changed: dict[str, str]) -> None:
    assert not is_from_resend(SECRET, signed_headers() | changed, BODY)


def test_resend_webhook_without_headers_is_refused() -> None:
    assert not is_from_resend(SECRET, {}, BODY)


def test_resend_webhook_that_is_no_text_is_refused() -> None:
    assert not is_from_resend(SECRET, signed_headers(), b"\xff\xfe")


def test_resend_webhook_signed_with_another_secret_is_refused() -> None:
    other = "whsec_" + base64.b64encode(b"another secret").decode()

    assert not is_from_resend(other, signed_headers(), BODY)


def test_twilio_webhook_with_its_signature_is_accepted() -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, FORM)

    assert is_from_twilio(TOKEN, URL, FORM, signature)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        (URL, FORM | {"Body": "START"}),
        (URL, {name: value for name, value in FORM.items() if name != "Body"}),
        (URL, FORM | {"More": "1"}),
        (URL.replace("claim=7", "claim=8"), FORM),
        (URL.replace("https", "http"), FORM),
    ],
)
def test_twilio_webhook_that_was_changed_is_refused(url: str, form: dict[str, str]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, FORM)

    assert not is_from_twilio(TOKEN, url, form, signature)


@pytest.mark.parametrize("signature", ["", "x", "é" * 28])
def test_twilio_webhook_with_another_signature_is_refused(signature: str) -> None:
    assert not is_from_twilio(TOKEN, URL, FORM, signature)
