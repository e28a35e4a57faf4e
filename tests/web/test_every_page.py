"""What holds for every page: nothing keeps people from using it, at a desk and on a phone."""

import pytest
from playwright.async_api import expect

from tests.web.conftest import DESK, PHONE
from tests.web.person import SignIn
from tests.web.things import Things

INSIDE = (
    "/campaigns",
    "/campaigns/new",
    "/campaigns/templates",
    "/campaigns/templates/storm-damage",
    "/campaigns/{campaign}/builder",
    "/campaigns/{campaign}/enrollments",
    "/campaigns/{campaign}/enrollments/{enrollment}",
    "/campaigns/{campaign}/analytics",
    "/campaigns/{campaign}/settings",
    "/analytics",
    "/contacts",
    "/contacts/import",
    "/contacts/{contact}",
    "/conversations",
    "/conversations?contact={contact}",
    "/tasks?whose=all",
    "/notifications",
    "/settings",
    "/settings/users",
    "/settings/api-keys",
    "/settings/message-templates",
    "/settings/do-not-contact",
    "/settings/profile",
    "/nowhere",
)
OUTSIDE = ("/sign-in", "/forgot-password", "/set-password?token=none")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_page_inside_has_a_title_no_barrier_and_no_sideways_scrolling(
    sign_in: SignIn, things: Things, size: tuple[int, int]
) -> None:
    person = await sign_in(size=size)
    found: dict[str, list[str]] = {}
    for path in INSIDE:
        person.trouble.clear()
        await person.open(path.format(**things))
        found[path] = await person.look_for_barriers() + person.trouble
        if await person.page.get_by_role("heading", level=1).count() != 1:
            found[path].append("has not one title")
        if await person.scrolls_sideways():
            found[path].append("scrolls sideways")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("path", OUTSIDE)
async def test_page_outside_has_a_title_and_no_barrier(visitor: SignIn, path: str) -> None:
    person = await visitor(PHONE)

    await person.open(path)

    assert await person.look_for_barriers() == []
    assert await person.page.get_by_role("heading", level=1).count() == 1
    assert not await person.scrolls_sideways()


async def test_menu_of_a_phone_leads_to_the_other_pages_and_closes(sign_in: SignIn) -> None:
    person = await sign_in(size=PHONE)
    await person.open("/campaigns")
    await expect(person.link("Contacts")).to_be_hidden()

    await person.button("Menu").click()

    await expect(person.link("Contacts")).to_be_visible()
    assert await person.look_for_barriers() == []
    await person.link("Contacts").click()
    await expect(person.title("Contacts")).to_be_visible()
    await expect(person.link("Conversations")).to_be_hidden()
