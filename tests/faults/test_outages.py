"""A server that everybody needs goes away in the middle of work, and comes back."""

from collections.abc import AsyncIterator

import pytest

from tests.faults.crash import FOLLOW_UP
from tests.faults.stack import Stack
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone


@pytest.fixture(scope="module", autouse=True)
async def worker(stack: Stack) -> AsyncIterator[None]:
    async with stack.worker():
        yield


async def enroll_three_each(world: World) -> tuple[list[Json], list[Json]]:
    """Three contacts, each in a campaign that mails and in one that texts."""
    campaigns = [await world.create_campaign(step, FOLLOW_UP) for step in (EMAIL, TEXT)]
    contacts = [await world.create_contact(timezone=noon_zone()) for _ in range(3)]
    enrollments = [
        await world.enroll(campaign, contact) for contact in contacts for campaign in campaigns
    ]
    return contacts, enrollments


async def received(world: World, contacts: list[Json]) -> list[int]:
    """How many e-mails and texts each has got."""
    addresses = [contact[channel] for contact in contacts for channel in ("email", "phone")]
    return [len(await world.messages(address)) for address in addresses]


async def test_provider_that_was_unreachable_gets_each_message_once(
    stack: Stack, world: World
) -> None:
    await stack.to_providers.refuse()
    contacts, enrollments = await enroll_three_each(world)
    for enrollment in enrollments:
        await stack.until_row(enrollment, attempts=2)
    assert await received(world, contacts) == [0] * 6

    await stack.to_providers.open()

    for enrollment in enrollments:
        over = await world.finished(enrollment)
        assert [each["status"] for each in over["executions"]] == ["completed"] * 2
    assert await received(world, contacts) == [1] * 6


async def test_database_that_is_killed_while_answers_are_due_causes_no_second_message(
    stack: Stack, world: World
) -> None:
    stack.to_providers.down.clear()
    contacts, enrollments = await enroll_three_each(world)

    async def all_have_arrived() -> bool:
        return await received(world, contacts) == [1] * 6

    await eventually(all_have_arrived)
    await stack.postgres.kill()
    stack.to_providers.flow()
    await stack.postgres.start()

    for enrollment in enrollments:
        over = await world.finished(enrollment)
        assert [each["status"] for each in over["executions"]] == ["completed"] * 2
        assert (await stack.row_of(enrollment))["attempts"] > 1
    assert await received(world, contacts) == [1] * 6
