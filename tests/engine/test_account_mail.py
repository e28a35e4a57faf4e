"""Links to choose a password by, as they come by e-mail: to whoever asks, and to whom an admin invites."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from temporalio.client import WorkflowHandle

from api.app import create_app
from api.limits import RateLimits
from db.session import Database
from services.housekeeping import keep_house
from services.settings import Settings
from services.temporal import Dispatcher
from services.unsent import settle_messages
from tests.api.client import ORIGIN, invalid_fields
from tests.engine.conftest import Faults
from tests.world import Json, World, create_world, eventually

PASSWORD = "correct horse battery"
NOW = timedelta()


@pytest.fixture
async def browser(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at an API process that has seen nobody sign in yet."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        limits = RateLimits(sign_ins=1000)
        app.state.services = replace(app.state.services, limits=limits)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as http:
            yield http


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Whoever sees all rows."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def create_user(world: World, address: str | None = None, **values: object) -> Json:
    body = {"email": address or f"{uuid4().hex[:12]}@ridge.example", "name": "Ada", "role": "staff"}
    user: Json = (await world.admin.post("/users", {**body, **values}))["user"]
    return user


async def ask(browser: httpx.AsyncClient, address: str) -> None:
    response = await browser.post("/api/auth/password-resets", json={"email": address})
    assert response.status_code == 202


async def mails(world: World, address: str, count: int = 1) -> list[Json]:
    """The mails to an address, when there are so many."""

    async def there() -> bool:
        return len(await world.messages(address)) >= count

    await eventually(there)
    return await world.messages(address)


def tokens(mail: Json) -> list[str]:
    """The tokens of the links in a mail, in their order."""
    return re.findall(
        r"^http://campaigns\.test/set-password\?token=([\w-]{43})$", mail["text"], re.MULTILINE
    )


async def choose(browser: httpx.AsyncClient, token: str) -> httpx.Response:
    body = {"token": token, "password": PASSWORD}
    return await browser.put("/api/auth/password", json=body)


async def workflow_of(
    world: World, owner: asyncpg.Connection, user: Json
) -> WorkflowHandle[Any, Any]:
    mail_id = await owner.fetchval(
        "select id from account_mails where user_id = $1", UUID(user["id"])
    )
    return world.temporal.get_workflow_handle(f"message-{mail_id}")


async def test_forgotten_password_is_chosen_anew_by_the_link_in_a_mail(
    world: World, browser: httpx.AsyncClient
) -> None:
    user = await create_user(world)

    await ask(browser, f" {user['email'].upper()} ")

    (mail,) = await mails(world, user["email"])
    assert mail["subject"] == "Choose a new password"
    assert mail["from"] == "Campaign Builder <hello@roofing.example>"
    assert user["email"] in mail["text"]
    (token,) = tokens(mail)
    me = (await choose(browser, token)).json()
    assert me["user"]["id"] == user["id"]
    assert invalid_fields(await choose(browser, token)) == {"token"}


async def test_mail_arrives_within_two_seconds(world: World, browser: httpx.AsyncClient) -> None:
    user = await create_user(world)
    await ask(browser, user["email"])

    async def there() -> bool:
        return bool(await world.messages(user["email"]))

    await eventually(there, seconds=2)


async def test_address_in_two_companies_gets_one_mail_with_a_link_for_each(
    world: World, browser: httpx.AsyncClient
) -> None:
    other = await create_world(world.admin.http, world.temporal, world.sandbox, world.database)
    await other.admin.patch("/settings", {"company_name": "Summit Roofing"})
    user = await create_user(world)
    elsewhere = await create_user(other, user["email"], name="Ada L.")

    await ask(browser, user["email"])

    (mail,) = await mails(world, user["email"])
    first, second = tokens(mail)
    assert f"Ridge Roofing\nhttp://campaigns.test/set-password?token={first}" in mail["text"]
    assert f"Summit Roofing\nhttp://campaigns.test/set-password?token={second}" in mail["text"]
    for token, of in ((second, elsewhere), (first, user)):
        assert (await choose(browser, token)).json()["user"]["id"] == of["id"]


async def test_nobody_else_gets_a_mail(
    world: World, browser: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    gone, nobody = await create_user(world), f"{uuid4().hex[:12]}@ridge.example"
    await world.admin.patch(f"/users/{gone['id']}", {"is_active": False})

    for address in (gone["email"], nobody):
        await ask(browser, address)

    count = "select count(*) from account_mails where tenant_id = $1"
    assert await owner.fetchval(count, world.tenant_id) == 0


async def test_invited_user_chooses_a_password_and_is_signed_in(
    world: World, browser: httpx.AsyncClient
) -> None:
    user = await create_user(world, role="manager", invite=True)

    (mail,) = await mails(world, user["email"])
    assert mail["subject"] == "Rob Admin has invited you to Ridge Roofing"
    (token,) = tokens(mail)
    assert (await choose(browser, token)).json()["role"] == "manager"
    assert (await browser.get("/api/me")).json()["user"]["id"] == user["id"]


async def test_invitation_is_sent_again_when_an_admin_says_so(
    world: World, browser: httpx.AsyncClient
) -> None:
    user = await create_user(world)
    path = f"/users/{user['id']}/invitation"
    answer = await world.admin.post(path)
    assert answer == {"mail": {"email": user["email"], "valid_hours": 168}}
    await mails(world, user["email"])

    await world.admin.post(path)

    first, second = await mails(world, user["email"], count=2)
    assert tokens(first) != tokens(second)
    assert (await choose(browser, *tokens(second))).status_code == 200


async def test_invitation_with_an_idempotency_key_is_sent_once(world: World) -> None:
    user = await create_user(world)
    for _ in range(2):
        response = await world.admin.request(
            "POST", f"/users/{user['id']}/invitation", headers={"Idempotency-Key": user["id"]}
        )
        assert response.status_code == 202
    await world.admin.post(f"/users/{user['id']}/invitation")
    assert len(await mails(world, user["email"], count=2)) == 2


@pytest.mark.parametrize("mode", ["accept_then_500", "error_500", "reset"])
async def test_mail_goes_out_once_whatever_the_provider_does(
    world: World,
    browser: httpx.AsyncClient,
    owner: asyncpg.Connection,
    faults: Faults,
    mode: str,
) -> None:
    user = await create_user(world)
    await faults(resend={"mode": mode, "count": 2})

    await ask(browser, user["email"])

    await (await workflow_of(world, owner, user)).result()
    (mail,) = await world.messages(user["email"])
    assert (await choose(browser, *tokens(mail))).status_code == 200


async def test_user_who_is_deactivated_before_the_mail_goes_out_gets_none(
    world: World, browser: httpx.AsyncClient, owner: asyncpg.Connection, faults: Faults
) -> None:
    user = await create_user(world)
    await faults(resend={"mode": "refuse_429", "retry_after": 1, "count": 1})
    await ask(browser, user["email"])
    workflow = await workflow_of(world, owner, user)
    await world.admin.patch(f"/users/{user['id']}", {"is_active": False})

    assert await workflow.result() == "skipped"

    assert await world.messages(user["email"]) == []


async def test_mail_of_which_temporal_was_not_told_is_sent_by_the_reconciler(
    world: World,
    browser: httpx.AsyncClient,
    owner: asyncpg.Connection,
    database: Database,
) -> None:
    user = await create_user(world)
    content = {
        "from_address": "hello@roofing.example",
        "to": user["email"],
        "subject": "Hi",
        "text": "Hi",
    }
    # As a process leaves it that dies between the commit and Temporal.
    mail_id = await owner.fetchval(
        "insert into account_mails (tenant_id, user_id, worth_until, content)"
        " values ($1, $2, now() + interval '1 hour', $3) returning id",
        world.tenant_id,
        UUID(user["id"]),
        json.dumps(content),
    )

    await settle_messages(database, Dispatcher(world.temporal, database), NOW, NOW)

    await world.temporal.get_workflow_handle(f"message-{mail_id}").result()
    (mail,) = await world.messages(user["email"])
    assert mail["text"] == "Hi"
    status = "select workflow_status from account_mails where id = $1"
    assert await owner.fetchval(status, mail_id) == "closed"


async def test_links_and_mails_of_long_ago_are_forgotten(
    world: World, owner: asyncpg.Connection, database: Database
) -> None:
    user = await create_user(world, invite=True)
    await mails(world, user["email"])
    for table, column in (("password_links", "expires_at"), ("account_mails", "created_at")):
        older = f"update {table} set {column} = {column} - interval '31 days' where user_id = $1"
        await owner.execute(older, UUID(user["id"]))

    await keep_house(database)

    for table in ("password_links", "account_mails"):
        left = f"select count(*) from {table} where user_id = $1"
        assert await owner.fetchval(left, UUID(user["id"])) == 0


async def test_token_is_in_the_mail_alone(
    world: World,
    browser: httpx.AsyncClient,
    owner: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    user = await create_user(world)
    await ask(browser, user["email"])
    (mail,) = await mails(world, user["email"])
    (token,) = tokens(mail)
    workflow = await workflow_of(world, owner, user)
    await workflow.result()

    history = (await workflow.fetch_history()).to_json()
    assert token not in history
    assert user["email"] not in history
    assert token not in caplog.text
    for table in ("account_mails", "password_links"):
        stored = await owner.fetch(
            f"select t::text as row from {table} t where user_id = $1", UUID(user["id"])
        )
        assert stored
        assert token not in "".join(each["row"] for each in stored)
