"""What Twilio tells of texts, after it has taken them."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import insert
from twilio.request_validator import RequestValidator

from db.session import engine
from db.tables import Message
from services.links import MESSAGE_STATUS_CALLBACK, STATUS_CALLBACK
from services.settings import Settings
from services.tokens import Tokens
from tests.api.client import problem
from tests.api.sent import Sent, create_sent, suppressed
from tests.world import TEXT, World

PATH = "/webhooks/twilio/status"

Post = Callable[[str, dict[str, str]], Awaitable[httpx.Response]]
Tell = Callable[..., Awaitable[None]]


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.secret_key)


@pytest.fixture
async def sent(world: World) -> Sent:
    return await create_sent(world, TEXT)


@pytest.fixture
def post(api: httpx.AsyncClient, settings: Settings) -> Post:
    async def send(path: str, form: dict[str, str]) -> httpx.Response:
        assert settings.twilio_auth_token
        validator = RequestValidator(settings.twilio_auth_token)
        signature = validator.compute_signature(f"{settings.public_url}{path}", form)
        return await api.post(path, data=form, headers={"x-twilio-signature": signature})

    return send


@pytest.fixture
def tell(post: Post, tokens: Tokens, sent: Sent) -> Tell:
    """Let Twilio tell something of the text."""

    async def say(status: str, sid: str = "SM1", **form: str) -> None:
        claim = tokens.sign(STATUS_CALLBACK, sent.world.tenant_id, sent.id)
        form = {"MessageSid": sid, "MessageStatus": status, "To": "+13035550177", **form}
        response = await post(f"{PATH}?claim={claim}", form)
        assert (response.status_code, response.content) == (204, b"")

    return say


async def test_delivery_is_noted_once(sent: Sent, tell: Tell) -> None:
    for status in ("queued", "sending", "sent"):
        await tell(status)
    assert (await sent.execution())["delivered_at"] is None
    await tell("delivered")
    first = (await sent.execution())["delivered_at"]
    assert first
    await tell("delivered")
    await tell("sent")
    assert (await sent.execution())["delivered_at"] == first


@pytest.mark.parametrize("status", ["undelivered", "failed"])
async def test_text_that_does_not_arrive_says_why(
    sent: Sent, tell: Tell, world: World, status: str
) -> None:
    await tell(status, ErrorCode="30003")
    execution = await sent.execution()
    assert execution["bounced_at"]
    assert execution["error_message"] == f"{status} (30003)"
    assert execution["status"] == "completed"
    assert await suppressed(world) == set(), "a telephone that is switched off is not a dead one"


@pytest.mark.parametrize("code", ["21211", "21614", "30005", "30006"])
async def test_number_that_never_works_is_suppressed(
    sent: Sent, tell: Tell, world: World, code: str
) -> None:
    await tell("undelivered", ErrorCode=code, ErrorMessage="Landline")
    assert await suppressed(world) == {(sent.address, "hard_bounce")}
    assert (await sent.execution())["error_message"] == f"undelivered ({code}): Landline"
    assert (await sent.contact_now())["sms_opt_out"] is False


async def test_opt_out_that_only_the_carrier_heard_is_one_of_ours(
    sent: Sent, tell: Tell, world: World
) -> None:
    await tell("failed", ErrorCode="21610")
    assert (await sent.contact_now())["sms_opt_out"] is True
    ended = await world.detail(sent.enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")
    assert await suppressed(world) == {(sent.address, "opt_out")}
    answer = await world.staff.get(f"/contacts/{sent.contact['id']}/consents")
    assert answer["consents"][0]["source"] == "carrier"


@pytest.mark.parametrize("status", ["sent", "delivered", "undelivered"])
async def test_callback_proves_that_a_text_nobody_could_account_for_was_sent(
    sent: Sent, tell: Tell, status: str
) -> None:
    lost = {"status": "unknown", "error_message": "no answer", "why": "given up: no answer"}
    await sent.change(provider_id=None, **lost)
    await tell(status, sid="SM42")
    await tell("delivered", sid="SM42")
    execution = await sent.execution()
    assert execution["status"] == "completed"
    assert execution["result_data"]["sms_id"] == "SM42"
    assert execution["result_data"]["provider"] == "twilio"
    assert (execution["error_message"] is None) == (status != "undelivered")
    assert execution["why"].startswith("due ")
    assert await sent.counters("sms_sent") == (1,)


async def test_text_nobody_could_account_for_has_failed_if_it_never_left_twilio(
    sent: Sent, tell: Tell
) -> None:
    await sent.change(status="unknown", provider_id=None, why="given up: no answer")
    await tell("failed", ErrorCode="30001")
    execution = await sent.execution()
    assert execution["why"].startswith("failed for good ")
    assert (execution["status"], execution["error_message"]) == ("failed", "failed (30001)")
    assert await sent.counters("sms_sent") == (0,)


async def test_callbacks_that_come_together_count_once(sent: Sent, tell: Tell) -> None:
    await sent.change(status="unknown", provider_id=None)
    statuses = ["sent", "sent", "delivered", "delivered", "sent"]
    await asyncio.gather(*(tell(status) for status in statuses))
    assert await sent.counters("sms_sent") == (1,)


async def test_delivery_that_overtakes_a_failure_is_not_undone(sent: Sent, tell: Tell) -> None:
    await tell("delivered")
    await tell("undelivered", ErrorCode="30008")
    execution = await sent.execution()
    assert execution["delivered_at"]
    assert execution["bounced_at"]


async def test_text_written_by_hand_is_told_of_by_its_own_token(
    world: World, post: Post, tokens: Tokens
) -> None:
    contact = await world.create_contact()
    async with world.database.transaction(engine(world.tenant_id)) as session:
        values = {
            "tenant_id": world.tenant_id,
            "contact_id": UUID(contact["id"]),
            "channel": "sms",
            "direction": "outbound",
            "status": "unknown",
            "content": {"to": contact["phone"]},
        }
        message_id = await session.scalar(insert(Message).values(values).returning(Message.id))
    assert message_id
    token = tokens.sign(MESSAGE_STATUS_CALLBACK, world.tenant_id, message_id)
    sid = f"SM{uuid4().hex}"
    form = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30006"}

    assert (await post(f"{PATH}?message={token}", form)).status_code == 204
    problem(await post(f"{PATH}?claim={token}", form), 404, "not_found")

    async with world.database.transaction(engine(world.tenant_id)) as session:
        row = await session.get(Message, message_id)
    assert row
    assert (row.status, row.provider_id) == ("completed", sid)
    assert row.bounced_at
    assert await suppressed(world) == {(contact["phone"], "hard_bounce")}


async def test_forged_callback_is_refused_and_changes_nothing(
    api: httpx.AsyncClient, sent: Sent, tokens: Tokens
) -> None:
    claim = tokens.sign(STATUS_CALLBACK, sent.world.tenant_id, sent.id)
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "21610"}
    wrong = RequestValidator("another token").compute_signature(
        f"http://campaigns.test{PATH}?claim={claim}", form
    )
    for signature in (wrong, "", "x"):
        headers = {"x-twilio-signature": signature}
        response = await api.post(f"{PATH}?claim={claim}", data=form, headers=headers)
        problem(response, 403, "forbidden")
    assert (await sent.execution())["bounced_at"] is None


async def test_claim_of_nothing_is_not_found_and_of_what_is_gone_is_accepted(
    post: Post, world: World, tokens: Tokens
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    claim = tokens.sign(STATUS_CALLBACK, world.tenant_id, uuid4())
    assert (await post(f"{PATH}?claim={claim}", form)).status_code == 204
    nowhere = tokens.sign(STATUS_CALLBACK, uuid4(), uuid4())
    assert (await post(f"{PATH}?claim={nowhere}", form)).status_code == 204
    for wrong in (claim[:-1], f"{claim}x", "x"):
        problem(await post(f"{PATH}?claim={wrong}", form), 404, "not_found")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageSid": "SM1"},
        {"MessageStatus": "delivered"},
        {"MessageSid": "SM\0", "MessageStatus": "undelivered\0", "ErrorCode": "\0"},
        {"MessageSid": "S" * 400, "MessageStatus": "x" * 400},
        {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "9" * 400},
        {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorMessage": "\0é" * 4000},
    ],
)
async def test_callback_that_lacks_or_exaggerates_something_is_no_fault(
    sent: Sent, post: Post, tokens: Tokens, form: dict[str, str]
) -> None:
    claim = tokens.sign(STATUS_CALLBACK, sent.world.tenant_id, sent.id)
    assert (await post(f"{PATH}?claim={claim}", form)).status_code == 204
