"""`world.homeowner`: what is done about the sandbox's messages reaches the API of the tests."""

from dev.sandbox.product import Answer
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone


async def received(world: World, address: str) -> Json:
    """The first message to this address or number."""

    async def has_come() -> bool:
        return bool(await world.messages(address))

    await eventually(has_come)
    return (await world.messages(address))[0]


async def test_homeowner_unsubscribes_and_is_unsubscribed(world: World) -> None:
    contact = await world.create_contact()
    await world.enroll(await world.create_campaign(EMAIL), contact)
    email = await received(world, contact["email"])

    answer = await world.homeowner.unsubscribe(email)

    assert answer == Answer(200)
    now = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert now["email_opt_out"]


async def test_homeowner_whose_mailbox_bounces_is_written_to_no_more(world: World) -> None:
    contact = await world.create_contact()
    await world.enroll(await world.create_campaign(EMAIL), contact)
    email = await received(world, contact["email"])

    assert (await world.homeowner.deliver(email)).status == 204
    assert (await world.homeowner.bounce(email)).status == 204

    second = await world.enroll(await world.create_campaign(EMAIL, EMAIL), contact)
    [execution, _] = (await world.finished(second))["executions"]
    assert execution["status"] == "skipped"


async def test_homeowner_opens_and_clicks_where_the_link_leads(world: World) -> None:
    html = '<p><a href="https://calendar.example/a?b=1&amp;c=2">Book</a></p>'
    step = {"step_type": "send_email", "step_config": {"subject": "Hello", "html": html}}
    contact = await world.create_contact()
    await world.enroll(await world.create_campaign(step), contact)
    email = await received(world, contact["email"])

    assert (await world.homeowner.open(email)).status == 200
    clicked = await world.homeowner.click(email)
    scanned = await world.homeowner.click(email, 0, user_agent="Barracuda/1.0")

    assert clicked == scanned == Answer(302, "https://calendar.example/a?b=1&c=2")


async def test_homeowner_answers_a_text_and_is_heard(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await world.enroll(await world.create_campaign(TEXT), contact)
    text = await received(world, contact["phone"])

    assert (await world.homeowner.reply(text, "Yes, please")).status == 200

    messages = (await world.admin.get(f"/contacts/{contact['id']}/messages"))["messages"]
    assert [each["body"] for each in messages if each["direction"] == "inbound"] == ["Yes, please"]


async def test_homeowner_answers_an_email_whose_text_the_provider_keeps(world: World) -> None:
    contact = await world.create_contact()
    await world.enroll(await world.create_campaign(EMAIL), contact)
    email = await received(world, contact["email"])

    assert (await world.homeowner.reply(email, "Yes, please")).status == 204

    answer = (await world.messages("hello@ridge.example"))[-1]
    path, key = f"/resend/emails/receiving/{answer['id']}", {"Authorization": "Bearer re_test"}
    assert (await world.sandbox.get(path, headers=key)).json()["text"] == "Yes, please"
