"""Office staff enroll contacts by hand, and see where they are."""

from playwright.async_api import expect

from domain.enums import Role
from tests.engine.helpers import after, email
from tests.web.conftest import TEMPORAL_UI
from tests.web.letters import enrollment_of, letters_to
from tests.web.person import SignIn
from tests.world import EMAIL, World


async def test_contact_that_staff_enroll_shows_where_it_is_and_why(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter", stage="lead")
    campaign = await world.create_campaign(EMAIL, activate=False)
    condition = {"field": "contact.stage", "operator": "equals", "value": "lead"}
    await world.add_step(campaign, step_type="conditional", conditions=condition)
    await world.add_step(campaign, **after(email("Second"), 3, "days"))
    await world.activate(campaign)
    staff = await sign_in(Role.STAFF)

    await staff.open("/contacts")
    await staff.link("Ann Gutter").click()
    await staff.button("Enroll in a campaign").click()
    await staff.choose("Campaign", "Storm follow-up")
    await staff.button("Continue").click()
    await staff.button("Enroll").click()
    await letters_to(world, contact["email"])
    enrollment = await enrollment_of(world, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 2)
    await staff.link("See the enrollment").click()

    await expect(staff.page.get_by_role("heading", name="Ann Gutter", level=2)).to_be_visible()
    next_step = staff.page.get_by_role("alert").filter(has_text="Next: E-mail: Second")
    await expect(next_step).to_contain_text("in 3 days")
    timeline = staff.page.get_by_role("list", name="Timeline")
    visits = timeline.get_by_role("listitem")
    await expect(visits.nth(0)).to_contain_text("E-mail: Hello [First name]")
    await expect(visits.nth(0)).to_contain_text("Done")
    await expect(visits.nth(1)).to_contain_text("Went the yes way")
    await expect(visits.nth(1)).to_contain_text("Stage")
    await expect(visits.nth(2)).to_contain_text("E-mail: Second")
    await expect(visits.nth(2)).to_contain_text("Waiting")
    await expect(staff.page.get_by_text("By hand, by Sam Staff")).to_be_visible()
    workflow = f"{TEMPORAL_UI}/namespaces/default/workflows/enrollment-{enrollment['id']}"
    await expect(staff.link("Open in Temporal")).to_have_attribute("href", workflow)
    await visits.nth(0).get_by_role("button", name="Show what was sent").click()
    await expect(visits.nth(0).frame_locator("iframe").get_by_text("Hi Ann")).to_be_visible()


async def test_contact_that_is_in_the_campaign_already_is_refused_in_words(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    await world.enroll(campaign, contact)
    staff = await sign_in(Role.STAFF)

    await staff.open(f"/campaigns/{campaign['id']}/enrollments")
    await staff.button("Enroll contacts").click()
    await staff.page.get_by_role("combobox", name="Contact", exact=True).fill("Gutter")
    await staff.page.get_by_role("option", name="Ann Gutter").click()
    await staff.button("Enroll").click()

    await expect(staff.told("Ann Gutter is in this campaign already.")).to_be_visible()


async def test_enrollment_that_staff_pause_and_resume_and_end_says_so(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    enrollment = await world.enroll(campaign, contact)
    staff = await sign_in(Role.STAFF)
    await staff.open(f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}")
    main = staff.page.get_by_role("main")

    await main.get_by_role("button", name="Pause").click()
    await staff.dialog("Pause Ann Gutter?").get_by_role("button", name="Pause").click()
    await expect(main.get_by_text("Paused", exact=True)).to_be_visible()
    await main.get_by_role("button", name="Resume").click()
    await staff.dialog("Resume Ann Gutter?").get_by_role("button", name="Resume").click()
    await expect(main.get_by_role("button", name="Pause")).to_be_visible()
    await main.get_by_role("button", name="Take out").click()
    question = staff.dialog("Take Ann Gutter out of the campaign?")
    await question.get_by_role("button", name="Take out").click()

    await expect(main.get_by_text("Exited", exact=True)).to_be_visible()
    await expect(main.get_by_role("alert").filter(has_text="Removed by hand")).to_be_visible()
    assert (await world.finished(enrollment))["exit_reason"] == "manual_remove"
