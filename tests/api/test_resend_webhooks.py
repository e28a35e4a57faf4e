"""Which of Resend's webhooks are believed, once each, and which are about e-mails of ours."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete, insert

from api.limits import RateLimits
from db.feedback import RECEIPTS_KEPT, forget_old_receipts
from db.session import engine
from db.tables import WebhookReceipt
from services.settings import Settings
from tests.api.client import problem
from tests.api.conftest import serving
from tests.api.resend import HARD, PATH, Post, event, poster, signed, tags
from tests.api.sent import Sent, create_sent, suppressed
from tests.world import World


@pytest.fixture
def post(api: httpx.AsyncClient, settings: Settings) -> Post:
    return poster(api, settings)


@pytest.fixture
async def sent(world: World) -> Sent:
    return await create_sent(world)


async def test_webhook_that_is_delivered_again_is_heard_once(sent: Sent, post: Post) -> None:
    body = event("clicked", tags(sent), click={"link": "https://a.example/"})
    answers = await asyncio.gather(*(post(body, webhook_id="msg_same") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [204] * 5
    assert len(await sent.engagements()) == 1
    assert (await post(body, webhook_id="msg_other")).status_code == 204
    assert len(await sent.engagements()) == 2


async def test_same_webhook_id_of_another_company_is_another_webhook(
    world: World, stranger: World, post: Post
) -> None:
    for company in (world, stranger):
        sent = await create_sent(company)
        await post(event("delivered", tags(sent)), webhook_id="msg_shared")
        assert (await sent.execution())["delivered_at"]


@pytest.mark.parametrize(
    "foreign",
    [
        None,
        {},
        [],
        "tags",
        {"category": "confirm_email"},
        {"tenant_id": "17", "execution_id": "18"},
        {"tenant_id": str(uuid4())},
        {"tenant_id": str(uuid4()), "execution_id": str(uuid4())},
        {"tenant_id": None, "execution_id": {}},
        [{"name": "tenant_id"}, 7, {"value": "x"}, {"name": [], "value": "x"}],
    ],
)
async def test_email_that_is_not_ours_is_accepted_and_forgotten(post: Post, foreign: Any) -> None:
    for kind in ("delivered", "bounced", "complained", "clicked"):
        assert (await post(event(kind, foreign))).status_code == 204


async def test_email_of_another_company_is_not_found_through_a_tag(
    world: World, stranger: World, post: Post
) -> None:
    sent = await create_sent(world)
    mixed = {"tenant_id": str(stranger.tenant_id), "execution_id": str(sent.id)}
    assert (await post(event("bounced", mixed, bounce=HARD))).status_code == 204
    assert (await sent.execution())["bounced_at"] is None
    assert await suppressed(stranger) == set()


async def test_step_that_sends_nothing_gets_no_report(world: World, post: Post) -> None:
    sent = await create_sent(world)
    await sent.change(step_type="create_task")
    assert (await post(event("bounced", tags(sent), bounce=HARD))).status_code == 204
    assert await suppressed(world) == set()


async def test_forged_stale_and_truncated_webhooks_are_refused_and_change_nothing(
    api: httpx.AsyncClient, settings: Settings, sent: Sent
) -> None:
    body = json.dumps(event("bounced", tags(sent), bounce=HARD)).encode()
    secret = settings.resend_webhook_secret
    good = signed(secret, body)
    other_secret = "whsec_c29tZSBvdGhlciBzZWNyZXQgYWx0b2dldGhlcg=="
    refused: list[tuple[bytes, dict[str, str]]] = [
        (body, {}),
        (body, signed(other_secret, body)),
        (body, signed(secret, body, age=timedelta(minutes=6))),
        (body, signed(secret, body, age=timedelta(minutes=-6))),
        (body, {**good, "svix-id": "msg_other"}),
        (body, {**good, "svix-timestamp": str(int(good["svix-timestamp"]) + 1)}),
        (body, {**good, "svix-signature": good["svix-signature"][:-2]}),
        (body, {**good, "svix-signature": ""}),
        (body[:-1], good),
        (body.replace(b"bounced", b"clicked"), good),
        (b"", good),
    ]
    for content, headers in refused:
        problem(await api.post(PATH, content=content, headers=headers), 403, "forbidden")
    assert (await sent.execution())["bounced_at"] is None
    assert (await api.post(PATH, content=body, headers=good)).status_code == 204


async def test_without_a_secret_nobody_is_believed(settings: Settings) -> None:
    body = json.dumps(event("delivered", {})).encode()
    headers = signed(settings.resend_webhook_secret, body)
    unset = settings.model_copy(update={"resend_webhook_secret": None})
    async with serving(unset, RateLimits()) as http:
        problem(await http.post(PATH, content=body, headers=headers), 403, "forbidden")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"type": 7}',
        b'{"type": "email.delivered", "created_at": "2026-11-02T16:00:00Z"}',
        b'{"type": "email.delivered", "created_at": "2026-11-02T16:00:00Z", "data": []}',
        b'{"type": "email.delivered", "created_at": "yesterday", "data": {}}',
        b'{"type": "email.delivered", "created_at": "2026-11-02T16:00:00", "data": {}}',
        b'{"type": "email.delivered", "created_at": "0001-01-01T00:00:00+14:00", "data": {}}',
        b'{"type": "email.\\ud800", "created_at": "2026-11-02T16:00:00Z", "data": {}}',
        b"[" * 5000,
    ],
)
async def test_signed_nonsense_is_a_validation_error(
    api: httpx.AsyncClient, settings: Settings, body: bytes
) -> None:
    headers = signed(settings.resend_webhook_secret, body)
    problem(await api.post(PATH, content=body, headers=headers), 422, "validation_error")


async def test_body_that_is_too_large_is_refused(
    api: httpx.AsyncClient, settings: Settings
) -> None:
    body = b" " * 1_000_001
    headers = signed(settings.resend_webhook_secret, body)
    problem(await api.post(PATH, content=body, headers=headers), 413, "payload_too_large")


async def test_webhook_id_that_cannot_be_kept_is_refused(sent: Sent, post: Post) -> None:
    response = await post(event("delivered", tags(sent)), webhook_id="m" * 300)
    problem(response, 422, "validation_error")


async def test_webhooks_that_nobody_delivers_again_are_forgotten(sent: Sent, post: Post) -> None:
    body = event("clicked", tags(sent), click={"link": "https://a.example/"})
    await post(body, webhook_id="msg_old")
    hour = timedelta(hours=1)
    for age, heard in ((RECEIPTS_KEPT - hour, 1), (RECEIPTS_KEPT + hour, 2)):
        async with sent.world.database.transaction(engine(sent.world.tenant_id)) as session:
            await session.execute(delete(WebhookReceipt))
            row = {"tenant_id": sent.world.tenant_id, "provider": "resend", "receipt": "msg_old"}
            at = datetime.now(UTC) - age
            await session.execute(insert(WebhookReceipt).values(**row, created_at=at))
            await forget_old_receipts(session)
        await post(body, webhook_id="msg_old")
        assert len(await sent.engagements()) == heard
