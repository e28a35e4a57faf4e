"""What is said of steps that are tried again, wait for others, or turned out otherwise than they seemed."""

from sqlalchemy import text

from db.session import engine
from tests.engine.capped import cap, held_back, start
from tests.engine.conftest import Faults, Site
from tests.engine.helpers import after, at, minutes_until
from tests.engine.test_crowds import add_crowd
from tests.world import EMAIL, World, noon_zone

EVENT = {"event": "signed", "timeout": {"delay_value": 9, "delay_unit": "days"}}
TEN_MINUTES = 600
"""As many as a provider takes in that time, at one a second."""


async def test_step_that_is_tried_again_says_what_the_provider_answered(
    world: World, faults: Faults
) -> None:
    await faults(resend={"mode": "error_500"})
    enrollment = await world.enroll(
        await world.create_campaign(EMAIL), await world.create_contact()
    )

    shown = await world.until(enrollment, lambda now: "without success" in (now["why"] or ""))

    (trying,) = shown["executions"]
    assert trying["error_message"] in trying["why"]
    assert shown["why"] == trying["why"]


async def test_wait_for_an_event_names_the_event_and_the_limit(world: World) -> None:
    step = {"step_type": "wait", "step_config": {"until": EVENT}}
    enrollment = await world.enroll(await world.create_campaign(step), await world.create_contact())

    shown = await world.until(enrollment, lambda now: "signed" in (now["why"] or ""))

    assert shown["why"].startswith("waits for the event signed, at most until ")


async def test_message_over_a_cap_says_until_when_it_waits_and_speaks_of_no_window(
    world: World,
) -> None:
    await cap(world, daily_send_cap=1)
    await world.finished(await start(world))

    shown = await held_back(world, await start(world))

    assert "cap of 1 a day is reached, so it waits until " in shown["why"]
    assert "window" not in shown["why"]


async def test_message_that_waits_for_its_turn_among_many_says_when_that_comes(
    site: Site, quiet_world: World
) -> None:
    world, minutes = quiet_world, minutes_until("Sat", 12)
    async with site.working(resend_rate_per_second=1):
        campaign = await world.create_campaign(after(EMAIL, minutes, "minutes"))
        first = await world.enroll(campaign, await world.create_contact())
        await add_crowd(world, campaign, at(first["next_step_scheduled_at"]), TEN_MINUTES)

        await world.staff.post(f"/campaigns/{campaign['id']}/enrollments/{first['id']}/pause")
        await world.staff.post(f"/campaigns/{campaign['id']}/enrollments/{first['id']}/resume")

        shown = await world.until(first, lambda now: "its turn" in (now["why"] or ""))
    assert shown["why"].startswith("due ")


async def test_email_that_came_back_says_so(world: World) -> None:
    contact = await world.create_contact()
    enrollment = await world.enroll(await world.create_campaign(EMAIL), contact)
    await world.finished(enrollment)
    (message,) = await world.messages(contact["email"])

    await world.homeowner.bounce(message)

    (sent,) = (await world.detail(enrollment))["executions"]
    assert ", came back " in sent["why"]
    assert sent["why"].endswith(sent["error_message"])


async def test_rows_that_were_written_before_they_said_why_say_it_all_the_same(
    world: World,
) -> None:
    await world.admin.patch("/settings", {"timezone": noon_zone()})
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 2, "days"))
    enrollment = await world.enroll(campaign, await world.create_contact())
    done = await world.until(enrollment, lambda now: now["emails_sent"] == 1)
    over = await world.enroll(campaign, await world.create_contact())
    await world.staff.post(f"/campaigns/{campaign['id']}/enrollments/{over['id']}/exit")
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(text("update campaign_enrollments set why = null"))
        await session.execute(text("update campaign_step_executions set why = null"))

    shown = await world.detail(enrollment)

    assert shown["why"] == done["why"]
    assert [each["why"] for each in shown["executions"]] == [
        each["why"] for each in done["executions"]
    ]
    assert "removed by hand" in (await world.detail(over))["why"]
