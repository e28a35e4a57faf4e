"""A walk through a campaign that shows all its days at once."""

from playwright.async_api import expect

from domain.enums import Role
from tests.engine.helpers import after, email
from tests.web.builder import Builder
from tests.web.person import SignIn
from tests.world import EMAIL, World


async def test_test_run_shows_each_day_with_its_content_and_sends_nothing(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    campaign = await world.create_campaign(EMAIL, after(email("Second"), 3, "days"), activate=False)
    await builder.open(campaign)

    await person.button("Test run").click()
    run = page.get_by_role("dialog", name="Test run of Storm follow-up")
    await run.get_by_role("textbox", name="First name").fill("Zoe")
    await run.get_by_role("textbox", name="E-mail").fill("zoe@home.example")
    await run.get_by_role("button", name="Run", exact=True).click()

    first = run.get_by_role("region", name="Day 1", exact=True)
    await expect(first).to_contain_text("E-mail: Hello Zoe")
    await expect(run.get_by_role("region", name="Day 4", exact=True)).to_contain_text("Second")
    await expect(run.get_by_role("region", name="How it ends")).to_contain_text(
        "Finished all steps"
    )
    await first.get_by_role("button", name="Show the e-mail").click()
    content = first.frame_locator("iframe").get_by_text("Hi Zoe")
    await expect(content).to_be_visible()
    assert await world.messages("zoe@home.example") == []


async def test_test_run_of_a_branch_goes_the_way_that_is_assumed(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    campaign = await world.create_campaign(EMAIL, activate=False)
    condition = {"field": "enrollment.emails_opened", "operator": "equals", "value": 1}
    branch = await world.add_step(
        campaign, step_type="conditional", conditions=condition, delay_value=1, delay_unit="days"
    )
    for side, subject in (("true", "You have read it"), ("false", "Did you see it?")):
        inside = {"parent_step_id": branch["id"], "branch": side}
        await world.add_step(campaign, **email(subject), **inside)
    await builder.open(campaign)
    await person.button("Test run").click()
    run = page.get_by_role("dialog", name="Test run of Storm follow-up")

    await run.get_by_role("button", name="Run", exact=True).click()
    await expect(run.get_by_text("Went the no way", exact=True)).to_be_visible()
    days = run.get_by_role("region", name="Day 2", exact=True)
    await expect(days).to_contain_text("E-mail: Did you see it?")
    await run.get_by_role("button", name="What happens on the way").click()
    await run.get_by_text("Opens it", exact=True).first.click()
    await expect(run.get_by_role("checkbox", name="Opens it").first).to_be_checked()
    await run.get_by_role("button", name="Run", exact=True).click()

    await expect(run.get_by_text("Went the yes way", exact=True)).to_be_visible()
    await expect(days).to_contain_text("E-mail: You have read it")


async def test_admin_who_sends_a_test_run_gets_it_marked_as_a_test(
    builder: Builder, world: World
) -> None:
    person, page = builder.person, builder.person.page
    campaign = await world.create_campaign(EMAIL, activate=False)
    await builder.open(campaign)
    await person.button("Test run").click()
    run = page.get_by_role("dialog", name="Test run of Storm follow-up")
    await run.get_by_role("button", name="Run", exact=True).click()
    address = run.get_by_role("textbox", name="See it in your own inbox")
    mine = await address.input_value()

    await run.get_by_role("button", name="Send it all to me").click()

    await expect(run.get_by_role("row", name="Hello").first).to_be_visible()
    [message] = await world.messages(mine)
    assert message["subject"].startswith("[Test]")


async def test_staff_run_a_test_but_send_none(sign_in: SignIn, world: World) -> None:
    person = await sign_in(Role.STAFF)
    campaign = await world.create_campaign(EMAIL, activate=False)
    await person.open(f"/campaigns/{campaign['id']}/builder")
    await person.button("Test run").click()
    run = person.page.get_by_role("dialog", name="Test run of Storm follow-up")

    await run.get_by_role("button", name="Run", exact=True).click()

    await expect(run.get_by_text("E-mail: Hello Maria")).to_be_visible()
    await expect(run.get_by_role("button", name="Send it all to me")).to_be_hidden()
