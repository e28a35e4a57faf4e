"""Whose a text that comes in is: companies share numbers, and change them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.settings import Settings
from tests.api.conftest import Company
from tests.inbound import (
    OWN_NUMBER,
    flags,
    notifications,
    post_text,
    received,
    some_number,
    suppressed,
    texted,
    use_number,
    write,
)
from tests.world import Json, World

# Whose it is ------------------------------------------------------------------------------------

Everybody = Callable[[], Awaitable[tuple[World, World, Json, Json]]]


@pytest.fixture
async def alone(world: World) -> str:
    """A number that only this company has."""
    number = some_number()
    await use_number(world, number)
    return number


@pytest.fixture
def neighbours(company: Company) -> Everybody:
    """Two companies on one number of theirs, both with the same homeowner."""

    async def meet() -> tuple[World, World, Json, Json]:
        first, second = await company(), await company()
        ours = await first.create_contact()
        return first, second, ours, await second.create_contact(phone=ours["phone"])

    return meet


async def test_opt_out_on_a_shared_number_holds_for_every_company_that_has_the_sender(
    neighbours: Everybody, settings: Settings
) -> None:
    first, second, ours, theirs = await neighbours()
    await texted(first, ours, timedelta(hours=1), OWN_NUMBER)

    await write(first, settings, ours, "STOP")
    assert [(await flags(first, ours))[0], (await flags(second, theirs))[0]] == [True, True]

    await write(first, settings, ours, "START")
    assert [(await flags(first, ours))[0], (await flags(second, theirs))[0]] == [False, False]


async def test_start_on_a_shared_number_is_consent_to_who_texted_last_alone(
    neighbours: Everybody, settings: Settings
) -> None:
    first, second, ours, theirs = await neighbours()
    for world, contact in ((first, ours), (second, theirs)):
        await world.admin.patch(f"/contacts/{contact['id']}", {"sms_consent": False})
    await texted(second, theirs, timedelta(hours=1), OWN_NUMBER)

    await write(first, settings, ours, "START")

    assert await flags(second, theirs) == (False, True)
    assert await flags(first, ours) == (False, False)


async def test_opt_out_does_not_reach_companies_on_other_numbers(
    neighbours: Everybody, settings: Settings
) -> None:
    first, second, ours, theirs = await neighbours()
    await use_number(second, some_number())

    await write(first, settings, ours, "STOP")

    assert not (await flags(second, theirs))[0]


async def test_reply_on_a_shared_number_goes_to_who_texted_last(
    neighbours: Everybody, settings: Settings
) -> None:
    first, second, ours, theirs = await neighbours()
    await texted(first, ours, timedelta(days=2), OWN_NUMBER)
    await texted(second, theirs, timedelta(hours=1), OWN_NUMBER)
    await texted(first, ours, timedelta(minutes=5), some_number())

    await write(first, settings, ours, "Sounds good")

    assert await received(first, ours) == []
    assert [each["body"] for each in await received(second, theirs)] == ["Sounds good"]
    assert await notifications(first) == []


async def test_text_of_one_whom_nobody_texted_goes_to_each_that_has_the_contact(
    neighbours: Everybody, settings: Settings
) -> None:
    first, second, ours, theirs = await neighbours()

    await write(first, settings, ours, "Do you do gutters?")

    assert len(await received(first, ours)) == len(await received(second, theirs)) == 1


async def test_text_goes_to_the_contact_that_was_texted_last_else_to_the_newest(
    world: World, settings: Settings
) -> None:
    older = await world.create_contact()
    newer = await world.create_contact(phone=older["phone"])
    deleted = await world.create_contact(phone=older["phone"])
    await world.admin.delete(f"/contacts/{deleted['id']}")

    await write(world, settings, older, "First")
    await texted(world, older, timedelta(hours=1), OWN_NUMBER)
    await write(world, settings, older, "Second")

    assert [each["body"] for each in await received(world, newer)] == ["First"]
    assert [each["body"] for each in await received(world, older)] == ["Second"]


async def test_unknown_sender_is_opted_out_of_a_number_that_is_one_companys_alone(
    world: World, stranger: World, settings: Settings, alone: str
) -> None:
    phone = some_number()

    answer = await post_text(world.admin.http, settings, From=phone, To=alone, Body="STOP")

    assert answer.status_code == 200
    for company, known in ((world, ["opt_out"]), (stranger, [])):
        assert await suppressed(company, phone) == known


async def test_unknown_sender_on_a_shared_number_changes_nothing(
    world: World, stranger: World, settings: Settings
) -> None:
    phone = some_number()

    await post_text(world.admin.http, settings, From=phone, To=OWN_NUMBER, Body="STOP")

    for company in (world, stranger):
        assert await suppressed(company, phone) == []


async def test_opt_out_outlives_a_deleted_contact(world: World, settings: Settings) -> None:
    contact = await world.create_contact()
    await world.admin.delete(f"/contacts/{contact['id']}")

    await write(world, settings, contact, "STOP")

    assert await suppressed(world, contact["phone"]) == ["opt_out"]


# Senders ----------------------------------------------------------------------------------------


async def test_text_to_the_environments_number_belongs_to_who_has_none_of_its_own(
    world: World, stranger: World, settings: Settings
) -> None:
    default = settings.twilio_phone_number
    assert default
    await use_number(world, None)
    ours = await world.create_contact()
    theirs = await stranger.create_contact(phone=ours["phone"])

    await write(world, settings, ours, "Hello", To=default)

    assert len(await received(world, ours)) == 1
    assert await received(stranger, theirs) == []


async def test_text_to_a_changed_number_is_the_companys_at_once(
    world: World, settings: Settings
) -> None:
    contact, number = await world.create_contact(), some_number()
    await use_number(world, number)

    await write(world, settings, contact, "To the old one")
    await write(world, settings, contact, "To the new one", To=number)

    assert [each["body"] for each in await received(world, contact)] == ["To the new one"]


async def test_opt_out_at_the_number_that_a_company_had_before_is_heard(
    neighbours: Everybody, settings: Settings
) -> None:
    first, second, ours, theirs = await neighbours()
    await texted(second, theirs, timedelta(days=3), OWN_NUMBER)
    await use_number(second, some_number())

    await write(first, settings, ours, "STOP")

    assert (await flags(second, theirs))[0]


async def test_reply_to_a_number_that_nobody_has_any_more_goes_to_who_texted_from_it(
    world: World, settings: Settings
) -> None:
    contact, old = await world.create_contact(), some_number()
    await texted(world, contact, timedelta(days=1), old)

    await write(world, settings, contact, "Yes please", To=old)

    assert [each["body"] for each in await received(world, contact)] == ["Yes please"]
