"""A campaign without a mouse."""

from playwright.async_api import Locator, expect

from tests.web.builder import Builder
from tests.web.letters import letters_to
from tests.web.person import Person
from tests.world import World

FAR = 80
"""So many times Tab leads through any of our pages."""


async def tab_to(person: Person, target: Locator) -> None:
    """Press Tab until the target has the focus, which is to be seen."""
    for _ in range(FAR):
        await person.page.keyboard.press("Tab")
        if await target.evaluate_all("found => found.includes(document.activeElement)"):
            return
    raise AssertionError(f"Tab does not lead to {target}")


async def press(person: Person, target: Locator, key: str = "Enter") -> None:
    """Go to the target by Tab, and press a key there."""
    await expect(target).to_be_visible()
    await tab_to(person, target)
    await person.page.keyboard.press(key)


async def write(person: Person, target: Locator, text: str) -> None:
    """Go to a field by Tab, and type."""
    await expect(target).to_be_visible()
    await tab_to(person, target)
    await person.page.keyboard.press("Control+a")
    await person.page.keyboard.type(text)


async def test_campaign_is_built_and_activated_by_keyboard_alone(
    builder: Builder, world: World
) -> None:
    person, keys = builder.person, builder.person.page.keyboard
    contact = await world.create_contact()
    await person.open("/campaigns")

    await press(person, person.link("New campaign").first)
    await write(person, person.field("Name"), "Without a mouse")
    more = person.button("Who gets in, when people are reached, when it ends")
    await press(person, more)
    hours = person.page.get_by_role("switch", name="Only in business hours")
    await press(person, hours, "Space")
    await expect(hours).not_to_be_checked()
    await press(person, person.button("Create and add steps"))

    await press(person, person.page.get_by_role("button", name="E-mail Send"))
    await write(person, builder.editor.get_by_role("textbox", name="Subject"), "By keyboard")
    await write(person, builder.editor.get_by_role("textbox", name="Content"), "Hello there.")
    await keys.press("Tab")
    await press(person, builder.editor.get_by_role("button", name="Add step"))
    await expect(builder.editor).to_be_hidden()
    await expect(builder.card("E-mail", "By keyboard")).to_be_focused()

    await press(person, builder.plus("after E-mail: By keyboard"))
    tags = person.page.get_by_role("menuitem", name="Tags", exact=True)
    for _ in range(10):
        if await tags.evaluate("item => item === document.activeElement"):
            break
        await keys.press("ArrowDown")
    await keys.press("Enter")
    await write(person, builder.editor.get_by_role("combobox", name="Add these tags"), "written to")
    await keys.press("Enter")
    await press(person, builder.editor.get_by_role("button", name="Add step"))
    await expect(builder.card("Tags", "Add written to")).to_be_focused()

    await keys.press("Alt+ArrowUp")
    await expect(builder.plus("after Tags: add written to")).to_be_visible()
    await press(person, person.button("Activate"))
    await expect(person.told("Active: contacts can be enrolled")).to_be_visible()

    [campaign] = (await world.admin.get("/campaigns"))["campaigns"]
    steps = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    assert [step["step_type"] for step in steps] == ["manage_tags", "send_email"]
    await world.enroll(campaign, contact)
    [message] = await letters_to(world, contact["email"])
    assert (message["subject"], "Hello there." in message["html"]) == ("By keyboard", True)
