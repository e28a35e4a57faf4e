"""Edits of a campaign: taken back, refused with what is to be mended, and made while people are on their way."""

from playwright.async_api import expect

from tests.engine.helpers import after, email
from tests.web.builder import Builder
from tests.web.letters import letters_to
from tests.world import EMAIL, World, eventually

LATER = after(email("Second"), 3, "days")


async def test_step_that_was_deleted_comes_back_by_undo_and_goes_again_by_redo(
    builder: Builder, world: World
) -> None:
    person = builder.person
    await builder.open(await world.create_campaign(email("First"), LATER, activate=False))
    await expect(person.button("Undo")).to_be_disabled()

    await builder.choose("Delete", "E-mail", "Second")
    await expect(builder.card("E-mail", "Second")).to_be_hidden()

    await person.button("Undo").click()
    await expect(builder.card("E-mail", "Second")).to_be_visible()
    await expect(person.page.get_by_text("3 days later")).to_be_visible()
    await person.button("Redo").click()
    await expect(builder.card("E-mail", "Second")).to_be_hidden()
    await expect(person.button("Undo")).to_be_enabled()
    await person.page.keyboard.press("Control+z")
    await expect(builder.card("E-mail", "Second")).to_be_visible()


async def test_step_that_is_moved_up_goes_out_first(builder: Builder, world: World) -> None:
    campaign = await world.create_campaign(email("First"), LATER, activate=False)
    await builder.open(campaign)

    await builder.choose("Move up", "E-mail", "Second")

    await expect(builder.card("E-mail", "Second")).to_be_focused()
    steps = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    assert [step["step_config"]["subject"] for step in steps] == ["Second", "First"]


async def test_campaign_that_cannot_start_says_why_at_the_step_until_it_is_mended(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    await world.admin.patch("/settings", {"calendar_link": None})
    link = {"subject": "Book", "html": '<p><a href="{{ calendar_link }}">Book</a></p>'}
    step = {"step_type": "send_email", "step_config": link}
    await builder.open(await world.create_campaign(step, activate=False))

    await person.button("Activate").click()

    await expect(person.dialog("It cannot start yet")).to_contain_text("calendar")
    await person.dialog("It cannot start yet").get_by_role("button", name="Close").click()
    says = "The calendar link that it uses is empty in the settings."
    at_step = page.get_by_role("list", name="To mend").get_by_text(says)
    await expect(at_step).to_be_visible()
    bar = page.get_by_role("region", name="To mend")
    await expect(bar).to_contain_text("1 thing to mend before it can start")
    await bar.get_by_role("link", name="Company settings").click()
    await person.field("Pick a time").fill("https://calendar.example/ridge")
    await person.button("Save settings").click()
    await expect(person.told("The settings are saved.")).to_be_visible()
    await page.go_back()
    await expect(builder.card("E-mail", "Book")).to_be_visible()
    await expect(at_step).to_be_hidden()
    await person.button("Activate").click()
    await expect(page.get_by_text("Active", exact=True)).to_be_visible()


async def test_edit_of_a_running_campaign_says_who_waits_and_they_get_the_new_words(
    builder: Builder, world: World
) -> None:
    person = builder.person
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    enrollment = await world.enroll(campaign, contact)
    await builder.open(campaign)
    await expect(person.page.get_by_text("1 waiting")).to_be_visible()

    await builder.card("E-mail").click()
    await builder.editor.get_by_role("textbox", name="Subject").fill("Second thoughts")
    await builder.editor.get_by_role("button", name="Save", exact=True).click()

    question = person.dialog("Save the change?")
    await expect(question).to_contain_text(
        "1 person waits for this step and will get the new version."
    )
    await question.get_by_role("button", name="Save", exact=True).click()
    await expect(builder.editor).to_be_hidden()
    await world.pass_time(enrollment, days=3, minutes=1)
    [message] = await letters_to(world, contact["email"])
    assert message["subject"] == "Second thoughts"


async def test_delay_that_would_make_a_step_due_at_once_says_so_and_can_be_left(
    builder: Builder, world: World
) -> None:
    person = builder.person
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    await world.enroll(campaign, contact)
    await builder.open(campaign)

    await builder.card("E-mail").click()
    await builder.editor.get_by_role("textbox", name="Wait after enrolling").fill("0")
    await builder.editor.get_by_role("button", name="Save", exact=True).click()
    question = person.dialog("Save the change?")
    await expect(question).to_contain_text("1 person waits for this step: it is due at once.")
    await question.get_by_role("button", name="Cancel").click()

    await expect(builder.editor).to_be_visible()
    [step] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    assert step["delay_value"] == 3
    assert await world.messages(contact["email"]) == []


async def test_step_that_is_left_without_saving_asks_first(builder: Builder, world: World) -> None:
    person = builder.person
    await builder.open(await world.create_campaign(EMAIL, activate=False))
    await builder.card("E-mail").click()
    await builder.editor.get_by_role("textbox", name="Subject").fill("Never saved")

    await builder.editor.get_by_role("button", name="Cancel").click()

    question = person.dialog("Leave without saving?")
    await question.get_by_role("button", name="Cancel").click()
    await expect(question).to_be_hidden()
    await expect(builder.editor.get_by_role("textbox", name="Subject")).to_have_value("Never saved")
    await person.page.keyboard.press("Escape")
    await question.get_by_role("button", name="Leave").click()
    await expect(builder.editor).to_be_hidden()
    await expect(builder.card("E-mail", "Hello [First name]")).to_be_visible()


async def test_step_that_is_dragged_to_another_place_stays_there(
    builder: Builder, world: World
) -> None:
    person, mouse = builder.person, builder.person.page.mouse
    campaign = await world.create_campaign(email("First"), LATER, activate=False)
    await builder.open(campaign)
    card = await builder.card("E-mail", "Second").bounding_box()
    place = await builder.plus("at the start").bounding_box()
    assert card
    assert place

    await mouse.move(card["x"] + card["width"] / 2, card["y"] + card["height"] / 2)
    await mouse.down()
    await mouse.move(card["x"] + card["width"] / 2, card["y"], steps=5)
    destination = person.button("Move here, at the start")
    await expect(destination).to_be_visible()
    await mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2, steps=5)
    await expect(destination).to_have_attribute("data-over", "true")
    await mouse.up()

    async def is_first() -> bool:
        steps = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
        return [step["step_config"]["subject"] for step in steps] == ["Second", "First"]

    await eventually(is_first)
