"""Sales managers and what runs by itself: stage triggers, a pause in one click, business hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from domain.enums import Role
from tests.engine.helpers import after
from tests.web.letters import enrollment_of, letters_to
from tests.web.person import SignIn
from tests.world import EMAIL, World

DENVER = ZoneInfo("America/Denver")
BECOMES = "When a contact’s stage becomes estimate sent"  # noqa: RUF001 — as the page has it


async def test_contact_whose_stage_changes_is_enrolled_by_the_trigger_that_admin_made(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter", stage="new")
    campaign = await world.create_campaign(EMAIL, name="After the estimate", activate=False)
    admin = await sign_in()
    await admin.open(f"/campaigns/{campaign['id']}/settings")
    await admin.button("Add trigger").click()
    dialog = admin.dialog("Add a trigger")
    await dialog.get_by_role("combobox", name="To", exact=True).fill("estimate sent")
    await dialog.get_by_role("button", name="Add trigger").click()
    await expect(admin.page.get_by_text(BECOMES)).to_be_visible()
    await admin.button("Activate").click()
    await expect(admin.told("Active: contacts can be enrolled")).to_be_visible()

    manager = await sign_in(Role.MANAGER)
    await manager.open(f"/contacts/{contact['id']}")
    await manager.button("Edit").click()
    stage = manager.dialog("Edit Ann Gutter").get_by_role("combobox", name="Stage")
    await stage.fill("estimate sent")
    await manager.dialog("Edit Ann Gutter").get_by_role("button", name="Save").click()

    [letter] = await letters_to(world, contact["email"])
    assert letter["subject"] == "Hello Ann"
    await manager.link("Campaigns").click()
    await manager.link("After the estimate").click()
    await expect(manager.page.get_by_text(BECOMES)).to_be_visible()
    await manager.turn_to("Enrollments")
    row = manager.page.get_by_role("row", name="Ann Gutter")
    await expect(row).to_contain_text("Trigger")


async def test_campaign_that_manager_pauses_sends_nothing_until_it_is_resumed(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    manager = await sign_in(Role.MANAGER)
    await manager.open(f"/campaigns/{campaign['id']}")

    await manager.button("Pause").click()

    await expect(manager.told("Paused: nothing goes out any more")).to_be_visible()
    await world.pass_time(enrollment, days=2)
    await world.until(enrollment, lambda now: "campaign is paused" in (now["why"] or ""))
    assert await world.messages(contact["email"]) == []
    await manager.open("/campaigns")
    row = manager.page.get_by_role("row", name="Storm follow-up")
    await expect(row).to_contain_text("Paused")
    await manager.link("Storm follow-up").click()
    await manager.button("Resume").click()
    await expect(manager.told("Resumed. What came due meanwhile goes out now")).to_be_visible()
    [letter] = await letters_to(world, contact["email"])
    assert letter["subject"] == "Hello Ann"


async def test_step_outside_business_hours_waits_and_the_page_says_until_when(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    campaign = await world.create_campaign(
        EMAIL, respect_business_hours=True, business_hours=tomorrow_only(), activate=False
    )
    await world.activate(campaign)
    staff = await sign_in(Role.STAFF)
    await staff.open(f"/campaigns/{campaign['id']}/enrollments")
    await staff.button("Enroll contacts").click()
    await staff.page.get_by_role("combobox", name="Contact", exact=True).fill("Gutter")
    await staff.page.get_by_role("option", name="Ann Gutter").click()
    await staff.button("Enroll").click()
    await staff.link("See the enrollment").click()

    opens = datetime.fromisoformat(
        (await enrollment_of(world, contact))["next_step_scheduled_at"]
    ).astimezone(DENVER)
    next_step = staff.page.get_by_role("alert").filter(has_text="Next: E-mail")
    opening = f"Waits for its window, which opens {opens:%a %d %b %Y %H:%M %Z}"
    await expect(next_step).to_contain_text(opening)
    assert opens.hour == 9
    assert await world.messages(contact["email"]) == []


def tomorrow_only() -> dict[str, object]:
    """Business hours that do not begin before another day, whichever time the test runs at."""
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    today = datetime.now(DENVER).weekday()
    return {"start": 9, "end": 17, "days": [days[(today + 2) % 7]], "timezone": "America/Denver"}
