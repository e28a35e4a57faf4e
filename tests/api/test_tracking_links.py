"""The pixel and the links of an e-mail, as homeowners, machines and strangers ask for them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from api.app import create_app
from api.routes.tracking import GIVE_UP
from db.session import Database, engine
from domain.errors import NotFound
from services.links import CLICK, OPEN, Links
from services.settings import Settings
from services.tokens import Tokens
from tests.api.client import problem
from tests.api.sent import BROWSER, Sent, create_sent
from tests.conftest import serve
from tests.world import World, eventually

TARGET = "https://reviews.example/ridge?stars=5&from=mail#form"
PERSON = {"user-agent": BROWSER}


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.secret_key)


@pytest.fixture
def links(settings: Settings, tokens: Tokens) -> Links:
    return Links(settings.public_url, tokens)


@pytest.fixture
async def sent(world: World) -> Sent:
    return await create_sent(world)


def pixel(links: Links, sent: Sent) -> str:
    return links.pixel(sent.world.tenant_id, sent.id)


def click(links: Links, sent: Sent, target: str = TARGET) -> str:
    return links.click(sent.world.tenant_id, sent.id, target)


async def test_open_counts_once_and_is_one_event(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    response = await api.get(pixel(links, sent), headers=PERSON)

    assert (response.status_code, response.headers["content-type"]) == (200, "image/gif")
    assert response.content.startswith(b"GIF89a")
    assert response.headers["cache-control"] == "no-store"
    first = (await sent.execution())["opened_at"]
    assert first
    await api.get(pixel(links, sent), headers=PERSON)
    assert (await sent.execution())["opened_at"] == first
    assert await sent.counters("emails_opened", "emails_clicked") == (1, 0)
    ((name, properties),) = await sent.events()
    assert name == "email_opened"
    assert properties == {
        "campaign_id": sent.enrollment["campaign_id"],
        "enrollment_id": sent.enrollment["id"],
        "step_id": (await sent.execution())["step_id"],
        "execution_id": str(sent.id),
    }
    assert [row.machine for row in await sent.engagements()] == [None, None]


async def test_click_leads_to_its_target_counts_once_and_is_an_event_each_time(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    for _ in range(2):
        response = await api.get(click(links, sent), headers=PERSON)
        assert (response.status_code, response.headers["location"]) == (302, TARGET)
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cache-control"] == "no-store"

    assert (await sent.execution())["clicked_at"]
    assert (await sent.execution())["opened_at"] is None
    assert await sent.counters("emails_opened", "emails_clicked") == (0, 1)
    events = await sent.events()
    assert [name for name, _ in events] == ["email_clicked", "email_clicked"]
    assert events[0][1]["url"] == TARGET
    assert [(row.kind, row.url) for row in await sent.engagements()] == [("click", TARGET)] * 2


@pytest.mark.parametrize(
    ("headers", "machine"),
    [
        ({"user-agent": "Mozilla/5.0"}, "apple_mail_privacy"),
        ({"user-agent": ""}, "no_user_agent"),
        ({"user-agent": "Barracuda Sentinel (EE)"}, "security_gateway"),
        ({"user-agent": "python-requests/2.32"}, "http_client"),
    ],
)
async def test_machine_is_answered_and_kept_and_does_not_count(
    api: httpx.AsyncClient, links: Links, sent: Sent, headers: dict[str, str], machine: str
) -> None:
    assert (await api.get(pixel(links, sent), headers=headers)).status_code == 200
    assert (await api.get(click(links, sent), headers=headers)).headers["location"] == TARGET

    assert await sent.counters("emails_opened", "emails_clicked") == (0, 0)
    execution = await sent.execution()
    assert (execution["opened_at"], execution["clicked_at"]) == (None, None)
    assert await sent.events() == []
    assert [(row.kind, row.machine) for row in await sent.engagements()] == [
        ("open", machine),
        ("click", machine),
    ]
    await api.get(pixel(links, sent), headers=PERSON)
    assert await sent.counters("emails_opened") == (1,), "a person opens what a machine has opened"


async def test_machine_is_known_by_its_network(
    settings: Settings, links: Links, sent: Sent
) -> None:
    app = create_app(settings)
    apple = httpx.ASGITransport(app, client=("17.58.1.2", 4711))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=apple, base_url=settings.public_url) as http,
    ):
        await http.get(pixel(links, sent), headers=PERSON)

    assert [row.machine for row in await sent.engagements()] == ["apple_network"]
    assert await sent.counters("emails_opened") == (0,)


async def test_head_is_answered_like_a_get_and_is_a_machines(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    image = await api.head(pixel(links, sent), headers=PERSON)
    link = await api.head(click(links, sent), headers=PERSON)

    assert (image.status_code, image.content) == (200, b"")
    assert (link.status_code, link.headers["location"]) == (302, TARGET)
    assert [row.machine for row in await sent.engagements()] == ["head_request"] * 2


async def test_whoever_is_there_within_two_seconds_of_the_send_is_a_machine(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    await sent.change(sent_at=datetime.now(UTC))
    await api.get(click(links, sent), headers=PERSON)
    await sent.change(sent_at=datetime.now(UTC) - timedelta(seconds=2))
    await api.get(click(links, sent), headers=PERSON)

    assert [row.machine for row in await sent.engagements()] == ["too_soon", None]
    assert await sent.counters("emails_clicked") == (1,)


async def test_whoever_is_there_while_the_send_is_under_way_is_a_machine(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    under_way = datetime.now(UTC) - timedelta(seconds=5)
    await sent.change(status="running", sent_at=None, completed_at=None, attempting_since=under_way)
    await api.get(pixel(links, sent), headers=PERSON)
    # Its worker has died, long ago.
    await sent.change(attempting_since=under_way - timedelta(minutes=5))
    await api.get(pixel(links, sent), headers=PERSON)

    assert [row.machine for row in await sent.engagements()] == ["too_soon", None]


async def test_clock_of_an_enrollment_that_is_ahead_makes_nobody_a_machine(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    ahead = datetime.now(UTC) + timedelta(days=14)
    await sent.change(completed_at=ahead)

    await api.get(pixel(links, sent), headers=PERSON)

    opened_at = (await sent.execution())["opened_at"]
    assert datetime.fromisoformat(opened_at) == ahead, "not before it was sent"


async def test_open_and_click_count_when_the_enrollment_is_over(
    api: httpx.AsyncClient, links: Links, sent: Sent, world: World
) -> None:
    path = f"/campaigns/{sent.enrollment['campaign_id']}/enrollments/{sent.enrollment['id']}"
    await world.admin.post(f"{path}/exit")

    await api.get(pixel(links, sent), headers=PERSON)
    await api.get(click(links, sent), headers=PERSON)

    assert await sent.counters("emails_opened", "emails_clicked") == (1, 1)


async def test_crowd_that_opens_at_once_counts_once(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    paths = [pixel(links, sent), click(links, sent)] * 10
    await asyncio.gather(*(api.get(path, headers=PERSON) for path in paths))

    assert await sent.counters("emails_opened", "emails_clicked") == (1, 1)
    assert len(await sent.engagements()) == 20
    names = [name for name, _ in await sent.events()]
    assert (names.count("email_opened"), names.count("email_clicked")) == (1, 10)


def altered(token: str) -> list[str]:
    """The token with one bit changed in each place, cut short at each place, and worse."""
    flipped = [
        f"{token[:place]}{chr(ord(letter) ^ 1 << place % 6)}{token[place + 1 :]}"
        for place, letter in enumerate(token)
    ]
    # The last letter has bits that a decoder does not look at.
    last = [
        token[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    ]
    cut = [token[:length] for length in range(1, len(token))]
    worse = [
        token + "A",
        token + ".",
        "." + token,
        token * 2,
        "%00",
        "%FF",
        "é",
        "a.b.c",
        "....",
        "A" * 5000,
    ]
    return [wrong for wrong in flipped + last + cut + worse if wrong != token]


def test_altered_token_is_not_found_whatever_was_done_to_it(tokens: Tokens) -> None:
    tenant_id, execution_id = uuid4(), uuid4()
    for wrong in altered(tokens.sign(OPEN, tenant_id, execution_id)):
        with pytest.raises(NotFound):
            tokens.read(OPEN, wrong)
    for wrong in altered(tokens.sign(CLICK, tenant_id, execution_id, text=TARGET)):
        with pytest.raises(NotFound):
            tokens.read_text(CLICK, wrong)


async def test_bad_token_is_a_problem_and_leads_nowhere(
    api: httpx.AsyncClient, tokens: Tokens, sent: Sent
) -> None:
    ids = sent.world.tenant_id, sent.id
    opens, clicks = tokens.sign(OPEN, *ids), tokens.sign(CLICK, *ids, text=TARGET)
    for path in (
        f"/t/o/{clicks}",
        f"/t/c/{opens}",
        f"/t/o/{opens[:-1]}",
        f"/t/c/{clicks[:-1]}",
        f"/t/c/{clicks}x",
        "/t/c/https:%2F%2Fevil.example",
        "/t/o/%00",
        "/t/c/%FF%FE",
        "/t/o/é.é",
    ):
        response = await api.get(path, headers=PERSON)
        problem(response, 404, "not_found")
        assert "location" not in response.headers
        assert (await api.head(path)).status_code == 404
    assert await sent.engagements() == []


async def test_target_comes_from_the_token_alone(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    path = f"{click(links, sent)}?url=https://evil.example&target=https://evil.example"
    response = await api.get(path, headers={**PERSON, "referer": "https://evil.example"})
    assert response.headers["location"] == TARGET


async def test_message_that_is_gone_still_leads_to_its_target(
    api: httpx.AsyncClient, links: Links, world: World
) -> None:
    for ids in ((world.tenant_id, uuid4()), (uuid4(), uuid4())):
        response = await api.get(links.click(*ids, TARGET), headers=PERSON)
        assert response.headers["location"] == TARGET
        assert (await api.get(links.pixel(*ids), headers=PERSON)).status_code == 200


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("https://a.example/dächer?q=ü", "https://a.example/d%C3%A4cher?q=%C3%BC"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example/%41?x=%20y", "https://a.example/%41?x=%20y"),
        ("https://a.example/\r\nSet-Cookie: a=b", "https://a.example/%0D%0ASet-Cookie:%20a=b"),
    ],
)
async def test_target_is_a_url_in_the_header(
    api: httpx.AsyncClient, links: Links, sent: Sent, target: str, location: str
) -> None:
    response = await api.get(click(links, sent, target), headers=PERSON)
    assert response.headers["location"] == location
    assert "set-cookie" not in response.headers


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Over the network, which answers before what goes on behind the answer is done."""
    async with serve(create_app(settings)) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def test_homeowner_does_not_wait_for_the_engine_which_does_not_wait_for_the_homeowner(
    http: httpx.AsyncClient, links: Links, sent: Sent, world: World
) -> None:
    path = click(links, sent).removeprefix("http://campaigns.test")
    async with (
        asyncio.timeout(GIVE_UP / 2),
        world.database.transaction(engine(world.tenant_id)) as session,
    ):
        # As the engine does it: the enrollment first, what it sent afterwards.
        hold = "select 1 from campaign_enrollments where id = :id for update"
        await session.execute(text(hold), {"id": UUID(sent.enrollment["id"])})
        response = await http.get(path, headers=PERSON)
        assert response.headers["location"] == TARGET
        change = "update campaign_step_executions set error_message = 'late' where id = :id"
        await session.execute(text(change), {"id": sent.id})

    async def is_recorded() -> bool:
        return await sent.counters("emails_clicked") == (1,)

    await eventually(is_recorded)


async def test_homeowner_is_answered_while_the_database_is_down(
    settings: Settings, links: Links, sent: Sent
) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        state = app.state.services
        down = Database("postgresql://nobody@127.0.0.1:1/nothing")
        app.state.services = replace(state, database=down)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            assert (await client.get(pixel(links, sent), headers=PERSON)).status_code == 200
            response = await client.get(click(links, sent), headers=PERSON)
            assert response.headers["location"] == TARGET
        await down.close()
    assert await sent.engagements() == []


async def test_headers_of_a_stranger_are_kept_as_far_as_they_go(
    api: httpx.AsyncClient, links: Links, sent: Sent
) -> None:
    for user_agent in (BROWSER + "x" * 5000, "Mozilla/5.0 (Hütte) \xff", "a\tb"):
        raw = user_agent.encode("latin-1")
        response = await api.get(pixel(links, sent), headers=[(b"user-agent", raw)])
        assert response.status_code == 200
    assert [len(row.user_agent or "") for row in await sent.engagements()] == [500, 21, 3]
