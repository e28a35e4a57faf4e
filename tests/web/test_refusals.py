"""What goes wrong is said in words, where it went wrong."""

from playwright.async_api import Route, expect

from domain.enums import Role
from tests.web.builder import Builder
from tests.web.person import SignIn
from tests.world import World


async def test_contact_with_an_address_that_is_none_is_refused_at_the_field(
    sign_in: SignIn,
) -> None:
    person = await sign_in(Role.STAFF)
    await person.open("/contacts")
    await person.button("Add contact").first.click()
    dialog = person.dialog("Add a contact")
    await dialog.get_by_role("textbox", name="First name").fill("Ann")
    address = dialog.get_by_role("textbox", name="E-mail")
    await address.fill("nobody")

    await dialog.get_by_role("button", name="Add contact").click()

    await expect(address).to_have_attribute("aria-invalid", "true")
    await expect(address).to_have_accessible_error_message("")
    await address.fill("ann@home.example")
    await dialog.get_by_role("button", name="Add contact").click()
    await expect(person.title("Ann")).to_be_visible()


async def test_step_without_a_subject_is_marked_at_the_subject(
    builder: Builder, world: World
) -> None:
    await builder.open(await world.create_campaign(activate=False))
    await builder.begin("E-mail")
    subject = builder.editor.get_by_role("textbox", name="Subject")

    await builder.editor.get_by_role("button", name="Add step").click()

    await expect(subject).to_have_attribute("aria-invalid", "true")
    await expect(builder.person.told("This cannot be saved yet.")).to_be_visible()
    await builder.write("Hello", "Hi there.")
    await builder.save()
    await expect(builder.card("E-mail", "Hello")).to_be_visible()


async def test_server_that_does_not_answer_is_told_and_asked_again(
    sign_in: SignIn, world: World
) -> None:
    await world.create_contact(first_name="Ann", last_name="Gutter")
    person = await sign_in()
    await person.open("/campaigns")
    await person.page.route("**/api/contacts?*", cut)

    await person.link("Contacts").click()

    says = person.told("The server does not answer. Look whether you are online, and try again.")
    await expect(says).to_be_visible()
    await person.page.unroute("**/api/contacts?*", cut)
    await says.get_by_role("button", name="Try again").click()
    await expect(person.link("Ann Gutter")).to_be_visible()


async def test_change_that_did_not_reach_the_server_is_told_and_not_lost(
    sign_in: SignIn, world: World
) -> None:
    person = await sign_in()
    await person.open("/campaigns/new")
    await person.field("Name").fill("After the storm")
    await person.page.route("**/api/campaigns", cut)

    await person.button("Create and add steps").click()

    await expect(person.told("The server does not answer.")).to_be_visible()
    await expect(person.field("Name")).to_have_value("After the storm")
    await person.page.unroute("**/api/campaigns", cut)
    await person.button("Create and add steps").click()
    await expect(person.title("After the storm")).to_be_visible()


async def cut(route: Route) -> None:
    """As if the line were cut."""
    await route.abort("connectionfailed")


async def test_address_that_leads_nowhere_says_so(sign_in: SignIn) -> None:
    person = await sign_in()

    await person.open("/nowhere/at/all")

    await expect(person.title("There is no such page")).to_be_visible()
    await person.link("Go to the campaigns").click()
    await expect(person.title("Campaigns")).to_be_visible()
