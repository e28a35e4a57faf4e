"""What holds for every window above a page: nothing keeps people from using it, at a desk and on a phone."""

from typing import Final

from playwright.async_api import Locator, expect

from tests.web.conftest import DESK, PHONE
from tests.web.person import Person, SignIn
from tests.web.things import Things

WINDOW: Final = "[role=dialog], [role=menu]"
SHUT: Final = """css => !document.querySelector(css)
    || document.body.innerText.includes("Leave without saving?")"""
Clicks = tuple[str, ...]
"""What is clicked until a window shows what it is to be looked at for: `"button New task"`."""

BUILDER: Final[tuple[Clicks, ...]] = (
    ("button Menu of E-mail",),
    ("button Menu of Branch", "menuitem Delete"),
    ("button Add a step first",),
    ("button Test run",),
    ("button Test run", "button Run"),
    ("button More actions",),
    ("button More actions", "menuitem Save as a template"),
    ("button More actions", "menuitem Archive"),
)
FORMS: Final[tuple[Clicks, ...]] = (
    ("button E-mail Send",),
    ("button E-mail Send", "button Add step"),
    ("button E-mail Send", "button Test another version"),
    ("button Text message Send",),
    ("button Task Give",),
    ("button Notification Let",),
    ("button Wait Let",),
    ("button Wait Let", "radio wait on, until something happens"),
    ("button Branch Go", "button Add condition"),
    ("button Exit End",),
    ("button Update field Change",),
    ("button Tags Add",),
    ("button Webhook Tell", "button Add header"),
)
WINDOWS: Final[dict[str, tuple[Clicks, ...]]] = {
    "/campaigns": (("button Alex Admin",),),
    "/campaigns/{draft}/builder": FORMS,
    "/campaigns/{campaign}/builder": BUILDER,
    "/campaigns/{campaign}/settings": (
        ("button Add trigger",),
        ("button Add trigger", "radio Something happens"),
        ("button Add trigger", "radio A date comes"),
        ("button Delete:",),
    ),
    "/campaigns/{campaign}/enrollments": (
        ("button Enroll contacts",),
        ("button Enroll contacts", "tab Several"),
        ("button Enroll contacts", "tab By filter"),
        ("button Enroll contacts", "tab By filter", "button Show who fits"),
        ("button Enroll contacts", "tab From a CSV file"),
        ("button Actions for Ann Lee",),
        ("button Actions for Ann Lee", "menuitem Take out"),
        ("checkbox Choose Ann Lee", "button Move"),
    ),
    "/campaigns/{campaign}/enrollments/{enrollment}": (("button Take out",), ("button Pause",)),
    "/contacts": (("button Add contact",),),
    "/contacts/{contact}": (
        ("button Edit",),
        ("button Enroll in a campaign",),
        ("button Add project",),
        ("button More", "menuitem Delete"),
        ("button Do not contact",),
    ),
    "/tasks?whose=all": (
        ("button New task",),
        ("button Actions for Call Ann Lee",),
        ("button Actions for Call Ann Lee", "menuitem Delete"),
    ),
    "/settings/users": (
        ("button Invite a user",),
        ("button Actions for Alex Admin", "menuitem Edit"),
        ("button Actions for Alex Admin", "menuitem Deactivate"),
    ),
    "/settings/api-keys": (
        ("button New API key",),
        ("button Revoke",),
    ),
    "/settings/message-templates": (
        ("button New template", "menuitem E-mail"),
        ("button New template", "menuitem Text message"),
    ),
}


async def test_window_above_a_page_has_no_barrier_and_no_sideways_scrolling(
    sign_in: SignIn, things: Things
) -> None:
    person = await sign_in()
    found: dict[str, list[str]] = {}
    for path, windows in WINDOWS.items():
        await person.open(path.format(**things))
        for clicks in windows:
            found[f"{path}: {', '.join(clicks)}"] = await look_at(person, clicks)
            await shut(person)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def look_at(person: Person, clicks: Clicks) -> list[str]:
    """What is wrong with the window that the clicks lead to, at either size."""
    for click in clicks:
        await at(person, click).click()
    await expect(windows_of(person).last, f"{clicks} open nothing").to_be_visible()
    await person.settle()
    wrong = await person.look_for_barriers(WINDOW)
    await resize(person, PHONE)
    wrong += await person.look_for_barriers(WINDOW)
    if await person.scrolls_sideways():
        wrong.append("scrolls sideways")
    await resize(person, DESK)
    return wrong


def at(person: Person, click: str) -> Locator:
    """The last, which is the uppermost, of those of that role whose name begins so."""
    role, begins = click.split(" ", 1)
    return person.page.locator(f"role={role}[name=/^{begins}/]").last


def windows_of(person: Person) -> Locator:
    """Dialogs and menus that are open."""
    return person.page.locator(WINDOW)


async def resize(person: Person, size: tuple[int, int]) -> None:
    """Make the window of the browser as big as that."""
    width, height = size
    await person.page.set_viewport_size({"width": width, "height": height})


async def shut(person: Person) -> None:
    """Close the window, and leave what was begun in it."""
    await person.page.keyboard.press("Escape")
    await person.page.wait_for_function(SHUT, arg=WINDOW)
    if await person.dialog("Leave without saving?").count():
        await person.button("Leave").click()
    await expect(windows_of(person)).to_have_count(0)
