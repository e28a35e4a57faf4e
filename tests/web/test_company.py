"""What an admin sets up once: keys, saved messages, templates of the company's own."""

from playwright.async_api import expect

from tests.web.builder import Builder
from tests.web.letters import letters_to
from tests.web.person import SignIn
from tests.world import EMAIL, Caller, World


async def test_key_that_admin_makes_is_shown_once_and_works_until_it_is_revoked(
    sign_in: SignIn, world: World
) -> None:
    admin = await sign_in()
    await admin.open("/settings/api-keys")
    await admin.button("New API key").click()
    await admin.dialog("New API key").get_by_role("textbox", name="Name").fill("CRM")
    await admin.button("Make the key").click()
    shown = admin.dialog("Keep this key now")
    key = await shown.get_by_role("textbox", name="API key").input_value()
    assert await admin.look_for_barriers() == []
    await shown.get_by_role("button", name="I have kept it").click()
    await expect(admin.page.get_by_role("row", name="CRM")).to_contain_text("Staff")
    crm = Caller(world.admin.http, key)
    assert (await crm.get("/contacts"))["total"] == 0

    await admin.button("Revoke CRM").click()
    await admin.dialog("Revoke CRM?").get_by_role("button", name="Revoke").click()

    await expect(admin.told("The key is revoked.")).to_be_visible()
    await expect(admin.page.get_by_role("row", name="CRM")).to_be_hidden()
    assert (await crm.request("GET", "/contacts")).status_code == 401


async def test_saved_message_that_a_step_uses_goes_out_as_it_was_last_written(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    await person.open("/settings/message-templates")
    await person.button("New template").first.click()
    await page.get_by_role("menuitem", name="E-mail").click()
    form = page.get_by_role("form", name="Message template")
    await form.get_by_role("textbox", name="Name").fill("Thanks")
    await form.get_by_role("textbox", name="Subject").fill("Thank you, {{ first_name }}")
    await form.get_by_role("textbox", name="Content").fill("It was good to meet you.")
    await form.get_by_role("button", name="Make the template").click()
    await expect(person.told("The template is saved.")).to_be_visible()

    campaign = await world.create_campaign(activate=False)
    await builder.open(campaign)
    await builder.begin("E-mail")
    await person.choose("Message template", "Thanks")
    await builder.save()
    await expect(builder.card("E-mail", "From a message template")).to_be_visible()
    await world.activate(campaign)
    contact = await world.create_contact()
    await world.enroll(campaign, contact)

    [letter] = await letters_to(world, contact["email"])
    assert letter["subject"] == "Thank you, Ann"
    assert "It was good to meet you." in letter["html"]


async def test_campaign_that_is_saved_as_a_template_is_in_the_gallery(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(EMAIL)
    admin = await sign_in()
    await admin.open(f"/campaigns/{campaign['id']}/builder")
    await admin.button("More actions").click()
    await admin.page.get_by_role("menuitem", name="Save as a template").click()
    dialog = admin.dialog("Save as a template")
    await dialog.get_by_role("textbox", name="Name").fill("After a storm")
    await dialog.get_by_role("button", name="Save template").click()
    await expect(admin.told("The template is saved.")).to_be_visible()

    await admin.link("Templates").click()

    categories = admin.page.get_by_role("radiogroup", name="Category")
    await categories.get_by_text("Follow-up", exact=True).click()
    await expect(admin.link("New Lead Welcome Series")).to_be_hidden()
    await admin.link("After a storm").click()
    await expect(admin.page.get_by_role("main")).to_contain_text("Hello")
    await expect(admin.button("Use this template")).to_be_visible()


async def test_campaign_that_is_archived_ends_for_all_who_are_in_it(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign({**EMAIL, "delay_value": 3})
    enrollment = await world.enroll(campaign, await world.create_contact())
    admin = await sign_in()
    await admin.open(f"/campaigns/{campaign['id']}/builder")
    await admin.button("More actions").click()
    await admin.page.get_by_role("menuitem", name="Archive").click()

    question = admin.dialog("Archive Storm follow-up?")
    await question.get_by_role("button", name="Archive").click()

    await expect(admin.page.get_by_text("Archived", exact=True)).to_be_visible()
    await expect(admin.button("Activate")).to_be_hidden()
    ended = await world.finished(enrollment)
    assert ended["exit_reason"] == "campaign_archived"
