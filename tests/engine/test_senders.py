"""Messages come from the company's own address and number, else from the installation's."""

import pytest

from tests.engine.helpers import run_through
from tests.world import EMAIL, TEXT, World, noon_zone


@pytest.mark.parametrize(
    ("number", "address", "texts_from", "mails_from"),
    [
        (None, None, "+13035550100", "hello@roofing.example"),
        ("+17205550142", "rob@peak.example", "+17205550142", "rob@peak.example"),
    ],
    ids=["environment's", "own"],
)
async def test_messages_come_from_the_senders_of_the_settings_as_they_are_now(
    world: World, number: str | None, address: str | None, texts_from: str, mails_from: str
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await run_through(world, TEXT, EMAIL, contact=contact)

    await world.admin.patch("/settings", {"sms_number": number, "from_email": address})
    await run_through(world, TEXT, EMAIL, contact=contact)

    assert [each["from"] for each in await world.messages(contact["phone"])] == [
        "+13035550199",
        texts_from,
    ]
    assert [each["from"] for each in await world.messages(contact["email"])] == [
        "Ridge Roofing <hello@ridge.example>",
        f"Ridge Roofing <{mails_from}>",
    ]
