"""What becomes of an e-mail when Resend tells of it: in any order, and repeatedly."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert

from db.session import engine
from db.tables import Message
from services.settings import Settings
from tests.api.resend import HARD, SOFT, Post, Tell, event, poster, tags, teller
from tests.api.sent import BROWSER, Sent, create_sent, suppressed
from tests.world import Json, World


@pytest.fixture
def post(api: httpx.AsyncClient, settings: Settings) -> Post:
    return poster(api, settings)


@pytest.fixture
async def sent(world: World) -> Sent:
    return await create_sent(world)


@pytest.fixture
def tell(post: Post, sent: Sent) -> Tell:
    return teller(post, sent)


def instant(text: str | None) -> datetime:
    assert text
    return datetime.fromisoformat(text)


async def test_delivery_is_noted_with_its_time(sent: Sent, tell: Tell) -> None:
    at = sent.at + timedelta(seconds=3)
    await tell("delivered", at)
    noted = instant((await sent.execution())["delivered_at"])
    assert abs(noted - at) < timedelta(milliseconds=1)


async def test_earliest_delivery_holds_whatever_comes_later(sent: Sent, tell: Tell) -> None:
    times = [sent.at + timedelta(minutes=minutes) for minutes in (10, 30, 5, 20)]
    for at in times:
        await tell("delivered", at)
    noted = instant((await sent.execution())["delivered_at"])
    assert abs(noted - times[2]) < timedelta(milliseconds=1)


async def test_tags_are_taken_as_a_list_too(sent: Sent, post: Post) -> None:
    as_list = [{"name": name, "value": value} for name, value in tags(sent).items()]
    assert (await post(event("delivered", as_list))).status_code == 204
    assert (await sent.execution())["delivered_at"]


@pytest.mark.parametrize("kind", ["sent", "scheduled", "delivery_delayed", "invented", "received"])
async def test_event_that_changes_nothing_is_accepted(sent: Sent, tell: Tell, kind: str) -> None:
    before = await sent.execution()
    await tell(kind)
    assert await sent.execution() == before
    assert await sent.events() == []


async def test_open_and_click_count_as_our_own_do(sent: Sent, tell: Tell) -> None:
    click = {"link": "https://a.example/", "userAgent": BROWSER, "ipAddress": "203.0.113.7"}
    for _ in range(2):
        await tell("opened")
        await tell("clicked", click={**click, "timestamp": datetime.now(UTC).isoformat()})

    execution = await sent.execution()
    assert execution["opened_at"]
    assert execution["clicked_at"]
    assert await sent.counters("emails_opened", "emails_clicked") == (1, 1)
    events = await sent.events()
    assert [name for name, _ in events] == ["email_opened", "email_clicked", "email_clicked"]
    assert events[1][1]["url"] == "https://a.example/"
    assert events[1][1]["execution_id"] == str(sent.id)


@pytest.mark.parametrize(
    ("click", "machine"),
    [
        ({"userAgent": "python-requests/2.32"}, "http_client"),
        ({"userAgent": BROWSER, "ipAddress": "40.107.1.1"}, "exchange_online_protection"),
        ({"userAgent": ""}, "no_user_agent"),
    ],
)
async def test_click_of_a_machine_is_kept_and_does_not_count(
    sent: Sent, tell: Tell, click: Json, machine: str
) -> None:
    await tell("clicked", click={"link": "https://a.example/", **click})
    assert [row.machine for row in await sent.engagements()] == [machine]
    assert await sent.counters("emails_clicked") == (0,)
    assert await sent.events() == []


async def test_click_is_judged_by_the_time_at_which_it_was_made(sent: Sent, tell: Tell) -> None:
    soon = (sent.at + timedelta(seconds=1)).isoformat()
    await tell("clicked", click={"link": "https://a.example/", "timestamp": soon})
    assert [row.machine for row in await sent.engagements()] == ["too_soon"]


async def test_hard_bounce_suppresses_the_address_that_was_written_to(
    sent: Sent, tell: Tell, world: World
) -> None:
    await tell("bounced", bounce=HARD)
    await tell("bounced", bounce=HARD)

    execution = await sent.execution()
    assert execution["bounced_at"]
    assert "The mailbox does not exist." in execution["error_message"]
    assert execution["status"] == "completed"
    assert await suppressed(world) == {(sent.address, "hard_bounce")}
    ((name, properties),) = await sent.events()
    assert (name, properties["enrollment_id"]) == ("email_bounced", sent.enrollment["id"])
    assert (await sent.contact_now())["email_opt_out"] is False
    assert (await world.detail(sent.enrollment))["status"] == "active"


@pytest.mark.parametrize("bounce", [SOFT, {"type": "Undetermined"}, {}, None])
async def test_soft_bounce_is_only_noted(
    sent: Sent, tell: Tell, world: World, bounce: Json | None
) -> None:
    await tell("bounced", bounce=bounce)
    execution = await sent.execution()
    assert execution["bounced_at"] is None
    assert execution["error_message"].startswith("bounced for now")
    assert await suppressed(world) == set()
    assert await sent.events() == []


async def test_soft_bounce_that_comes_late_does_not_hide_the_hard_one(
    sent: Sent, tell: Tell
) -> None:
    await tell("bounced", bounce=SOFT)
    await tell("bounced", bounce=HARD)
    await tell("bounced", bounce=SOFT)
    assert "does not exist" in (await sent.execution())["error_message"]


async def test_address_that_resend_suppresses_is_like_one_that_bounces(
    sent: Sent, tell: Tell, world: World
) -> None:
    await tell("suppressed", suppressed={"message": "On the list.", "type": "OnAccountList"})
    assert (await sent.execution())["bounced_at"]
    assert await suppressed(world) == {(sent.address, "hard_bounce")}
    assert [name for name, _ in await sent.events()] == ["email_bounced"]


async def test_complaint_suppresses_opts_out_and_ends_the_campaigns_that_write(
    sent: Sent, tell: Tell, world: World
) -> None:
    other = await create_sent(world, contact=sent.contact)

    await tell("complained")

    assert await suppressed(world) == {(sent.address, "complaint"), (sent.address, "opt_out")}
    assert (await sent.contact_now())["email_opt_out"] is True
    for enrollment in (sent.enrollment, other.enrollment):
        ended = await world.detail(enrollment)
        assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")
    assert "email_complained" in [name for name, _ in await sent.events()]
    answer = await world.staff.get(f"/contacts/{sent.contact['id']}/consents")
    assert answer["consents"][0]["source"] == "complaint"


async def test_failure_says_why_and_suppresses_nobody(sent: Sent, tell: Tell, world: World) -> None:
    await tell("failed", failed={"reason": "reached_daily_quota"})
    assert (await sent.execution())["error_message"] == "not sent: reached_daily_quota"
    assert await suppressed(world) == set()


@pytest.mark.parametrize("kind", ["sent", "delivered"])
async def test_report_proves_that_an_email_nobody_could_account_for_was_sent(
    sent: Sent, tell: Tell, kind: str
) -> None:
    await sent.change(status="unknown", provider_id=None, error_message="no answer", sent_at=None)
    await tell(kind, email_id="re_42")
    await tell("delivered", email_id="re_42")
    execution = await sent.execution()
    assert (execution["status"], execution["error_message"]) == ("completed", None)
    assert execution["result_data"]["email_id"] == "re_42"
    assert await sent.counters("emails_sent") == (1,)


async def test_email_nobody_could_account_for_has_failed_if_resend_did_not_send_it(
    sent: Sent, tell: Tell
) -> None:
    await sent.change(status="unknown")
    await tell("failed", failed={"reason": "invalid"})
    execution = await sent.execution()
    assert (execution["status"], execution["error_message"]) == ("failed", "not sent: invalid")
    assert await sent.counters("emails_sent") == (0,)


async def test_orders_of_reports_come_to_the_same(world: World, post: Post) -> None:
    kinds: list[tuple[str, Json]] = [
        ("sent", {}),
        ("delivered", {}),
        ("opened", {}),
        ("clicked", {"click": {"link": "https://a.example/"}}),
        ("bounced", {"bounce": HARD}),
    ]
    outcomes = []
    for order in (kinds, kinds[::-1], kinds[2:] + kinds[:2]):
        sent = await create_sent(world)
        for kind, data in order * 2:
            await post(event(kind, tags(sent), sent.at + timedelta(minutes=1), **data))
        execution = await sent.execution()
        times = ("opened_at", "clicked_at", "delivered_at", "bounced_at")
        seen = [instant(execution[name]) - sent.at for name in times]
        seen = [timedelta(seconds=round(each.total_seconds())) for each in seen]
        names = sorted(name for name, _ in await sent.events() if name != "email_clicked")
        outcomes.append((seen, names, await sent.counters("emails_opened", "emails_clicked")))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert outcomes[0][2] == (1, 1)


async def test_email_written_by_hand_bounces_too(world: World, post: Post) -> None:
    contact = await world.create_contact()
    async with world.database.transaction(engine(world.tenant_id)) as session:
        values = {
            "tenant_id": world.tenant_id,
            "contact_id": UUID(contact["id"]),
            "channel": "email",
            "direction": "outbound",
            "status": "completed",
            "content": {"to": contact["email"]},
        }
        message_id = await session.scalar(insert(Message).values(values).returning(Message.id))
    named = {"tenant_id": str(world.tenant_id), "message_id": str(message_id)}
    told: list[tuple[str, Json]] = [
        ("delivered", {}),
        ("clicked", {"click": {"link": "https://a.example/"}}),
        ("bounced", {"bounce": HARD}),
    ]
    for kind, data in told:
        assert (await post(event(kind, named, **data))).status_code == 204
    async with world.database.transaction(engine(world.tenant_id)) as session:
        row = await session.get(Message, message_id)
    assert row
    assert row.delivered_at
    assert row.bounced_at
    assert await suppressed(world) == {(contact["email"], "hard_bounce")}


@pytest.mark.parametrize("nasty", ["a\0b", "x" * 100_000, "é" * 3000, "\N{FULL MOON SYMBOL}"])
async def test_nasty_text_is_kept_as_far_as_it_can_be(sent: Sent, tell: Tell, nasty: str) -> None:
    await tell("clicked", click={"link": nasty, "userAgent": BROWSER + nasty, "ipAddress": nasty})
    await tell("bounced", bounce={"type": "Permanent", "message": nasty}, email_id=nasty)
    assert await sent.counters("emails_clicked") == (1,)
    assert (await sent.execution())["bounced_at"]


async def test_time_that_is_yet_to_come_is_now(sent: Sent, tell: Tell) -> None:
    await tell("delivered", datetime.now(UTC) + timedelta(days=400))
    assert instant((await sent.execution())["delivered_at"]) <= datetime.now(UTC)
