"""A deployment moves the work to new workers; what sleeps goes on there, and nothing stands still."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest

from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, tag
from tests.world import EMAIL, Json, World, eventually


@pytest.fixture
async def deployment(site: Site) -> AsyncIterator[str]:
    """The name of a deployment, whose server has unversioned workers again afterwards."""
    name = f"campaigns-{uuid4().hex[:8]}"
    yield name
    await site.temporal.workflow_service.set_worker_deployment_current_version(
        SetWorkerDeploymentCurrentVersionRequest(
            namespace=site.temporal.namespace,
            deployment_name=name,
            build_id="",
            ignore_missing_task_queues=True,
            allow_no_pollers=True,
        )
    )


def version(deployment: str, build_id: str) -> dict[str, Any]:
    """The settings of a worker of that version, which takes over as it starts."""
    return {
        "temporal_deployment_name": deployment,
        "temporal_worker_build_id": build_id,
        "temporal_worker_becomes_current": True,
    }


async def asleep(world: World) -> Json:
    """An enrollment that has done its first step and sleeps for three days before its second."""
    contact = await world.create_contact()
    campaign = await world.create_campaign(tag("first"), after(EMAIL, 3, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)
    return enrollment


async def build_of(world: World, enrollment: Json) -> str:
    """The build id of the worker that had the workflow last; empty for an unversioned one."""
    info = (await world.workflow(enrollment).describe()).raw_description.workflow_execution_info
    return info.versioning_info.deployment_version.build_id


async def goes_on(world: World, enrollment: Json) -> None:
    """Let it come to its end."""
    await world.pass_time(enrollment, days=3, minutes=1)
    assert (await world.finished(enrollment))["status"] == "completed"


async def comes_to(world: World, build_id: str) -> None:
    """Wait until whoever is enrolled comes to that version: all queues hear of a change a moment later."""

    async def came_there() -> bool:
        return await build_of(world, await asleep(world)) == build_id

    await eventually(came_there)


async def test_sleeping_enrollment_goes_on_with_the_version_that_has_become_current(
    site: Site, quiet_world: World, deployment: str
) -> None:
    async with site.working(**version(deployment, "old")):
        enrollment = await asleep(quiet_world)
        assert await build_of(quiet_world, enrollment) == "old"
        async with site.working(**version(deployment, "new")):
            await comes_to(quiet_world, "new")

    async with site.working(**version(deployment, "new")):
        await goes_on(quiet_world, enrollment)

    assert await build_of(quiet_world, enrollment) == "new"


async def test_work_goes_back_to_the_version_before(
    site: Site, quiet_world: World, deployment: str
) -> None:
    async with site.working(**version(deployment, "old")):
        await comes_to(quiet_world, "old")
    async with site.working(**version(deployment, "new")):
        enrollment = await asleep(quiet_world)

    async with site.working(**version(deployment, "old")):
        await goes_on(quiet_world, enrollment)

    assert await build_of(quiet_world, enrollment) == "old"


async def test_version_that_is_not_current_gets_no_work(
    site: Site, quiet_world: World, deployment: str
) -> None:
    async with site.working(**version(deployment, "old")):
        standby = {**version(deployment, "new"), "temporal_worker_becomes_current": False}
        async with site.working(**standby):
            for _ in range(3):
                assert await build_of(quiet_world, await asleep(quiet_world)) == "old"


async def test_enrollment_of_an_unversioned_worker_goes_on_with_a_version(
    site: Site, quiet_world: World, deployment: str
) -> None:
    async with site.working():
        enrollment = await asleep(quiet_world)
        assert await build_of(quiet_world, enrollment) == ""

    async with site.working(**version(deployment, "first")):
        await goes_on(quiet_world, enrollment)

    assert await build_of(quiet_world, enrollment) == "first"


async def test_retry_that_waits_for_its_provider_is_made_by_the_new_version(
    site: Site, quiet_world: World, deployment: str, faults: Faults
) -> None:
    await faults(resend={"mode": "refuse_429", "count": 1, "retry_after": 8})
    contact = await quiet_world.create_contact()
    async with site.working(**version(deployment, "old")):
        enrollment = await quiet_world.enroll(await quiet_world.create_campaign(EMAIL), contact)
        await quiet_world.until(
            enrollment, lambda now: "429" in (now["executions"][0]["error_message"] or "")
        )

    async with site.working(**version(deployment, "new")):
        assert (await quiet_world.finished(enrollment))["status"] == "completed"

    assert len(await quiet_world.messages(contact["email"])) == 1
    assert await build_of(quiet_world, enrollment) == "new"


async def test_send_under_way_is_finished_by_the_worker_that_leaves(
    site: Site, quiet_world: World, faults: Faults
) -> None:
    await faults(resend={"delay_ms": 1000})
    contact = await quiet_world.create_contact()
    async with site.working():
        enrollment = await quiet_world.enroll(await quiet_world.create_campaign(EMAIL), contact)
        await quiet_world.until(enrollment, lambda now: now["executions"][0]["status"] == "running")
        assert await quiet_world.messages(contact["email"]) == []

    (message,) = await quiet_world.messages(contact["email"])
    assert message["repeat"] == 0
    assert (await quiet_world.detail(enrollment))["status"] == "completed"
