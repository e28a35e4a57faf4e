"""Do not contact: both opt-outs at once, with all that each of them does."""

from tests.api.client import problem
from tests.inbound import suppressed
from tests.world import EMAIL, TEXT, Json, World

LATER = {"delay_value": 3, "delay_unit": "weeks"}


async def tell(world: World, contact: Json) -> Json:
    answer: Json = await world.staff.post(f"/contacts/{contact['id']}/do-not-contact")
    told: Json = answer["contact"]
    return told


async def consents(world: World, contact: Json) -> list[Json]:
    answer = await world.staff.get(f"/contacts/{contact['id']}/consents")
    found: list[Json] = answer["consents"]
    return [each for each in found if each["action"] == "opted_out"]


async def test_contact_is_opted_out_of_both_channels_by_whoever_said_so(world: World) -> None:
    contact = await world.create_contact()

    told = await tell(world, contact)

    assert (told["email_opt_out"], told["sms_opt_out"]) == (True, True)
    assert told == (await world.staff.get(f"/contacts/{contact['id']}"))["contact"]
    me = (await world.staff.get("/me"))["user"]["id"]
    records = await consents(world, contact)
    assert sorted(each["channel"] for each in records) == ["email", "sms"]
    assert {(each["source"], each["recorded_by"]) for each in records} == {("do_not_contact", me)}


async def test_campaigns_that_write_end_and_others_go_on(world: World) -> None:
    contact = await world.create_contact()
    mails, texts, waits = [
        await world.enroll(await world.create_campaign({**step, **LATER}), contact)
        for step in (EMAIL, TEXT, {"step_type": "wait"})
    ]

    await tell(world, contact)

    for enrollment in (mails, texts):
        ended = await world.detail(enrollment)
        assert (ended["status"], ended["exit_reason"]) == ("exited", "unsubscribed")
    assert (await world.detail(waits))["status"] == "active"


async def test_it_holds_for_whoever_shares_an_address_and_outlives_the_contact(
    world: World,
) -> None:
    ann = await world.create_contact()
    phone_mate = await world.create_contact(phone=ann["phone"])
    mail_mate = await world.create_contact(email=ann["email"])

    await tell(world, ann)

    flags = {}
    for person in (phone_mate, mail_mate):
        seen = (await world.staff.get(f"/contacts/{person['id']}"))["contact"]
        flags[person["id"]] = (seen["email_opt_out"], seen["sms_opt_out"])
    assert flags == {phone_mate["id"]: (False, True), mail_mate["id"]: (True, False)}
    assert await suppressed(world, ann["phone"]) == ["opt_out"]
    assert await suppressed(world, ann["email"]) == ["opt_out"]


async def test_contact_that_had_opted_out_already_is_recorded_anew(world: World) -> None:
    contact = await world.create_contact(email_opt_out=True)

    told = await tell(world, contact)

    assert (told["email_opt_out"], told["sms_opt_out"]) == (True, True)
    said = [(each["channel"], each["source"]) for each in await consents(world, contact)]
    assert sorted(said) == [
        ("email", "do_not_contact"),
        ("email", "user"),
        ("sms", "do_not_contact"),
    ]


async def test_contact_without_addresses_is_opted_out(world: World) -> None:
    told = await tell(world, await world.create_contact(email=None, phone=None))

    assert (told["email_opt_out"], told["sms_opt_out"]) == (True, True)


async def test_contact_that_is_deleted_or_of_others_is_not_found(
    world: World, stranger: World
) -> None:
    contact = await world.create_contact()
    path = f"/contacts/{contact['id']}/do-not-contact"
    problem(await stranger.staff.request("POST", path), 404, "not_found")

    await world.admin.delete(f"/contacts/{contact['id']}")

    problem(await world.staff.request("POST", path), 404, "not_found")
