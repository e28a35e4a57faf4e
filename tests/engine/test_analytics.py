"""Reports of what really happened: walks, opens, replies, deals, and a machine that scans mail."""

from sqlalchemy import func, select

from db.session import engine
from db.tables import AnalyticsDelta
from dev.sandbox.homeowner import BROWSER
from services.reconcile import Reconciler
from services.settings import Settings
from services.temporal import Dispatcher
from tests.engine.events import FAR, send_event, settled
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone

MACHINE = "Barracuda Sentinel (EE)"


async def report(world: World, campaign: Json) -> Json:
    analytics: Json = (await world.staff.get(f"/campaigns/{campaign['id']}/analytics"))["analytics"]
    return analytics


async def test_report_tells_what_a_campaign_did(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, TEXT, {"step_type": "wait", **FAR})
    ann, bob, cat = [await world.create_contact(timezone=noon_zone()) for _ in range(3)]
    enrollments = [await world.enroll(campaign, contact) for contact in (ann, bob, cat)]
    for enrollment in enrollments:
        await world.until(enrollment, lambda now: now["sms_sent"] == 1)
    await world.read_later()
    for contact, agent in ((ann, BROWSER), (ann, BROWSER), (bob, MACHINE)):
        (message,) = await world.messages(contact["email"])
        await world.homeowner.open(message, user_agent=agent)
    (message,) = await world.messages(cat["email"])
    await world.homeowner.bounce(message)
    (text,) = await world.messages(ann["phone"])
    await world.homeowner.reply(text, "Yes, please call me")
    await world.finished(enrollments[0])
    await send_event(world, ann, "deal_won", properties={"amount": "9400.00"})
    await settled(world, ann)

    analytics = await report(world, campaign)

    email, sms = analytics["email"], analytics["sms"]
    assert (email["sent"], email["bounced"], email["opened"]) == (3, 1, 1)
    assert email["open_rate"] == 0.5
    assert (sms["sent"], sms["replies"]) == (3, 1)
    assert analytics["overview"]["total_enrolled"] == 3
    assert analytics["overview"]["revenue"] == "9400.00"
    assert (analytics["by_status"]["active"], analytics["by_status"]["exited"]) == (2, 1)
    steps = [(step["entered"], step["completed"], step["waiting"]) for step in analytics["funnel"]]
    # Whom the reply has ended does not wait any more, and has not come to the last step.
    assert steps == [(3, 3, 0), (3, 3, 0), (2, 0, 2)]
    assert [each["steps_completed"] for each in analytics["recent_enrollments"]] == [2, 2, 2]
    company = (await world.staff.get("/analytics"))["analytics"]
    assert company["campaigns"][0]["revenue"] == company["overview"]["revenue"] == "9400.00"


async def test_who_is_moved_back_visits_a_step_twice(world: World) -> None:
    campaign = await world.create_campaign(EMAIL, {"step_type": "wait", **FAR})
    contact = await world.create_contact()
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["emails_sent"] == 1)
    (first, _) = (await report(world, campaign))["funnel"]
    path = f"/campaigns/{campaign['id']}/enrollments/actions"
    everybody = {"enrollment_ids": [enrollment["id"]], "step_id": first["step_id"]}

    await world.admin.post(path, {"action": "move", **everybody})
    await world.until(enrollment, lambda now: now["emails_sent"] == 2)

    analytics = await report(world, campaign)
    (first, second) = analytics["funnel"]
    assert (first["entered"], first["completed"]) == (2, 2)
    assert (second["entered"], second["waiting"]) == (1, 1)
    assert analytics["email"]["sent"] == 2


async def test_round_of_the_reconciler_folds_and_no_number_changes(
    world: World, settings: Settings
) -> None:
    campaign = await world.create_campaign(EMAIL)
    await world.finished(await world.enroll(campaign, await world.create_contact()))

    async def notes() -> int:
        async with world.database.transaction(engine(world.tenant_id)) as session:
            return await session.scalar(select(func.count()).select_from(AnalyticsDelta)) or 0

    async def round_is_over() -> bool:
        """Who comes while the worker's own round folds leaves it to that one."""
        dispatcher = Dispatcher(world.temporal, world.database)
        await Reconciler(world.database, world.temporal, dispatcher, settings.rates).run()
        return await notes() == 0

    before = await report(world, campaign)

    await eventually(round_is_over)

    assert await report(world, campaign) == before
    assert before["by_status"]["completed"] == 1
