"""Homeowners write, and staff answer them, or never again."""

from playwright.async_api import expect

from domain.enums import Role
from tests.web.letters import letters_to
from tests.web.person import SignIn
from tests.world import EMAIL, TEXT, World, noon_zone


async def test_reply_that_nobody_has_read_comes_first_and_staff_answer_it(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(TEXT)
    ann, bea = [
        await world.create_contact(first_name=name, last_name="Gutter", timezone=noon_zone())
        for name in ("Ann", "Bea")
    ]
    for contact in (ann, bea):
        await world.enroll(campaign, contact)
        [text] = await letters_to(world, contact["phone"])
        if contact is ann:
            await world.homeowner.reply(text, "Can you come on Tuesday?")
    staff = await sign_in(Role.STAFF)

    await staff.open("/tasks")
    await expect(staff.page.get_by_label("1 unread", exact=True)).to_be_visible()
    await staff.page.get_by_role("link", name="Conversations").click()
    items = staff.page.get_by_role("main").get_by_role("listitem")
    await expect(items.first).to_contain_text("Ann Gutter")
    await expect(items.first).to_contain_text("Can you come on Tuesday?")
    await expect(items.first.get_by_label("1 unread message")).to_be_visible()
    await expect(items.nth(1)).to_contain_text("Bea Gutter")
    await items.first.get_by_role("link").click()

    thread = staff.page.get_by_role("region", name="Messages with Ann Gutter")
    await expect(thread.get_by_role("article", name="From the contact")).to_contain_text("Tuesday")
    await expect(staff.page.get_by_label("1 unread", exact=True)).to_be_hidden()
    await staff.field("Message").fill("Yes, at nine.")
    await staff.button("Send").click()
    ours = thread.get_by_role("article", name="From us")
    await expect(ours.last).to_contain_text("Yes, at nine.")
    await expect(ours.last).to_contain_text("Sam Staff")
    answers = await letters_to(world, ann["phone"], 2)
    assert answers[-1]["body"] == "Yes, at nine."


async def test_contact_who_is_not_to_be_contacted_gets_nothing_more_at_once(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    campaign = await world.create_campaign(EMAIL, {**EMAIL, "delay_value": 3, "delay_unit": "days"})
    enrollment = await world.enroll(campaign, contact)
    [letter] = await letters_to(world, contact["email"])
    await world.homeowner.reply(letter, "Leave me alone, would you.")
    staff = await sign_in(Role.STAFF)
    await staff.open("/conversations")
    await staff.page.get_by_role("main").get_by_role("link", name="Ann Gutter").click()

    await staff.button("Do not contact").click()
    question = staff.dialog("Never contact Ann Gutter again?")
    await question.get_by_role("button", name="Do not contact").click()

    await expect(staff.told("Ann Gutter gets nothing more.")).to_be_visible()
    main = staff.page.get_by_role("main")
    await expect(main.get_by_text("Do not contact", exact=True)).to_be_visible()
    await expect(staff.button("Do not contact")).to_be_hidden()
    await expect(staff.field("Message")).to_be_disabled()
    await expect(main.get_by_role("status")).to_contain_text("Ann Gutter has opted out of")
    assert (await world.finished(enrollment))["status"] == "exited"
    now = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert (now["email_opt_out"], now["sms_opt_out"]) == (True, True)
