"""The built pages, served by the API, in a real browser."""

from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

import pytest
from playwright.async_api import Browser

from api.access import SESSION_COOKIE
from api.app import create_app
from db.session import person as of_user
from dev.chromium import chromium
from domain.enums import Role
from services.auth import open_session
from services.settings import Settings
from tests.conftest import serve
from tests.web.builder import Builder
from tests.web.person import REFUSED, WEB, Person, SignIn
from tests.web.things import Things, fill
from tests.world import Json, World

NAMES: Final = {Role.ADMIN: "Alex Admin", Role.MANAGER: "Maria Manager", Role.STAFF: "Sam Staff"}

TEMPORAL_UI: Final = "http://temporal.test"

DESK: Final = (1280, 900)
PHONE: Final = (390, 844)


@pytest.fixture(scope="session")
async def pages_url(settings: Settings) -> AsyncIterator[str]:
    """Where the pages are."""
    assert (WEB / "dist" / "index.html").exists(), "make web builds the pages"
    settings = settings.model_copy(update={"temporal_ui_url": TEMPORAL_UI})
    async with serve(create_app(settings)) as url:
        yield url


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Headless Chromium, of this machine."""
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def visitor(browser: Browser, pages_url: str) -> AsyncIterator[SignIn]:
    """Opens a browser of somebody who is not signed in: `await visitor(PHONE)`.

    Whatever people do, no page may stumble, nor break the policy that its content is served with.
    """
    people: list[Person] = []

    async def open_browser(size: tuple[int, int] = DESK) -> Person:
        width, height = size
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            timezone_id="America/New_York",
            reduced_motion="reduce",
        )
        people.append(Person(await context.new_page(), pages_url))
        return people[-1]

    yield open_browser
    for person in people:
        await person.page.context.close()
    stumbles = [each for person in people for each in person.trouble if REFUSED not in each]
    assert stumbles == []


@pytest.fixture
async def sign_in(visitor: SignIn, world: World, pages_url: str) -> SignIn:
    """Signs somebody of the company in, past the form: `await sign_in(Role.STAFF, PHONE)`."""

    async def open_browser(role: Role = Role.ADMIN, size: tuple[int, int] = DESK) -> Person:
        user = await create_user(world, role)
        async with world.database.transaction(
            of_user(world.tenant_id, user["id"], role)
        ) as session:
            token = await open_session(session)
        person = await visitor(size)
        await person.page.context.add_cookies(
            [{"name": SESSION_COOKIE, "value": token, "url": pages_url}]
        )
        return person

    return open_browser


@pytest.fixture
async def things(world: World) -> Things:
    """Something of everything, in the company."""
    return await fill(world)


@pytest.fixture
async def builder(sign_in: SignIn) -> Builder:
    """An admin of the company, to be led to the builder of a campaign."""
    return Builder(await sign_in())


async def create_user(world: World, role: Role, **values: str) -> Json:
    """Somebody of the company; with a `password` they can sign in by the form."""
    email = f"{role}.{uuid4().hex[:10]}@ridge.example"
    body = {"email": email, "name": NAMES[role], "role": role, **values}
    user: Json = (await world.admin.post("/users", body))["user"]
    return user
