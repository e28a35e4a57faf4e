"""Who comes in, by which door, and how somebody leaves."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from domain.enums import Role
from tests.web.conftest import NAMES, create_user
from tests.web.letters import letters_to
from tests.web.person import Person, SignIn
from tests.world import World

PASSWORD, NEW = "a long password", "another long password"


async def email_of(world: World, role: Role) -> str:
    """Somebody who has a password; the e-mail address."""
    email: str = (await create_user(world, role, password=PASSWORD))["email"]
    return email


async def come_in(person: Person, email: str, password: str) -> None:
    """Fill the form of the sign-in, and send it."""
    await person.field("E-mail").fill(email)
    await person.page.get_by_label(re.compile("^Password")).fill(password)
    await person.button("Sign in").click()


async def link_mailed_to(world: World, email: str) -> str:
    """The address of the page that a mail to choose a password by leads to, without the server."""

    [mail] = await letters_to(world, email)
    found = re.search(r"/set-password\?token=[\w.-]+", mail["html"] or mail["text"])
    assert found, mail
    return found[0]


@pytest.mark.parametrize("role", list(Role))
async def test_user_of_each_role_signs_in_and_sees_who_they_are(
    visitor: SignIn, world: World, role: Role
) -> None:
    person = await visitor()
    email = await email_of(world, role)

    await person.open("/contacts")
    await come_in(person, email, PASSWORD)

    await expect(person.title("Contacts")).to_be_visible()
    account = person.page.get_by_role("button", name=NAMES[role])
    await expect(account).to_contain_text(f"Ridge Roofing · {role.title()}")


async def test_wrong_password_is_refused_in_words_and_the_right_one_goes(
    visitor: SignIn, world: World
) -> None:
    person = await visitor()
    email = await email_of(world, Role.STAFF)
    await person.open("/sign-in")

    await come_in(person, email, "not the password")

    await expect(person.told("password")).to_be_visible()
    await come_in(person, email, PASSWORD)
    await expect(person.title("Campaigns")).to_be_visible()


async def test_sign_in_leads_to_no_other_site(visitor: SignIn, world: World) -> None:
    person = await visitor()
    email = await email_of(world, Role.STAFF)
    await person.open("/sign-in?next=https://elsewhere.example/")

    await come_in(person, email, PASSWORD)

    await expect(person.title("Campaigns")).to_be_visible()
    await expect(person.page).to_have_url(f"{person.url}/campaigns")


async def test_user_who_signs_out_is_out_also_with_the_back_button(
    sign_in: SignIn,
) -> None:
    person = await sign_in(Role.STAFF)
    await person.open("/contacts")
    await person.page.get_by_role("button", name=NAMES[Role.STAFF]).click()

    await person.page.get_by_role("menuitem", name="Sign out").click()

    await expect(person.title("Sign in")).to_be_visible()
    await person.page.go_back()
    await expect(person.title("Sign in")).to_be_visible()
    assert await person.ask("GET", "/me") == 401


async def test_forgotten_password_is_chosen_anew_by_the_link_in_the_mail_once(
    visitor: SignIn, world: World
) -> None:
    person = await visitor()
    email = await email_of(world, Role.MANAGER)
    await person.open("/sign-in")
    await person.link("Forgot your password?").click()
    await expect(person.title("Choose a new password")).to_be_visible()
    await person.field("E-mail").fill(email)
    await person.button("Send the link").click()
    await expect(person.page.get_by_role("status")).to_contain_text(f"If {email} has an account")
    link = await link_mailed_to(world, email)

    await person.open(link)
    await person.page.get_by_label(re.compile("^New password")).fill(NEW)
    await person.button("Save, and sign in").click()

    await expect(person.title("Campaigns")).to_be_visible()
    somebody_else = await visitor()
    await somebody_else.open(link)
    await somebody_else.page.get_by_label(re.compile("^New password")).fill(NEW)
    await somebody_else.button("Save, and sign in").click()
    await expect(somebody_else.title("This link is not valid any more")).to_be_visible()
    await somebody_else.open("/sign-in")
    await come_in(somebody_else, email, NEW)
    await expect(somebody_else.title("Campaigns")).to_be_visible()


async def test_password_that_is_too_short_is_refused_at_its_field(
    visitor: SignIn, world: World
) -> None:
    person = await visitor()
    email = await email_of(world, Role.STAFF)
    await world.admin.request("POST", "/auth/password-resets", json={"email": email})
    await person.open(await link_mailed_to(world, email))

    await person.page.get_by_label(re.compile("^New password")).fill("short")
    await person.button("Save, and sign in").click()

    field = person.page.get_by_label(re.compile("^New password"))
    assert "12 characters" in await field.evaluate("field => field.validationMessage")
    await field.fill(NEW)
    await person.button("Save, and sign in").click()
    await expect(person.title("Campaigns")).to_be_visible()


async def test_user_who_is_invited_chooses_a_password_and_is_in(
    sign_in: SignIn, visitor: SignIn, world: World
) -> None:
    admin = await sign_in()
    email = f"nina.{uuid4().hex[:10]}@ridge.example"
    await admin.open("/settings/users")
    await admin.button("Invite a user").click()
    invitation = admin.dialog("Invite a user")
    await invitation.get_by_role("textbox", name="Name").fill("Nina New")
    await invitation.get_by_role("textbox", name="E-mail").fill(email)
    await invitation.get_by_role("radio", name="Manager").check()
    await admin.button("Send the invitation").click()
    await expect(admin.told(f"An invitation is on its way to {email}")).to_be_visible()
    await expect(admin.page.get_by_role("row", name="Nina New")).to_contain_text("Manager")

    nina = await visitor()
    await nina.open(await link_mailed_to(world, email))
    await nina.page.get_by_label(re.compile("^New password")).fill(NEW)
    await nina.button("Save, and sign in").click()

    account = nina.page.get_by_role("button", name="Nina New")
    await expect(account).to_contain_text("Ridge Roofing · Manager")
