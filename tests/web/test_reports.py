"""What the analytics pages show: the same numbers as the API's, and what they are about."""

import csv
from pathlib import Path

from playwright.async_api import Locator, expect

from domain.enums import Role
from tests.web.letters import letters_to
from tests.web.person import SignIn
from tests.world import Json, World

LINK = {
    "step_type": "send_email",
    "step_config": {
        "subject": "Hello",
        "html": '<p><a href="https://calendar.example/a">Book</a></p>',
    },
}


TESTED = {
    "step_type": "send_email",
    "step_config": {
        "html": "<p>Hi</p>",
        "subject": "Hello",
        "variants": [{"name": "A", "weight": 1}, {"name": "B", "weight": 1, "subject": "Hail!"}],
    },
}


def section(where: Locator, title: str) -> Locator:
    """A part of a report."""
    return where.locator("section").filter(has=where.page.get_by_role("heading", name=title))


async def test_admin_sees_the_open_and_click_rates_that_the_api_tells(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(LINK, goal_type="engagement", goal_target=4)
    contacts = [await world.create_contact() for _ in range(4)]
    for contact in contacts:
        await world.finished(await world.enroll(campaign, contact))
    await world.read_later()
    for reader in contacts[:3]:
        [letter] = await world.messages(reader["email"])
        await world.homeowner.open(letter)
    [letter] = await world.messages(contacts[0]["email"])
    await world.homeowner.click(letter)
    email = (await analytics(world, campaign))["email"]
    assert (email["sent"], email["opened"], email["clicked"]) == (4, 3, 1)

    person = await sign_in()
    await person.open("/campaigns")
    await person.link("Storm follow-up").click()
    await person.turn_to("Analytics")

    card = section(person.page.get_by_role("main"), "E-mail")
    await expect(card).to_contain_text(f"Sent{email['sent']}")
    await expect(card).to_contain_text(f"Opened{email['opened']} · {email['open_rate']:.0%}")
    await expect(card).to_contain_text(f"Clicked{email['clicked']} · {email['click_rate']:.0%}")


async def analytics(world: World, campaign: Json) -> Json:
    """The report of a campaign, of all time."""
    answer = await world.admin.get(f"/campaigns/{campaign['id']}/analytics")
    report: Json = answer["analytics"]
    return report


async def test_goal_that_admin_sets_shows_how_near_its_target_is(
    sign_in: SignIn, world: World
) -> None:
    later = {"step_type": "wait", "delay_value": 5, "delay_unit": "days"}
    campaign = await world.create_campaign(LINK, later)
    winner, other = [await world.create_contact() for _ in range(2)]
    person = await sign_in()
    await person.open(f"/campaigns/{campaign['id']}/settings")
    await person.choose("Goal", "Deals won")
    await person.field("Target").fill("4")
    await person.button("Save settings").click()
    await expect(person.told("The settings are saved.")).to_be_visible()

    enrollment = await world.enroll(campaign, winner)
    await world.enroll(campaign, other)
    await letters_to(world, winner["email"])
    await win_deal(world, winner, "18400.00")
    await world.finished(enrollment)
    await person.turn_to("Analytics")

    goal = person.page.get_by_role("group", name="Goal rate")
    await expect(goal).to_contain_text("50%")
    await expect(goal).to_contain_text("1 reached: Deals won")
    await expect(goal).to_contain_text("25% of the target of 4")
    await expect(person.page.get_by_role("group", name="Revenue")).to_contain_text("$18,400.00")


async def win_deal(world: World, contact: Json, amount: str) -> None:
    """A deal with the contact is won."""
    deal = {"event_name": "deal_won", "properties": {"amount": amount}}
    await world.admin.post("/events", {"contact_id": contact["id"], **deal})


async def test_manager_sees_which_campaign_earns_most(sign_in: SignIn, world: World) -> None:
    for name, amount in (("Spring check", "2500.00"), ("Hail season", "7500.00")):
        campaign = await world.create_campaign(LINK, name=name)
        contact = await world.create_contact()
        await world.enroll(campaign, contact)
        await letters_to(world, contact["email"])
        await win_deal(world, contact, amount)
    await world.create_campaign(LINK, name="Quiet one")
    person = await sign_in(Role.MANAGER)

    await person.open("/campaigns")
    await person.link("Analytics").click()

    ranking = person.page.get_by_role("table", name="Campaigns by revenue")
    rows = ranking.get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("Hail season")
    await expect(rows.nth(1)).to_contain_text("$7,500.00")
    await expect(rows.nth(1)).to_contain_text("75% of all")
    await expect(rows.nth(2)).to_contain_text("Spring check")
    await expect(rows.nth(2)).to_contain_text("$2,500.00")
    await expect(rows.nth(2)).to_contain_text("25% of all")
    says = "“Hail season” brought in the most: $7,500.00, 75% of all."
    await expect(person.page.get_by_text(says)).to_be_visible()
    await expect(person.link("Quiet one")).to_be_hidden()
    await person.link("Hail season").click()
    await expect(person.title("Hail season")).to_be_visible()
    await expect(person.page.get_by_role("group", name="Revenue")).to_contain_text("$7,500.00")


async def test_report_of_days_without_anything_says_so(sign_in: SignIn, world: World) -> None:
    campaign = await world.create_campaign(LINK)
    await world.finished(await world.enroll(campaign, await world.create_contact()))
    person = await sign_in()

    await person.open(f"/campaigns/{campaign['id']}/analytics?from=2024-01-01&to=2024-01-31")

    await expect(person.page.get_by_text("No enrollments in this time")).to_be_visible()
    times = person.page.get_by_role("radiogroup", name="Time")
    await times.get_by_text("All time", exact=True).click()
    enrolled = person.page.get_by_role("group", name="Total enrolled")
    await expect(enrolled).to_contain_text("1")


async def test_funnel_versions_and_file_have_the_numbers_that_the_api_tells(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(
        TESTED, {"step_type": "wait", "delay_value": 5, "delay_unit": "days"}
    )
    people = [await world.enroll(campaign, await world.create_contact()) for _ in range(5)]
    for enrollment in people:
        await world.until(enrollment, lambda now: len(now["executions"]) == 2)
    report = await analytics(world, campaign)
    person = await sign_in()

    await person.open(f"/campaigns/{campaign['id']}/analytics")

    main = person.page.get_by_role("main")
    versions = main.get_by_role("table", name="Versions of").get_by_role("row")
    for at, version in enumerate(report["variants"], 1):
        await expect(versions.nth(at)).to_contain_text(f"{version['name']}{version['sent']}")
    assert sum(row["sent"] for row in report["variants"]) == 5
    funnel = section(main, "By step").get_by_role("listitem")
    for at, step in enumerate(report["funnel"]):
        await expect(funnel.nth(at)).to_contain_text(f"{step['entered']} entered")
    async with person.page.expect_download() as download:
        await main.get_by_role("link", name="CSV of By step").click()
    rows = rows_of(await (await download.value).path())
    assert [row["entered"] for row in rows] == [str(step["entered"]) for step in report["funnel"]]


def rows_of(file: Path) -> list[dict[str, str]]:
    """What is in a CSV file."""
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
