"""Many contacts at once: by a filter, by a file, and acting on all of them."""

import re

from playwright.async_api import FilePayload, expect

from domain.enums import Role
from tests.engine.helpers import after
from tests.web.letters import letters_to
from tests.web.person import SignIn
from tests.world import EMAIL, World


async def test_all_who_fit_a_filter_are_enrolled_after_a_look_at_who_they_are(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    for name in ("Ann", "Bea", "Cal"):
        await world.create_contact(first_name=name, stage="lead")
    without_email = await world.create_contact(first_name="Dan", stage="lead", email=None)
    await world.enroll(campaign, await world.create_contact(first_name="Eve", stage="lead"))
    await world.create_contact(first_name="Fay", stage="won")
    manager = await sign_in(Role.MANAGER)

    await manager.open(f"/campaigns/{campaign['id']}/enrollments")
    await manager.button("Enroll contacts").click()
    await manager.turn_to("By filter")
    await manager.button("Add condition").click()
    await manager.choose("Condition 1: field", "Stage")
    await manager.page.get_by_role("combobox", name="Condition 1: value").fill("lead")
    await manager.button("Show who fits").click()
    forecast = manager.page.get_by_role("list", name="What will happen")
    await expect(forecast).to_contain_text("4 of 5 contacts will be enrolled")
    await expect(forecast).to_contain_text("1 is in it already")
    await expect(forecast).to_contain_text("1 has no e-mail address, so e-mails to them are")
    await manager.button("Enroll 4 contacts").click()

    await expect(manager.page.get_by_text("Completed: 4 of 5 done, 1 not")).to_be_visible()
    await manager.dialog("Enroll contacts").get_by_role("button", name="Close").click()
    await expect(manager.page.get_by_text(re.compile("^1.5 of 5$"))).to_be_visible()
    row = manager.page.get_by_role("row", name=f"Dan Lee {without_email['phone']}")
    await expect(row).to_contain_text("Bulk")


async def test_all_who_are_chosen_are_paused_with_progress_to_the_end(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    ids = [(await world.create_contact(first_name=f"No {at}"))["id"] for at in range(60)]
    await world.admin.post(f"/campaigns/{campaign['id']}/enrollments/bulk", {"contact_ids": ids})
    manager = await sign_in(Role.MANAGER)
    await manager.open(f"/campaigns/{campaign['id']}/enrollments")
    await expect(manager.page.get_by_text(re.compile("^1.50 of 60$"))).to_be_visible()

    await manager.page.get_by_role("checkbox", name="Choose all on this page").check()
    await expect(manager.page.get_by_text("50 chosen")).to_be_visible()
    await manager.button("Choose all 60 that fit").click()
    await expect(manager.page.get_by_text("All 60 chosen")).to_be_visible()
    bar = manager.page.get_by_label("What to do with those who are chosen")
    await bar.get_by_role("button", name="Pause").click()
    await manager.dialog("Pause").get_by_role("button", name="Pause 60").click()

    await expect(manager.page.get_by_text("Completed: 60 of 60 done")).to_be_visible()
    await manager.dialog("Pause").get_by_role("button", name="Close").last.click()
    await manager.choose("Status", "Paused")
    await expect(manager.page.get_by_text(re.compile("^1.50 of 60$"))).to_be_visible()
    path = f"/campaigns/{campaign['id']}/enrollments"
    assert (await world.admin.get(path, status="active"))["total"] == 0


async def test_contacts_of_a_file_are_looked_at_imported_and_enrolled(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(EMAIL)
    known = await world.create_contact(first_name="Old")
    fresh = known["email"].replace("ann", "new")
    lines = (
        "First name,Email,Roof age",
        f"Newt,{fresh},12",
        f"Olaf,{known['email']},7",
        "Bad,x@,1",
    )
    file: FilePayload = {
        "name": "leads.csv",
        "mimeType": "text/csv",
        "buffer": "\n".join(lines).encode(),
    }
    person = await sign_in()

    await person.open(f"/campaigns/{campaign['id']}/enrollments")
    await person.button("Enroll contacts").click()
    await person.turn_to("From a CSV file")
    async with person.page.expect_file_chooser() as chooser:
        await person.page.get_by_role("button", name="CSV file").click()
    await (await chooser.value).set_files(file)
    dialog = person.dialog("Enroll contacts")
    await expect(dialog).to_contain_text(
        "3 rows: 1 new contact, 1 known already, 1 row that cannot be taken."
    )
    await expect(dialog.get_by_role("columnheader", name="Roof age")).to_contain_text(
        "custom field"
    )
    await expect(dialog.get_by_role("cell", name="Newt")).to_be_visible()
    await expect(dialog.get_by_text("Line 4:")).to_be_visible()
    await dialog.get_by_role("button", name="Import and enroll").click()

    await expect(dialog.get_by_text("Completed: 2 of 3 done, 1 not")).to_be_visible()
    [first] = await letters_to(world, fresh)
    assert first["subject"] == "Hello Newt"
    [second] = await letters_to(world, known["email"])
    assert second["subject"] == "Hello Olaf"


async def test_file_of_contacts_is_imported_by_itself_and_says_what_was_left_out(
    sign_in: SignIn, world: World
) -> None:
    lines = "First name,Email,Tags\nNewt,newt@home.example,storm\nBad,x@,storm"
    file: FilePayload = {"name": "leads.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    staff = await sign_in(Role.STAFF)

    await staff.open("/contacts")
    await staff.link("Import a CSV file").first.click()
    async with staff.page.expect_file_chooser() as chooser:
        await staff.page.get_by_role("button", name="CSV file").click()
    await (await chooser.value).set_files(file)
    await staff.button("Import 2 rows").click()

    await expect(staff.page.get_by_text("Completed: 1 of 2 done, 1 not")).to_be_visible()
    left_out = staff.page.get_by_role("row", name="3")
    await expect(left_out).to_contain_text("mail")
    assert await staff.look_for_barriers() == []
    await staff.link("See the contacts").click()
    await expect(staff.page.get_by_role("row", name="Newt")).to_contain_text("storm")


async def test_contact_is_found_by_name_among_the_enrollments(
    sign_in: SignIn, world: World
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    for name in ("Ann", "Bea"):
        await world.enroll(campaign, await world.create_contact(first_name=name))
    staff = await sign_in(Role.STAFF)
    await staff.open(f"/campaigns/{campaign['id']}/enrollments")
    await expect(staff.link("Ann Lee")).to_be_visible()

    await staff.page.get_by_role("searchbox", name="Search").fill("bea")

    await expect(staff.link("Ann Lee")).to_be_hidden()
    await expect(staff.link("Bea Lee")).to_be_visible()
    await staff.page.reload()
    await expect(staff.link("Bea Lee")).to_be_visible()
    await expect(staff.link("Ann Lee")).to_be_hidden()
