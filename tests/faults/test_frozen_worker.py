"""A worker stands still and is cut off from Temporal: another takes over while the first may go on any time."""

from uuid import UUID

from tests.faults.crash import FOLLOW_UP, TASK
from tests.faults.locks import HOLD_ENROLLMENT, Hold
from tests.faults.relay import relay_to
from tests.faults.stack import Stack
from tests.world import EMAIL, TEXT, World, eventually, noon_zone


async def test_request_that_arrives_after_another_worker_took_over_is_no_second_message(
    stack: Stack, world: World
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    campaigns = [await world.create_campaign(step, FOLLOW_UP) for step in (EMAIL, TEXT)]

    async def both_requests_arrived() -> bool:
        texts, mails = [await world.messages(contact[each]) for each in ("phone", "email")]
        return len(texts) == 1 and mails[0]["repeat"] == 1

    async with relay_to(str(stack.sandbox.base_url)) as slow:
        slow.up.clear()
        async with stack.worker(
            RESEND_API_URL=f"http://{slow.address}/resend",
            TWILIO_API_URL=f"http://{slow.address}/twilio",
        ) as frozen:
            email, text = [await world.enroll(campaign, contact) for campaign in campaigns]
            await slow.kept_back(requests=2)
            frozen.freeze()
            await stack.to_temporal.cut()
            async with stack.worker():
                await stack.until_row(email, step="completed", attempts=2)
                await stack.until_row(text, step="running", attempts=2)
                slow.up.set()
                await eventually(both_requests_arrived)
                frozen.thaw()
                email, text = [await world.finished(each) for each in (email, text)]

    (mail,) = await world.messages(contact["email"])
    assert mail["repeat"] == 1
    assert len(await world.messages(contact["phone"])) == 1
    assert (email["emails_sent"], text["sms_sent"]) == (1, 1)
    assert (email["steps_completed"], text["steps_completed"]) == (2, 2)
    tasks = await world.admin.get("/tasks", contact_id=contact["id"])
    assert [task["title"] for task in tasks["tasks"]] == ["Next", "Next"]


async def test_row_that_a_worker_holds_without_moving_is_free_again_soon(
    stack: Stack, world: World
) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(TASK), contact)
    hold = Hold(stack.database_url)
    await hold.take(HOLD_ENROLLMENT, UUID(enrollment["id"]))
    async with stack.worker() as frozen:
        await hold.awaited()
        frozen.freeze()
        await stack.to_temporal.cut()
        await hold.release()
        async with stack.worker():
            enrollment = await world.until(
                enrollment, lambda now: now["status"] == "completed", seconds=60
            )

    assert enrollment["tasks_created"] == 1
