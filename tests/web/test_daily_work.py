"""Tasks and notifications: what campaigns leave to people, and how people are done with it."""

from playwright.async_api import expect

from domain.enums import Role
from tests.web.person import SignIn
from tests.world import World

CALL = {
    "step_type": "create_task",
    "step_config": {"title": "Call {{ contact_name }}", "task_type": "call", "priority": "high"},
}
TELL = {
    "step_type": "notify",
    "step_config": {
        "role": "staff",
        "title": "{{ contact_name }} is ready for a call",
        "message": "The storm follow-up has reached the call.",
    },
}


async def test_task_of_a_campaign_is_taken_over_and_checked_off(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    await world.finished(await world.enroll(await world.create_campaign(CALL), contact))
    staff = await sign_in(Role.STAFF)
    await staff.open("/tasks")
    await expect(staff.page.get_by_text("Nothing to do")).to_be_visible()
    await staff.button("Show everybody's").click()
    row = staff.page.get_by_role("row", name="Call Ann Gutter")
    await expect(row).to_contain_text("Call · High priority")
    await expect(row.get_by_role("link", name="Ann Gutter")).to_be_visible()

    await staff.button("Actions for Call Ann Gutter").click()
    await staff.page.get_by_role("menuitem", name="Assign to me").click()
    await expect(row).to_contain_text("Sam Staff")
    await staff.page.get_by_text("Mine", exact=True).click()
    await row.get_by_role("checkbox", name="Done: Call Ann Gutter").check()

    await expect(staff.told("“Call Ann Gutter” is done.")).to_be_visible()
    await expect(staff.page.get_by_text("Nothing to do")).to_be_visible()
    await staff.page.get_by_text("Done", exact=True).click()
    await expect(row).to_contain_text("just now")
    [task] = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert task["status"] == "completed"


async def test_task_that_is_made_by_hand_is_due_by_the_clock_of_the_company(
    sign_in: SignIn, world: World
) -> None:
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    staff = await sign_in(Role.STAFF)
    await staff.open("/tasks")
    await staff.button("New task").click()
    dialog = staff.dialog("New task")
    await dialog.get_by_role("textbox", name="What is to be done").fill("Look at the gutters")
    await dialog.get_by_role("combobox", name="Contact").fill("Gutter")
    await staff.page.get_by_role("option", name="Ann Gutter").click()
    await dialog.get_by_label("Due, Denver time").fill("2031-07-01T09:30")

    await dialog.get_by_role("button", name="Add task").click()

    row = staff.page.get_by_role("row", name="Look at the gutters")
    await expect(row).to_contain_text("Jul 1, 2031, 9:30 AM MDT")
    await expect(row).to_contain_text("Sam Staff")
    [task] = (await world.admin.get("/tasks", contact_id=contact["id"]))["tasks"]
    assert task["due_at"].startswith("2031-07-01T15:30:00")


async def test_notification_of_a_campaign_is_counted_until_it_is_read(
    sign_in: SignIn, world: World
) -> None:
    staff = await sign_in(Role.STAFF)
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    await world.finished(await world.enroll(await world.create_campaign(TELL), contact))
    await staff.open("/contacts")

    await staff.link("1 unread notification").click()

    item = staff.page.get_by_role("main").get_by_role("listitem")
    await expect(item).to_contain_text("Ann Gutter is ready for a call")
    await expect(item).to_contain_text("The storm follow-up has reached the call.")
    await expect(item.get_by_role("link", name="Storm follow-up")).to_be_visible()
    assert await staff.look_for_barriers() == []
    await item.get_by_role("button", name="Mark as read").click()
    await expect(staff.page.get_by_text("You have read everything")).to_be_visible()
    await expect(staff.link("Notifications")).to_be_visible()
    await staff.button("Show all").click()
    await item.get_by_role("link", name="Ann Gutter").click()
    await expect(staff.title("Ann Gutter")).to_be_visible()
