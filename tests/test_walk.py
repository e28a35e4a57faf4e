"""Every step type, end to end, on the real servers."""

from tests.world import EMAIL, World


async def test_email_step_without_delay_reaches_the_homeowner(world: World):
    campaign = await world.create_campaign(EMAIL)
    contact = await world.create_contact()

    enrollment = await world.finished(await world.enroll(campaign, contact))

    assert enrollment["status"] == "completed"
    (message,) = await world.messages(contact["email"])
    assert message["subject"] == "Hello Ann"


async def test_email_step_three_days_later_reaches_the_homeowner_then(world: World):
    campaign = await world.create_campaign({**EMAIL, "delay_value": 3, "delay_unit": "days"})
    contact = await world.create_contact()

    enrollment = await world.enroll(campaign, contact)
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, days=3, minutes=1)

    enrollment = await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1
