"""A company that has much to send does not keep the others waiting."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from services.turns import Lane, turn
from tests.engine import shapes
from tests.engine.by_hand import LETTER, write
from tests.engine.conftest import Site
from tests.engine.helpers import at
from tests.engine.jobs import csv_of, handle, imported
from tests.world import EMAIL, Json, World, eventually

BLAST = 40
FIRST = 5
RATE = 20
"""E-mails a second, of all companies together."""

HANGING, SLOTS = 40, 20
"""Webhooks, and how many e-mails a worker sends at a time."""

LIMITED, LIMIT = 18, 6
"""So many e-mails take three seconds, of each company."""


@pytest.fixture
async def neighbour(site: Site, quiet_world: World) -> World:
    """Another company of the same installation."""
    return await site.create_world(quiet_world.sandbox)


async def blast(world: World, count: int = BLAST) -> list[Json]:
    """Contacts who are all due in the moment in which they are enrolled."""
    campaign = await world.create_campaign(EMAIL)
    contacts = [await world.create_contact() for _ in range(count)]
    await asyncio.gather(*(world.enroll(campaign, contact) for contact in contacts))
    return contacts


async def times(world: World, contacts: Sequence[Json]) -> list[datetime]:
    """When each was reached, when all have been."""
    found: list[Json] = []

    async def all_came() -> bool:
        found[:] = [each for contact in contacts for each in await world.messages(contact["email"])]
        return len(found) == len(contacts)

    await eventually(all_came)
    return [at(message["at"]) for message in found]


async def came(world: World) -> list[str]:
    """The addresses of the latest 200 messages, oldest first."""
    answer = await world.sandbox.get("/messages", params={"limit": 200})
    return [message["to"] for message in reversed(answer.json()["messages"])]


async def under_way(world: World, contacts: Sequence[Json]) -> None:
    """Wait until the first of them have their messages."""
    addresses = {contact["email"] for contact in contacts}

    async def some_came() -> bool:
        return len(addresses.intersection(await came(world))) >= FIRST

    await eventually(some_came)


async def came_before(world: World, contact: Json, others: Sequence[Json]) -> int:
    """How many of the others were reached before the contact, when all have been."""
    addresses = {each["email"] for each in [contact, *others]}
    order: list[str] = []

    async def all_came() -> bool:
        order[:] = [address for address in await came(world) if address in addresses]
        return len(order) == len(addresses)

    await eventually(all_came)
    return order.index(contact["email"])


def hook(url: str) -> Json:
    """A webhook."""
    return {"step_type": "webhook", "step_config": {"url": url}}


async def has_called(world: World, name: str) -> bool:
    """Whether a webhook has been called so often that other queues' workers would have no slot left."""
    return len(await world.messages(name)) > SLOTS


async def test_blast_delays_neither_another_company_nor_what_a_person_writes(
    site: Site, quiet_world: World, neighbour: World
) -> None:
    crowd = await blast(quiet_world)
    (newcomer,) = await blast(neighbour, 1)
    customer = await quiet_world.create_contact()
    await write(quiet_world, customer, LETTER)

    async with site.working(resend_rate_per_second=RATE):
        assert await came_before(neighbour, newcomer, crowd) < BLAST / 4
        assert await came_before(quiet_world, customer, crowd) < BLAST / 4


async def test_mail_of_another_company_goes_out_in_the_middle_of_a_blast(
    site: Site, quiet_world: World, neighbour: World
) -> None:
    crowd = await blast(quiet_world)
    campaign = await neighbour.create_campaign(EMAIL)
    newcomer = await neighbour.create_contact()

    async with site.working(resend_rate_per_second=RATE / 4):
        await under_way(quiet_world, crowd)
        await neighbour.enroll(campaign, newcomer)

        assert await came_before(neighbour, newcomer, crowd) < BLAST


async def test_webhook_does_not_wait_for_those_of_another_company_that_hang(
    site: Site, quiet_world: World, neighbour: World, sandbox_url: str
) -> None:
    crowd = await quiet_world.create_campaign(hook(f"{sandbox_url}/hook/hanging?seconds=8"))
    contacts = [await quiet_world.create_contact() for _ in range(HANGING)]
    await asyncio.gather(*(quiet_world.enroll(crowd, contact) for contact in contacts))
    newcomer = await neighbour.create_contact()
    campaign = await neighbour.create_campaign(hook(f"{sandbox_url}/hook/{newcomer['id']}"))

    async with site.working():
        await eventually(lambda: has_called(quiet_world, "hanging"))
        enrollment = await neighbour.enroll(campaign, newcomer)
        await neighbour.finished(enrollment)

        path = f"/campaigns/{crowd['id']}/enrollments"
        assert (await quiet_world.admin.get(path, status="active"))["total"] > SLOTS


async def test_limit_holds_for_each_company_by_itself(
    site: Site, quiet_world: World, neighbour: World
) -> None:
    crowd = await blast(quiet_world, LIMITED)
    others = await blast(neighbour, LIMITED)

    async with site.working(resend_rate_per_second=1000, resend_rate_per_company=LIMIT):
        for world, contacts in ((quiet_world, crowd), (neighbour, others)):
            sent = await times(world, contacts)
            assert max(sent) - min(sent) > timedelta(seconds=LIMITED / LIMIT / 2)
    async with site.working():
        pass  # Temporal remembers a limit until a worker without one has started.


async def test_walk_that_continues_as_new_keeps_its_turn(world: World) -> None:
    enrollment = await shapes.continued_as_new(world)

    info = (await world.workflow(enrollment).describe()).raw_description.workflow_execution_info
    assert info.first_run_id != info.execution.run_id
    assert info.priority.fairness_key == turn(world.tenant_id, Lane.ENROLLMENTS).fairness_key


async def test_job_has_a_turn_of_its_own(world: World) -> None:
    job = await imported(world, csv_of({"email": "ann@home.example"}))

    info = (await handle(world, job).describe()).raw_description.workflow_execution_info
    assert info.priority.fairness_key == turn(world.tenant_id, Lane.JOBS).fairness_key
