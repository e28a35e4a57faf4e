"""Pausing, resuming and ending one enrollment: by the API and by Temporal's signals."""

from collections.abc import Awaitable, Callable

import pytest
from temporalio.service import RPCError

from services.temporal import ENROLLMENT_STATUS
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, email, path, statuses, tag, walked
from tests.world import EMAIL, Json, World, eventually

Act = Callable[[World, Json, str], Awaitable[None]]


async def by_api(world: World, enrollment: Json, action: str) -> None:
    await world.staff.post(f"{path(enrollment)}/{action}")


async def by_signal(world: World, enrollment: Json, action: str) -> None:
    await world.workflow(enrollment).signal(action)


async def has_status(world: World, enrollment: Json, status: str) -> None:
    """Wait until the row and Temporal both say so."""
    await world.until(enrollment, lambda now: now["status"] == status)

    async def agrees() -> bool:
        found = await world.workflow(enrollment).describe()
        return found.typed_search_attributes.get(ENROLLMENT_STATUS) == status

    await eventually(agrees)


@pytest.fixture(params=[by_api, by_signal])
def act(request: pytest.FixtureRequest) -> Act:
    """Both ways to do it."""
    chosen: Act = request.param
    return chosen


async def test_paused_enrollment_sends_nothing_and_after_its_time_at_once_on_resume(
    world: World, act: Act
) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(after(EMAIL, 1, "days")), contact)

    await act(world, enrollment, "pause")
    await has_status(world, enrollment, "paused")
    await world.pass_time(enrollment, days=3)
    assert statuses(await world.detail(enrollment)) == [("send_email", "pending")]
    assert await world.messages(contact["email"]) == []
    await act(world, enrollment, "resume")

    enrollment = await world.finished(enrollment)
    assert enrollment["status"] == "completed"
    assert len(await world.messages(contact["email"])) == 1


async def test_enrollment_resumed_before_its_time_keeps_it(world: World, act: Act) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(after(EMAIL, 3, "days")), contact)
    due = enrollment["next_step_scheduled_at"]

    await act(world, enrollment, "pause")
    await has_status(world, enrollment, "paused")
    await world.pass_time(enrollment, days=1)
    await act(world, enrollment, "resume")
    await has_status(world, enrollment, "active")

    assert (await world.detail(enrollment))["next_step_scheduled_at"] == due
    await world.pass_time(enrollment, days=1)
    assert await world.messages(contact["email"]) == []
    await world.pass_time(enrollment, days=1, minutes=1)
    await world.finished(enrollment)
    assert len(await world.messages(contact["email"])) == 1


async def test_exit_ends_the_enrollment_and_its_workflow(world: World, act: Act) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(after(EMAIL, 1, "days")), contact)

    await act(world, enrollment, "exit")

    await has_status(world, enrollment, "exited")
    result = await world.workflow(enrollment).result()
    ended = await world.detail(enrollment)
    assert ended["exit_reason"] == result["exit_reason"] == "manual_remove"
    assert ended["exited_at"] is not None
    assert ended["next_step_scheduled_at"] is None
    assert ended["executions"] == []
    assert await world.messages(contact["email"]) == []


async def test_paused_enrollment_can_be_ended(world: World, act: Act) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())

    await act(world, enrollment, "pause")
    await has_status(world, enrollment, "paused")
    await act(world, enrollment, "exit")

    await has_status(world, enrollment, "exited")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("replied", "replied"), ("stage_changed", "stage_changed"), ("boredom", "manual_remove")],
)
async def test_exit_signal_takes_a_reason_and_an_unknown_one_counts_as_by_hand(
    world: World, given: str, kept: str
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())

    await world.workflow(enrollment).signal("exit", given)

    ended = await world.finished(enrollment)
    assert (ended["status"], ended["exit_reason"]) == ("exited", kept)


async def test_signals_that_do_not_fit_change_nothing(world: World) -> None:
    campaign = await world.create_campaign(after(tag("one"), 1, "days"))
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    due = enrollment["next_step_scheduled_at"]

    await by_signal(world, enrollment, "resume")
    await by_signal(world, enrollment, "pause")
    await by_signal(world, enrollment, "pause")
    await by_signal(world, enrollment, "resume")
    await world.pass_time(enrollment, hours=1)

    await has_status(world, enrollment, "active")
    assert (await world.detail(enrollment))["next_step_scheduled_at"] == due
    await world.pass_time(enrollment, days=1)
    await world.finished(enrollment)
    assert await walked(world, contact) == ["one"]


async def test_what_is_over_takes_no_more_signals_and_calls(world: World) -> None:
    campaign = await world.create_campaign(tag("one"))
    enrollment = await world.finished(await world.enroll(campaign, await world.create_contact()))
    await world.workflow(enrollment).result()

    with pytest.raises(RPCError, match="completed"):
        await by_signal(world, enrollment, "pause")
    for action in ("pause", "resume", "exit"):
        answer = await world.staff.request("POST", f"{path(enrollment)}/{action}")
        assert (answer.status_code, answer.json()["code"]) == (409, "enrollment_over")


async def test_pause_that_meets_a_send_returns_when_that_is_over(
    world: World, faults: Faults
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(email("first"), email("second"))
    await faults(resend={"delay_ms": 700})
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: statuses(now)[:1] == [("send_email", "running")])

    await by_api(world, enrollment, "pause")

    sent = [each["subject"] for each in await world.messages(contact["email"])]
    assert sent in ([], ["first"])
    await has_status(world, enrollment, "paused")
    paused = await world.until(enrollment, lambda now: len(now["executions"]) == len(sent) + 1)
    assert paused["emails_sent"] == len(sent)
    assert [each["subject"] for each in await world.messages(contact["email"])] == sent
    await faults(resend={})
    await by_api(world, enrollment, "resume")
    await world.finished(enrollment)
    subjects = [each["subject"] for each in await world.messages(contact["email"])]
    assert subjects == ["first", "second"]


@pytest.mark.parametrize("act", [by_api, by_signal], ids=["by_api", "by_signal"])
async def test_what_is_asked_while_no_worker_runs_holds_when_one_does(
    quiet_world: World, site: Site, act: Act
) -> None:
    contacts = [await quiet_world.create_contact() for _ in range(2)]
    campaign = await quiet_world.create_campaign(EMAIL)
    paused, ended = [await quiet_world.enroll(campaign, contact) for contact in contacts]

    await act(quiet_world, paused, "pause")
    await act(quiet_world, ended, "exit")

    async with site.working():
        await has_status(quiet_world, paused, "paused")
        await has_status(quiet_world, ended, "exited")
        assert [await quiet_world.messages(contact["email"]) for contact in contacts] == [[], []]
        await act(quiet_world, paused, "resume")
        await quiet_world.finished(paused)
    assert len(await quiet_world.messages(contacts[0]["email"])) == 1
