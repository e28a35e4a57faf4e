"""Temporal is killed and comes back; one outage serves all tests."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from api.app import create_app
from tests.faults.stack import Stack
from tests.world import EMAIL, Caller, Json, World

LATER = {**EMAIL, "delay_value": 3, "delay_unit": "days"}
A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Outage:
    """Enrollments with what befell them, and their contacts."""

    world: World
    sleeping: tuple[Json, Json]
    enrolled: tuple[Json, Json]
    enrolled_at_new_api: tuple[Json, Json]
    removed: Json
    back_at: float


@pytest.fixture(scope="module")
async def outage(stack: Stack) -> AsyncIterator[Outage]:
    world = await stack.create_world()
    contacts = [await world.create_contact() for _ in range(4)]
    at_once = await world.create_campaign(EMAIL)
    later = await world.create_campaign(LATER)
    async with stack.worker():
        sleeping = await world.enroll(later, contacts[0])
        removed = await world.enroll(later, contacts[1])
        await stack.temporal_server.kill()
        enrolled = await world.enroll(at_once, contacts[2])
        enrolled_at_new_api = await _enroll_at_new_api(stack, world, at_once, contacts[3])
        path = f"/campaigns/{later['id']}/enrollments/{removed['id']}/exit"
        await world.staff.post(path)
        await stack.temporal_server.start()
        yield Outage(
            world,
            (sleeping, contacts[0]),
            (enrolled, contacts[2]),
            (enrolled_at_new_api, contacts[3]),
            removed,
            time.monotonic(),
        )


async def _enroll_at_new_api(stack: Stack, world: World, campaign: Json, contact: Json) -> Json:
    """By an API that has never seen Temporal."""
    app = create_app(stack.settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://campaigns.test") as client,
    ):
        answer = await Caller(client, world.admin.key).post(
            f"/campaigns/{campaign['id']}/enrollments", {"contact_id": contact["id"]}
        )
        enrollment: Json = answer["enrollment"]
        return enrollment


async def test_contact_enrolled_without_temporal_is_started_within_a_minute_of_its_return(
    outage: Outage,
) -> None:
    for enrollment, contact in (outage.enrolled, outage.enrolled_at_new_api):
        left = A_MINUTE - (time.monotonic() - outage.back_at)
        over = await outage.world.until(enrollment, lambda now: now["status"] != "active", left)
        assert over["status"] == "completed"
        assert len(await outage.world.messages(contact["email"])) == 1


async def test_enrollment_removed_without_temporal_ends_its_workflow_after_its_return(
    outage: Outage,
) -> None:
    result = await outage.world.workflow(outage.removed).result()

    assert result["exit_reason"] == "manual_remove"


async def test_sleeper_wakes_after_temporal_was_killed(outage: Outage) -> None:
    enrollment, contact = outage.sleeping

    await outage.world.pass_time(enrollment, days=3, minutes=1)

    assert (await outage.world.finished(enrollment))["status"] == "completed"
    assert len(await outage.world.messages(contact["email"])) == 1
