"""What ends enrollments from outside: their campaign, their contact, an operator in Temporal."""

from collections.abc import Awaitable, Callable

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import CancelledError

from services.reconcile import Reconciler
from services.settings import Settings
from services.temporal import Dispatcher
from tests.engine.conftest import Faults
from tests.engine.helpers import after, email, path, statuses
from tests.world import EMAIL, Json, World, eventually


async def archive(world: World, enrollment: Json) -> None:
    await world.manager.patch(f"/campaigns/{enrollment['campaign_id']}", {"status": "archived"})


async def delete_campaign(world: World, enrollment: Json) -> None:
    await world.admin.delete(f"/campaigns/{enrollment['campaign_id']}")


async def delete_contact(world: World, enrollment: Json) -> None:
    await world.staff.delete(f"/contacts/{enrollment['contact_id']}")


ENDS = pytest.mark.parametrize(
    ("end", "reason"),
    [
        (archive, "campaign_archived"),
        (delete_campaign, "campaign_archived"),
        (delete_contact, "contact_deleted"),
    ],
)
End = Callable[[World, Json], Awaitable[None]]


@ENDS
async def test_waiting_and_paused_enrollments_end_with_their_workflows(
    world: World, end: End, reason: str
) -> None:
    contact = await world.create_contact()
    waiting, paused = [
        await world.enroll(await world.create_campaign(after(EMAIL, 1, "days")), contact)
        for _ in range(2)
    ]
    await world.staff.post(f"{path(paused)}/pause")

    for enrollment in (waiting, paused) if end is not delete_contact else (waiting,):
        await end(world, enrollment)

    for enrollment in (waiting, paused):
        await world.workflow(enrollment).result()
        ended = await world.detail(enrollment)
        assert (ended["status"], ended["exit_reason"]) == ("exited", reason)
        assert ended["exited_at"] is not None
        assert ended["executions"] == []
    assert await world.messages(contact["email"]) == []


@ENDS
async def test_no_second_message_follows_an_end_amid_the_first(
    world: World, faults: Faults, end: End, reason: str
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(email("first"), email("second"))
    await faults(resend={"delay_ms": 500})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: statuses(now) == [("send_email", "running")])

    await end(world, enrollment)
    await world.workflow(enrollment).result()

    ended = await world.until(enrollment, lambda now: statuses(now)[0][1] != "running")
    assert ended["exit_reason"] == reason
    sent = [each["subject"] for each in await world.messages(contact["email"])]
    assert sent == ["first"] * ended["emails_sent"]
    assert statuses(ended) == [("send_email", "completed" if sent else "skipped")]


async def test_archived_campaign_keeps_what_was_reached(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["emails_sent"] == 1)

    await archive(world, enrollment)

    ended = await world.finished(enrollment)
    assert statuses(ended) == [("send_email", "completed")]
    assert ended["emails_sent"] == 1


async def test_cancellation_in_temporal_ends_the_row(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(after(EMAIL, 1, "days")), contact)

    await world.workflow(enrollment).cancel()

    with pytest.raises(WorkflowFailureError) as failure:
        await world.workflow(enrollment).result()
    assert isinstance(failure.value.cause, CancelledError)
    ended = await world.detail(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "manual_remove")


async def test_cancellation_amid_a_send_records_it_and_ends_the_row(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    await faults(resend={"delay_ms": 500})
    enrollment = await world.enroll(await world.create_campaign(EMAIL, email("second")), contact)
    await world.until(enrollment, lambda now: statuses(now) == [("send_email", "running")])

    await world.workflow(enrollment).cancel()

    ended = await world.finished(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", "manual_remove")
    ended = await world.until(enrollment, lambda now: statuses(now)[0][1] != "running")
    if statuses(ended) != [("send_email", "unknown")]:
        assert len(await world.messages(contact["email"])) == ended["emails_sent"]
    assert len(ended["executions"]) == 1


async def test_termination_in_temporal_ends_the_row_at_the_next_reconciliation(
    world: World, settings: Settings
) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(after(EMAIL, 1, "days")), contact)
    reconciler = Reconciler(
        world.database, world.temporal, Dispatcher(world.temporal, world.database), settings.rates
    )

    await world.workflow(enrollment).terminate("a test")

    async def is_over() -> bool:
        await reconciler.run()
        return await has_ended(world, enrollment)

    await eventually(is_over)
    ended = await world.detail(enrollment)
    assert ended["exit_reason"] == "manual_remove"
    assert ended["executions"] == []
    assert await world.messages(contact["email"]) == []


async def test_schedule_of_the_reconciler_runs_it(world: World) -> None:
    schedule = world.temporal.get_schedule_handle("reconcile")
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    await world.workflow(enrollment).terminate("a test")

    async def is_over() -> bool:
        await schedule.trigger()
        return await has_ended(world, enrollment)

    await eventually(is_over)


async def has_ended(world: World, enrollment: Json) -> bool:
    status: str = (await world.detail(enrollment))["status"]
    return status == "exited"
