"""Pausing, resuming, ending and moving many enrollments at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, update

from db.session import engine
from db.tables import Execution
from domain.enums import ExecutionStatus, ExitReason
from services.bulk_actions import BulkChange
from services.temporal import ENROLLMENT_STATUS
from tests.engine.conftest import Site
from tests.engine.helpers import after, at, email, path, statuses, tag, walked
from tests.engine.jobs import Crash, acted, bulk_job, finished_job, outcome, portion
from tests.world import EMAIL, Json, World, eventually

EVERYONE: Json = {"all": []}
SOON = timedelta(seconds=30)
"""What a test may take."""


async def enroll(world: World, campaign: Json, count: int) -> list[Json]:
    """So many enrollments, in their order, each come to its first step."""
    enrollments = [await world.enroll(campaign, await world.create_contact()) for _ in range(count)]
    return [await world.until(each, lambda found: bool(statuses(found))) for each in enrollments]


def ids(enrollments: list[Json]) -> list[str]:
    return [each["id"] for each in enrollments]


async def now(world: World, enrollments: list[Json], field: str = "status") -> list[Any]:
    """What the enrollments say by now."""
    return [(await world.detail(each))[field] for each in enrollments]


async def all_told(world: World, enrollments: list[Json], status: str) -> None:
    """Wait until Temporal says so of each."""

    async def agree() -> bool:
        found = [await world.workflow(each).describe() for each in enrollments]
        said = {each.typed_search_attributes.get(ENROLLMENT_STATUS) for each in found}
        return said == {status}

    await eventually(agree)


async def mark_attempt(world: World, enrollment: Json, *, under_way: bool) -> None:
    """As if a message of the enrollment were on its way at this moment."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        marked = await session.scalars(
            update(Execution)
            .where(Execution.enrollment_id == UUID(enrollment["id"]))
            .values(
                status=ExecutionStatus.RUNNING,
                started_at=func.now(),
                attempting_since=func.now() if under_way else None,
            )
            .returning(Execution.id)
        )
        assert len(marked.all()) == 1


async def test_paused_ones_send_nothing_until_they_are_resumed_and_then_once(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    contacts = [await world.create_contact() for _ in range(3)]
    enrollments = [await world.enroll(campaign, contact) for contact in contacts]

    job = await acted(world, campaign, "pause", filter=EVERYONE)

    assert outcome(job) == ("completed", 3, [])
    assert await now(world, enrollments) == ["paused"] * 3
    await all_told(world, enrollments, "paused")
    for enrollment in enrollments:
        await world.pass_time(enrollment, days=2)
    for contact in contacts:
        assert await world.messages(contact["email"]) == []

    job = await acted(world, campaign, "resume", enrollment_ids=ids(enrollments))

    assert outcome(job) == ("completed", 3, [])
    for enrollment in enrollments:
        assert (await world.finished(enrollment))["status"] == "completed"
    for contact in contacts:
        assert len(await world.messages(contact["email"])) == 1


async def test_resumed_before_their_time_they_keep_it(world: World) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    enrollments = await enroll(world, campaign, 2)
    due = await now(world, enrollments, "next_step_scheduled_at")

    await acted(world, campaign, "pause", filter=EVERYONE)
    await acted(world, campaign, "resume", filter=EVERYONE)
    await all_told(world, enrollments, "active")

    assert await now(world, enrollments, "next_step_scheduled_at") == due


@pytest.mark.parametrize("action", ["pause", "resume"])
async def test_those_who_are_as_they_should_be_are_done(world: World, action: str) -> None:
    campaign = await world.create_campaign(after(EMAIL, 3, "days"))
    enrollments = await enroll(world, campaign, 2)
    await world.staff.post(f"{path(enrollments[0])}/pause")

    job = await acted(world, campaign, action, enrollment_ids=ids(enrollments))

    assert outcome(job) == ("completed", 2, [])
    assert await now(world, enrollments) == ["paused" if action == "pause" else "active"] * 2


@pytest.mark.parametrize("reason", [None, *ExitReason])
async def test_removed_ones_end_as_one_that_is_removed_alone(
    world: World, reason: str | None
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    alone, *together = await enroll(world, campaign, 3)
    given = {"reason": reason} if reason else {}

    await world.staff.post(f"{path(alone)}/exit", given)
    job = await acted(world, campaign, "exit", enrollment_ids=ids(together), **given)

    assert outcome(job) == ("completed", 2, [])
    expected = await world.detail(alone)
    for enrollment in together:
        ended = await world.detail(enrollment)
        for name in ("status", "exit_reason", "next_step_scheduled_at", "goal_achieved"):
            assert ended[name] == expected[name], name
        for name in ("exited_at", "completed_at", "goal_achieved_at"):
            assert (ended[name] is None) is (expected[name] is None), name
        assert ended["executions"] == []
        assert (await world.workflow(enrollment).result())["status"] == expected["status"]


@pytest.mark.parametrize("action", ["pause", "resume", "exit", "move"])
async def test_those_it_cannot_be_done_to_fail_alone_and_say_why(world: World, action: str) -> None:
    campaign, other = [await world.create_campaign(after(EMAIL, 1, "days")) for _ in range(2)]
    over, good = await enroll(world, campaign, 2)
    (elsewhere,) = await enroll(world, other, 1)
    await world.staff.post(f"{path(over)}/exit")
    nobody = str(uuid4())
    step = {"step_id": good["current_step_id"]} if action == "move" else {}

    job = await acted(
        world,
        campaign,
        action,
        enrollment_ids=[nobody, over["id"], good["id"], elsewhere["id"]],
        **step,
    )

    assert outcome(job) == (
        "completed",
        1,
        [(nobody, "not_found"), (over["id"], "enrollment_over"), (elsewhere["id"], "not_found")],
    )
    assert await now(world, [elsewhere, over]) == ["active", "exited"]


async def test_filter_is_about_live_enrollments_of_the_campaign_alone(world: World) -> None:
    campaign, other = [await world.create_campaign(after(EMAIL, 1, "days")) for _ in range(2)]
    denver = await world.create_contact(stage="lead")
    boulder = await world.create_contact(stage="customer")
    over = await world.enroll(campaign, await world.create_contact(stage="lead"))
    await world.staff.post(f"{path(over)}/exit")
    which = [await world.enroll(campaign, denver), await world.enroll(campaign, boulder)]
    elsewhere = await world.enroll(other, denver)

    leads = {"field": "contact.stage", "operator": "equals", "value": "lead"}
    job = await acted(world, campaign, "pause", filter=leads)

    assert outcome(job) == ("completed", 1, [])
    assert await now(world, [*which, elsewhere]) == ["paused", "active", "active"]


@pytest.mark.parametrize("action", ["pause", "exit"])
async def test_job_is_not_over_before_the_last_message_has_got_its_answer(
    world: World, action: str
) -> None:
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    first, second = await enroll(world, campaign, 2)
    await acted(world, campaign, "pause", filter=EVERYONE)
    await mark_attempt(world, second, under_way=True)

    job = await bulk_job(world, campaign, "actions", action=action, filter=EVERYONE)

    async def is_through() -> bool:
        now = (await world.staff.get(f"/jobs/{job['id']}"))["job"]
        return bool(now["done"] == 2)

    await eventually(is_through)
    assert (await world.staff.get(f"/jobs/{job['id']}"))["job"]["status"] == "running"
    await mark_attempt(world, second, under_way=False)
    assert outcome(await finished_job(world, job)) == ("completed", 2, [])
    assert await now(world, [first]) == ["paused" if action == "pause" else "exited"]


async def test_moved_ones_wait_at_the_step_for_its_delay_from_now_on(world: World) -> None:
    campaign = await world.create_campaign(
        after(tag("first"), 9, "days"), tag("between"), after(tag("last"), 2, "days")
    )
    contacts = [await world.create_contact() for _ in range(2)]
    enrollments = [await world.enroll(campaign, contact) for contact in contacts]
    steps = (await world.staff.get(f"/campaigns/{campaign['id']}/steps"))["steps"]

    job = await acted(world, campaign, "move", filter=EVERYONE, step_id=steps[2]["id"])

    assert outcome(job) == ("completed", 2, [])
    for enrollment, contact in zip(enrollments, contacts, strict=True):
        moved = await world.detail(enrollment)
        assert (moved["current_step_id"], moved["current_step_order"]) == (steps[2]["id"], 3)
        due = at(moved["next_step_scheduled_at"]) - datetime.now(UTC)
        assert abs(due - timedelta(days=2)) < SOON
        assert statuses(moved) == [("manage_tags", "pending")]
        await world.pass_time(enrollment, days=2, minutes=1)
        assert (await world.finished(enrollment))["steps_completed"] == 1
        assert await walked(world, contact) == ["last"]


async def test_move_goes_back_too_and_counts_the_visits_on(world: World) -> None:
    campaign = await world.create_campaign(tag("first"), after(tag("second"), 5, "days"))
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    second = await world.until(enrollment, lambda now: now["steps_completed"] == 1)
    first = second["executions"][0]["step_id"]

    await acted(world, campaign, "move", enrollment_ids=[enrollment["id"]], step_id=first)

    again = await world.until(enrollment, lambda now: now["steps_completed"] == 2)
    assert [each["status"] for each in again["executions"]] == ["completed"] * 2 + ["pending"]
    assert again["current_step_id"] == second["current_step_id"]


async def test_wait_for_an_event_that_has_begun_is_left_as_skipped(world: World) -> None:
    until = {"event": "signed", "timeout": {"delay_value": 9, "delay_unit": "days"}}
    waiting = {"step_type": "wait", "step_config": {"until": until}}
    campaign = await world.create_campaign(waiting, tag("after"))
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    begun = await world.until(enrollment, lambda now: statuses(now) == [("wait", "running")])
    steps = (await world.staff.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    assert begun["current_step_id"] == steps[0]["id"]

    await acted(world, campaign, "move", filter=EVERYONE, step_id=steps[1]["id"])

    ended = await world.finished(enrollment)
    assert statuses(ended) == [("wait", "skipped"), ("manage_tags", "completed")]
    assert ended["executions"][0]["result_data"]["skipped"] == "moved"
    assert await walked(world, contact) == ["after"]


async def test_paused_one_is_moved_and_stays_paused(world: World) -> None:
    campaign = await world.create_campaign(after(tag("first"), 9, "days"), tag("second"))
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    steps = (await world.staff.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    await world.staff.post(f"{path(enrollment)}/pause")

    await acted(world, campaign, "move", filter=EVERYONE, step_id=steps[1]["id"])
    await all_told(world, [enrollment], "paused")
    assert (await world.detail(enrollment))["current_step_id"] == steps[1]["id"]
    assert await walked(world, contact) == []
    await acted(world, campaign, "resume", filter=EVERYONE)

    await world.finished(enrollment)
    assert await walked(world, contact) == ["second"]


async def test_who_is_being_sent_a_message_is_not_moved_and_others_are(world: World) -> None:
    campaign = await world.create_campaign(after(email("One"), 1, "days"), after(EMAIL, 1, "days"))
    sending, waiting = await enroll(world, campaign, 2)
    steps = (await world.staff.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    await mark_attempt(world, sending, under_way=True)

    job = await acted(world, campaign, "move", filter=EVERYONE, step_id=steps[1]["id"])

    assert outcome(job) == ("completed", 1, [(sending["id"], "sending_now")])
    places = await now(world, [sending, waiting], "current_step_id")
    assert places == [steps[0]["id"], steps[1]["id"]]


async def test_step_that_is_deleted_before_the_job_begins_takes_nobody(
    site: Site, quiet_world: World
) -> None:
    world = quiet_world
    campaign = await world.create_campaign(after(EMAIL, 1, "days"), after(EMAIL, 1, "days"))
    (enrollment,) = await enroll(world, campaign, 1)
    steps = (await world.staff.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    job = await bulk_job(
        world, campaign, "actions", action="move", filter=EVERYONE, step_id=steps[1]["id"]
    )
    await world.admin.delete(f"/campaigns/{campaign['id']}/steps/{steps[1]['id']}")

    async with site.working():
        ended = await finished_job(world, job)

    assert outcome(ended) == ("completed", 0, [(enrollment["id"], "step_gone")])
    assert await now(world, [enrollment], "current_step_id") == [steps[0]["id"]]


async def test_action_that_dies_before_its_commit_goes_on_and_can_be_cancelled(
    site: Site, quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BulkChange, "portion_size", 2)
    world = quiet_world
    campaign = await world.create_campaign(after(EMAIL, 1, "days"))
    enrollments = await enroll(world, campaign, 5)
    job = await bulk_job(world, campaign, "actions", action="exit", filter=EVERYONE)

    await portion(world, job)  # in which they are collected
    await portion(world, job)
    with pytest.raises(Crash):
        await portion(world, job, crash=True)
    await world.manager.post(f"/jobs/{job['id']}/cancel")
    assert sorted(await now(world, enrollments)) == ["active"] * 3 + ["exited"] * 2

    async with site.working():
        job = await acted(world, campaign, "exit", enrollment_ids=ids(enrollments))

    assert (job["status"], job["done"], job["failed"]) == ("completed", 3, 2)
    assert await now(world, enrollments) == ["exited"] * 5
