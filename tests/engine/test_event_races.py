"""Events between two workers, other people's locks, and the way to Temporal."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from db.campaigns import changing
from db.events import forget_old_events, insert_event, note_failure, take_waiting
from db.session import become_engine, engine
from services.events import process
from services.temporal import Dispatcher
from tests.engine.events import FAR, add_trigger, enrollments_of, send_event, settled
from tests.faults.locks import HOLD_ENROLLMENT, Hold
from tests.world import EMAIL, Json, World, eventually

WAIT = {
    "step_type": "wait",
    "step_config": {
        "until": {"event": "viewed", "timeout": {"delay_value": 5, "delay_unit": "days"}}
    },
}


async def happen(world: World, contact: Json, *names: str) -> None:
    """These happen to the contact, and are processed in one portion."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        for name in names:
            await insert_event(session, UUID(contact["id"]), name, {})
        while not (events := await take_waiting(session, 200)):
            pass  # a worker is at the contact's creation
        await process(session, events, {})
    dispatcher = Dispatcher(world.temporal, world.database)
    await dispatcher.deliver(world.tenant_id, session.outbox)


async def somebody_waits(world: World) -> bool:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        waiting = await session.scalar(text("select count(*) from pg_locks where not granted"))
    return bool(waiting)


async def test_enrollment_that_ends_in_the_portion_that_began_it_leaves_no_workflow_asleep(
    world: World,
) -> None:
    campaign = await world.create_campaign(
        {**EMAIL, **FAR}, goal_type="reviews", allow_re_enrollment=True
    )
    await add_trigger(world, campaign, "event", event_name="inspected")
    contact = await world.create_contact()
    await happen(world, contact, *["inspected", "review_received"] * 5)
    for enrollment in await enrollments_of(world, campaign, contact):
        async with asyncio.timeout(30):
            result = await world.workflow(enrollment).result()
        assert result["exit_reason"] == "goal_achieved"


async def test_failure_that_is_noted_late_has_no_event_processed_again(world: World) -> None:
    contact = await world.create_contact()
    event = await send_event(world, contact, "deal_won")
    await settled(world, contact)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await note_failure(session, UUID(event["id"]), "another worker has done it meanwhile")
    (event,) = (await world.admin.get("/events", event_name="deal_won"))["events"]
    assert event["processed_at"]
    assert event["error"] is None


async def test_event_whose_connection_is_cut_again_and_again_is_not_given_up(
    world: World, postgres_url: str
) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type="reviews")
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await settled(world, contact)
    hold = Hold(postgres_url)
    await hold.take(HOLD_ENROLLMENT, UUID(enrollment["id"]))
    await send_event(world, contact, "review_received")
    for _ in range(4):
        await hold.awaited()
        await hold.cut_off()
    await hold.release()
    assert (await world.finished(enrollment))["exit_reason"] == "goal_achieved"
    (event,) = (await world.admin.get("/events", event_name="review_received"))["events"]
    assert event["error"] is None


async def test_events_wait_for_whoever_changes_a_campaign_before_they_hold_its_enrollments(
    world: World,
) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR}, goal_type="reviews")
    await add_trigger(world, campaign, "event", event_name="review_received")
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await settled(world, contact)
    async with world.database.transaction(engine(world.tenant_id)) as admin:
        await changing(admin, UUID(campaign["id"]))
        processing = asyncio.create_task(happen(world, contact, "review_received"))
        await eventually(lambda: somebody_waits(world))
        # As archiving does.
        await admin.execute(
            text("select from campaign_enrollments where id = :id for update nowait"),
            {"id": enrollment["id"]},
        )
    await processing


async def test_events_hold_enrollments_before_contacts_as_the_engine_does(
    world: World, postgres_url: str
) -> None:
    ending = await world.create_campaign({**EMAIL, **FAR}, goal_type="reviews")
    enrolling = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(world, enrolling, "event", event_name="inspected")
    contact = await world.create_contact()
    enrollment = await world.enroll(ending, contact)
    await settled(world, contact)
    hold = Hold(postgres_url)
    await hold.take(HOLD_ENROLLMENT, UUID(enrollment["id"]))
    processing = asyncio.create_task(happen(world, contact, "inspected", "review_received"))
    await hold.awaited()
    async with world.database.transaction(engine(world.tenant_id)) as step:
        # As a step does that changes the contact.
        await step.execute(
            text("select from contacts where id = :id for no key update nowait"),
            {"id": contact["id"]},
        )
    await hold.release()
    await processing


async def test_event_that_comes_once_the_delay_of_a_wait_is_over_is_heard_though_it_has_not_begun(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign({**WAIT, "delay_value": 2, "delay_unit": "days"})
    enrollment = await world.enroll(campaign, contact)
    path = f"/campaigns/{campaign['id']}"
    await world.admin.patch(path, {"status": "paused"})
    (step,) = (await world.admin.get(f"{path}/steps"))["steps"]
    await world.admin.patch(f"{path}/steps/{step['id']}", {"delay_value": 0})
    await happen(world, contact, "viewed")
    await world.admin.patch(path, {"status": "active"})
    (waited,) = (await world.finished(enrollment))["executions"]
    assert waited["result_data"]["event_name"] == "viewed"


async def test_event_that_comes_during_the_delay_of_a_wait_comes_too_early(world: World) -> None:
    contact = await world.create_contact()
    delayed = {**WAIT, "delay_value": 2, "delay_unit": "days"}
    enrollment = await world.enroll(await world.create_campaign(delayed), contact)
    await happen(world, contact, "viewed")
    await world.pass_time(enrollment, days=3)
    await world.until(enrollment, lambda now: now["executions"][0]["status"] == "running")


async def test_triggers_that_set_each_other_off_do_not_go_on_for_ever(world: World) -> None:
    campaign = await world.create_campaign(
        {**EMAIL, **FAR}, goal_type="reviews", allow_re_enrollment=True
    )
    await add_trigger(world, campaign, "event", event_name="inspected")
    contact = await world.create_contact()
    await happen(world, contact, *["inspected", "review_received"] * 15)
    assert len(await enrollments_of(world, campaign, contact)) == 10
    # A person may.
    await world.enroll(campaign, contact)


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"\\u0000"', '{"\\u0000": 1}'])
async def test_properties_that_no_database_takes_are_refused(world: World, value: str) -> None:
    contact = await world.create_contact()
    response = await world.admin.request(
        "POST",
        "/events",
        content=f'{{"event_name": "x", "contact_id": "{contact["id"]}", "properties": {{"a": {value}}}}}',
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422


async def test_events_that_are_long_over_are_forgotten_but_for_those_that_brought_in_revenue(
    world: World,
) -> None:
    contact = await world.create_contact()
    await world.finished(await world.enroll(await world.create_campaign(EMAIL), contact))
    await send_event(world, contact, "deal_won", properties={"amount": 100})
    await send_event(world, contact, "viewed")
    await settled(world, contact)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        # Nobody of ours may change when an event came.
        await session.execute(text("set local role none"))
        await session.execute(
            text(
                "update events set created_at = now() - interval '500 days' where tenant_id = :id"
            ),
            {"id": world.tenant_id},
        )
        await become_engine(session)
        await forget_old_events(session)
    left = (await world.admin.get("/events"))["events"]
    assert [event["event_name"] for event in left] == ["deal_won"]
