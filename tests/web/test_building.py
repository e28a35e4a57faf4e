"""A marketing admin builds sequences, and they arrive."""

from uuid import uuid4

from playwright.async_api import expect

from tests.web.builder import Builder
from tests.web.letters import enrollment_of, letters_to
from tests.world import EMAIL, World


async def test_admin_of_an_empty_company_builds_a_sequence_and_its_email_arrives(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    ann = await world.create_contact(first_name="Ann", last_name="Gutter", stage="lead")

    await person.open("/")
    await expect(person.title("Campaigns")).to_be_visible()
    await expect(page.get_by_text("No campaigns yet")).to_be_visible()
    await person.link("New campaign").first.click()
    await person.field("Name").fill("After the storm")
    await person.button("Who gets in, when people are reached, when it ends").click()
    await page.get_by_role("switch", name="Only in business hours").uncheck()
    await person.button("Create and add steps").click()
    await builder.begin("E-mail")
    await builder.write("Your roof after the storm", "We look at your roof, free of charge.")
    await builder.save()
    await builder.add("Wait", "after E-mail: Your roof after the storm")
    await builder.delay(2, "days")
    await builder.save()
    await builder.add("Branch", "after Wait: 2 days")
    await builder.editor.get_by_role("button", name="Add condition").click()
    await person.choose("Condition 1: field", "Stage")
    await builder.editor.get_by_role("combobox", name="Condition 1: value").fill("lead")
    await builder.save()
    await builder.add("E-mail", "first, where Branch: by stage says yes")
    await builder.delay(0, "days")
    await builder.write("Still thinking about it?", "We are near you on Tuesday.")
    await builder.save()
    await expect(builder.card("E-mail", "Still thinking about it?")).to_be_visible()
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()

    await person.button("Activate").click()

    await expect(person.told("Active: contacts can be enrolled")).to_be_visible()
    await person.turn_to("Enrollments")
    await person.button("Enroll contacts").click()
    await page.get_by_role("combobox", name="Contact", exact=True).fill("Gutter")
    await page.get_by_role("option", name=f"Ann Gutter · {ann['email']}").click()
    await person.button("Enroll").click()
    await expect(
        page.get_by_role("status").filter(has_text="Ann Gutter is enrolled")
    ).to_be_visible()

    [email] = await letters_to(world, ann["email"])
    assert email["subject"] == "Your roof after the storm"
    assert "We look at your roof, free of charge." in email["html"]

    await world.pass_time(await enrollment_of(world, ann), days=2, minutes=1)
    [_, second] = await letters_to(world, ann["email"], 2)
    assert second["subject"] == "Still thinking about it?"


async def test_template_is_made_ones_own_and_its_email_reaches_who_gets_the_tag(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    address = f"ann.{uuid4().hex[:10]}@home.example"
    await person.open("/campaigns")
    await person.link("Templates").click()
    await person.link("Storm Damage Outreach").click()
    await person.button("Use this template").click()
    await person.field("Name of the campaign").fill("Hail of June")
    await page.get_by_role("button", name="Edit the e-mail of day").first.click()
    await person.field("Subject").fill("Hail came down on your street")
    await person.button("Create campaign").click()
    await expect(person.title("Hail of June")).to_be_visible()
    await expect(builder.card("E-mail", "Hail came down on your street")).to_be_visible()
    await person.turn_to("Settings")
    await page.get_by_role("switch", name="Only in business hours").uncheck()
    await person.button("Save settings").click()
    await expect(person.told("The settings are saved.")).to_be_visible()
    await person.button("Activate").click()
    await expect(page.get_by_text("Active", exact=True)).to_be_visible()

    await person.link("Contacts").click()
    await person.button("Add contact").first.click()
    await person.field("First name").fill("Ann")
    await person.field("E-mail").fill(address)
    await person.dialog("Add a contact").get_by_role("button", name="Add contact").click()
    await expect(person.title("Ann")).to_be_visible()
    await person.button("Edit").click()
    dialog = person.dialog("Edit Ann")
    await dialog.get_by_role("combobox", name="Tags").fill("storm-damage")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Save").click()

    [email] = await letters_to(world, address)
    assert email["subject"] == "Hail came down on your street"


async def test_email_with_a_second_version_of_no_share_goes_out_as_the_first(
    builder: Builder, world: World
) -> None:
    person = builder.person
    campaign = await world.create_campaign(EMAIL, activate=False)
    await builder.open(campaign)

    await builder.card("E-mail").click()
    await builder.editor.get_by_role("button", name="Test another version (A/B)").click()
    await builder.editor.get_by_role("tab", name="B", exact=True).click()
    await builder.editor.get_by_role("textbox", name="Subject").fill("Hail, {{ first_name }}?")
    await builder.editor.get_by_role("textbox", name="Share").fill("0")
    await builder.editor.get_by_role("tab", name="A", exact=True).click()
    await expect(builder.editor.get_by_role("textbox", name="Subject")).to_have_value(
        "Hello {{ first_name }}"
    )
    await builder.save()

    await expect(builder.card("E-mail", "Tests 2 variants")).to_be_visible()
    await person.button("Activate").click()
    await expect(person.told("Active: contacts can be enrolled")).to_be_visible()
    contact = await world.create_contact()
    await world.enroll(campaign, contact)
    [email] = await letters_to(world, contact["email"])
    assert email["subject"] == "Hello Ann"


async def test_email_is_previewed_for_a_contact_and_sent_to_oneself_as_a_test(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    contact = await world.create_contact(first_name="Bea", last_name="Gutter")
    await world.create_contact(first_name="Cal", last_name="Shingle", email=None)
    await builder.open(await world.create_campaign(EMAIL, activate=False))
    await builder.card("E-mail").click()
    preview = page.get_by_role("region", name="Preview")
    await expect(preview.get_by_text("Hello Bea")).to_be_visible()

    await builder.editor.get_by_role("textbox", name="Subject").fill("Good day, {{ first_name }}")
    await expect(preview.get_by_text("Good day, Bea")).to_be_visible()
    address = person.field("Send a test to this address")
    mine = await address.input_value()
    await person.button("Send test").click()

    await expect(person.told(f"It is on the way to {mine}")).to_be_visible()
    [message] = await world.messages(mine)
    assert message["subject"] == "[Test] Good day, Bea"
    assert await world.messages(contact["email"]) == []
    await preview.get_by_role("combobox", name="As this contact gets it").fill("Shingle")
    await page.get_by_role("option", name="Cal Shingle").click()
    await expect(preview.get_by_role("alert")).to_contain_text("Not sent to this contact")


async def test_text_says_how_many_segments_it_is_billed_as(builder: Builder, world: World) -> None:
    await builder.open(await world.create_campaign(activate=False))
    await builder.begin("Text message")
    text = builder.editor.get_by_role("textbox", name="Text", exact=True)

    await text.fill("x" * 160)
    await expect(builder.editor.get_by_text("billed as 1 segment (")).to_be_visible()
    await text.fill("x" * 161)
    await expect(builder.editor.get_by_text("billed as 2 segments (")).to_be_visible()
    await text.fill("Hail ⛈ " + "x" * 64)

    size = builder.editor.get_by_text("billed as 2 segments (UCS-2)")
    await expect(size).to_contain_text("70 characters")
