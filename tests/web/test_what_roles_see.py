"""What a role may not do it does not see, and the API refuses it all the same."""

from playwright.async_api import expect

from domain.enums import Role
from tests.engine.helpers import after
from tests.web.builder import Builder
from tests.web.person import SignIn
from tests.world import EMAIL, World, create_world


async def test_manager_reads_a_campaign_and_cannot_build_it(sign_in: SignIn, world: World) -> None:
    campaign = await world.create_campaign(EMAIL)
    [step] = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    manager = await sign_in(Role.MANAGER)
    builder = Builder(manager)
    await builder.open(campaign)

    await builder.card("E-mail").click()

    await expect(manager.dialog("E-mail")).to_contain_text("As soon as they are enrolled.")
    await expect(manager.dialog("E-mail").get_by_role("button", name="Save")).to_be_hidden()
    await manager.dialog("E-mail").get_by_role("button", name="Close").click()
    for name in ("Undo", "Redo", "New campaign"):
        await expect(manager.button(name)).to_be_hidden()
    await expect(manager.page.get_by_role("button", name="Add a step")).to_have_count(0)
    await expect(manager.page.get_by_role("button", name="Menu of")).to_have_count(0)
    await manager.button("More actions").click()
    await expect(manager.page.get_by_role("menuitem")).to_have_text(["Archive"])
    await manager.turn_to("Settings")
    await expect(manager.field("Name")).to_be_disabled()
    await expect(manager.button("Save settings")).to_be_hidden()
    await expect(manager.button("Add trigger")).to_be_hidden()
    path = f"/campaigns/{campaign['id']}"
    assert await manager.ask("PATCH", f"{path}/steps/{step['id']}", {"delay_value": 9}) == 403
    assert await manager.ask("POST", f"{path}/steps", EMAIL) == 403
    assert await manager.ask("PATCH", path, {"name": "Mine"}) == 403
    assert await manager.ask("DELETE", path) == 403


async def test_staff_act_on_one_contact_and_not_on_many(sign_in: SignIn, world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    contact = await world.create_contact(first_name="Ann", last_name="Gutter")
    enrollment = await world.enroll(campaign, contact)
    staff = await sign_in(Role.STAFF)

    await staff.open(f"/campaigns/{campaign['id']}/enrollments")

    await expect(staff.page.get_by_role("row", name="Ann Gutter")).to_be_visible()
    await expect(staff.page.get_by_role("checkbox")).to_have_count(0)
    for name in ("Pause", "Activate", "More actions"):
        await expect(staff.button(name)).to_be_hidden()
    await staff.button("Actions for Ann Gutter").click()
    await expect(staff.page.get_by_role("menuitem", name="Pause")).to_be_visible()
    path = f"/campaigns/{campaign['id']}"
    pause = {"action": "pause", "enrollment_ids": [enrollment["id"]]}
    assert await staff.ask("POST", f"{path}/enrollments/actions", pause) == 403
    assert await staff.ask("PATCH", path, {"status": "paused"}) == 403


async def test_staff_see_the_settings_of_the_company_and_change_none(
    sign_in: SignIn, world: World
) -> None:
    staff = await sign_in(Role.STAFF)

    await staff.open("/settings")

    await expect(staff.page.get_by_text("Only an admin changes these.")).to_be_visible()
    await expect(staff.field("Company name")).to_be_disabled()
    await expect(staff.button("Save settings")).to_be_hidden()
    await staff.open("/settings/users")
    await expect(staff.page.get_by_role("row", name="Sam Staff")).to_be_visible()
    await expect(staff.button("Invite a user")).to_be_hidden()
    assert await staff.ask("PATCH", "/settings", {"name": "Mine"}) == 403
    user = {"email": "me@ridge.example", "name": "Me", "role": "admin"}
    assert await staff.ask("POST", "/users", user) == 403


async def test_campaign_of_another_company_is_not_found_in_words(
    sign_in: SignIn, world: World
) -> None:
    other = await create_world(world.admin.http, world.temporal, world.sandbox, world.database)
    campaign = await other.create_campaign(EMAIL, name="A secret of theirs")
    person = await sign_in()

    await person.open(f"/campaigns/{campaign['id']}/builder")

    await expect(person.page.get_by_role("alert")).to_contain_text("There is no such campaign.")
    await expect(person.page.get_by_text("A secret of theirs")).to_be_hidden()
    await person.open("/campaigns")
    await expect(person.page.get_by_text("No campaigns yet")).to_be_visible()
