"""What is open to everybody: the unsubscribe page and the callbacks of providers."""

from uuid import UUID, uuid4

import httpx
import pytest
from twilio.request_validator import RequestValidator

from services.links import STATUS_CALLBACK, UNSUBSCRIBE
from services.settings import Settings
from services.tokens import Tokens
from tests.api.client import problem
from tests.world import World

CALLBACK = "/webhooks/twilio/status"


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.secret_key)


async def test_look_at_the_unsubscribe_page_changes_nothing_and_says_so(
    api: httpx.AsyncClient, world: World, tokens: Tokens
) -> None:
    contact = await world.create_contact()
    path = f"/u/{tokens.sign(UNSUBSCRIBE, world.tenant_id, UUID(contact['id']), uuid4())}"

    head, page = await api.head(path), await api.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert page.status_code == 200
    assert "Press the button" in page.text
    seen = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert seen["email_opt_out"] is False

    done = await api.post(path)
    assert "You are unsubscribed" in done.text
    seen = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert seen["email_opt_out"] is True


@pytest.mark.parametrize("path", [CALLBACK, f"{CALLBACK}?claim=", f"{CALLBACK}?claim=forged"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"MessageSid=SM1", "application/x-www-form-urlencoded"),
        (b"MessageSid=\xff%ff&&=", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
    ],
)
async def test_callback_without_a_signature_is_forbidden_whatever_it_says(
    api: httpx.AsyncClient, path: str, body: bytes, content_type: str
) -> None:
    for signature in ({}, {"x-twilio-signature": "bm9uZQ=="}):
        headers = {"content-type": content_type, **signature}
        problem(await api.post(path, content=body, headers=headers), 403, "forbidden")


@pytest.mark.parametrize("claim", ["", "forged", None])
async def test_signed_callback_of_no_text_of_ours_is_not_found(
    api: httpx.AsyncClient, settings: Settings, claim: str | None
) -> None:
    path = CALLBACK if claim is None else f"{CALLBACK}?claim={claim}"
    problem(await signed(api, settings, path), 404, "not_found")


async def test_signed_callback_is_taken(
    api: httpx.AsyncClient, settings: Settings, world: World, tokens: Tokens
) -> None:
    claim = tokens.sign(STATUS_CALLBACK, world.tenant_id, uuid4())
    response = await signed(api, settings, f"{CALLBACK}?claim={claim}")
    assert response.status_code == 204


async def signed(api: httpx.AsyncClient, settings: Settings, path: str) -> httpx.Response:
    form = {"MessageSid": "SM1", "Body": "", "To": "+13035550177"}
    assert settings.twilio_auth_token
    validator = RequestValidator(settings.twilio_auth_token)
    signature = validator.compute_signature(f"{settings.public_url}{path}", form)
    return await api.post(path, data=form, headers={"x-twilio-signature": signature})
