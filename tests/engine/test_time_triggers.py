"""Triggers that wait for a date, and those whom a paused campaign has kept waiting."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from db.session import engine
from db.tables import CampaignTrigger, Contact, TriggerMatch
from services.temporal import Dispatcher
from services.trigger_scan import TriggerScan
from tests.engine.helpers import after
from tests.world import EMAIL, Json, World, eventually

INSPECTED = {"relative_to": "custom.inspected", "delay_value": 72, "delay_unit": "hours"}


def ago(**length: float) -> str:
    return (datetime.now(UTC) - timedelta(**length)).isoformat()


def due(**since: float) -> Json:
    """An inspection that long and 72 hours ago."""
    return {"inspected": ago(hours=72 + timedelta(**since) / timedelta(hours=1))}


async def campaign_with(world: World, config: Json, /, **trigger: Any) -> Json:
    """An active campaign whose trigger was switched on thirty days ago, and has looked until now."""
    settings = trigger.pop("settings", {})
    campaign = await world.create_campaign(after(EMAIL, 1, "days"), activate=False, **settings)
    body = {"trigger_type": "time_based", "trigger_config": config, **trigger}
    await world.admin.post(f"/campaigns/{campaign['id']}/triggers", body)
    await world.activate(campaign)
    await set_back(world, campaign, active_since=30)
    return campaign


async def set_back(world: World, campaign: Json, **days: float) -> None:
    """Let the campaign's triggers have been switched on, or have looked, that long ago."""
    values = {name: func.now() - timedelta(days=ago) for name, ago in days.items()}
    async with world.database.transaction(engine(world.tenant_id)) as session:
        which = CampaignTrigger.campaign_id == UUID(campaign["id"])
        await session.execute(update(CampaignTrigger).where(which).values(values))


async def scan(world: World) -> None:
    """A round of this process, beside those of the schedule."""
    dispatcher = Dispatcher(world.temporal, world.database)
    await TriggerScan(world.database, dispatcher, {}).run(datetime.now(UTC))


async def enrollments(world: World, campaign: Json, contact: Json | None = None) -> list[Json]:
    of = {"contact_id": contact["id"]} if contact else {}
    answer = await world.admin.get(f"/campaigns/{campaign['id']}/enrollments", limit=200, **of)
    found: list[Json] = answer["enrollments"]
    return found


async def scanned_until_enrolled(world: World, campaign: Json, *contacts: Json) -> None:
    """Scan until all of these are enrolled: whoever is not by then will not be."""

    async def are_enrolled() -> bool:
        await scan(world)
        return all([await enrollments(world, campaign, contact) for contact in contacts])

    await eventually(are_enrolled)


async def test_contact_is_enrolled_when_its_date_comes_due(world: World) -> None:
    campaign = await campaign_with(world, INSPECTED)
    contact = await world.create_contact(custom=due(minutes=1))
    later = await world.create_contact(custom=due(hours=-2))
    schedule = world.temporal.get_schedule_handle("scan-triggers")

    async def is_enrolled() -> bool:
        await schedule.trigger()
        return bool(await enrollments(world, campaign, contact))

    await eventually(is_enrolled)
    [enrollment] = await enrollments(world, campaign)
    assert enrollment["enrollment_source"] == "automatic_trigger"
    assert enrollment["status"] == "active"
    assert await enrollments(world, campaign, later) == []


async def test_dates_that_came_due_while_the_system_was_down_are_made_good(world: World) -> None:
    campaign = await campaign_with(world, INSPECTED)
    meanwhile = await world.create_contact(custom=due(days=5))
    before_the_trigger = await world.create_contact(custom=due(days=31))
    entered_late = await world.create_contact(custom=due(hours=23))
    await scanned_until_enrolled(world, campaign, entered_late)
    assert await enrollments(world, campaign, meanwhile) == []

    await set_back(world, campaign, scanned_until=6)
    await scanned_until_enrolled(world, campaign, meanwhile)

    assert await enrollments(world, campaign, before_the_trigger) == []


async def test_each_value_of_a_date_enrolls_once(world: World) -> None:
    again = {"allow_re_enrollment": True}
    campaign = await campaign_with(world, INSPECTED, settings=again)
    contact = await world.create_contact(custom=due(minutes=1))
    await scanned_until_enrolled(world, campaign, contact)
    [first] = await enrollments(world, campaign, contact)
    await world.admin.post(f"/campaigns/{campaign['id']}/enrollments/{first['id']}/exit")

    sentinel = await world.create_contact(custom=due(minutes=1))
    await scanned_until_enrolled(world, campaign, sentinel)
    assert len(await enrollments(world, campaign, contact)) == 1

    await world.admin.patch(f"/contacts/{contact['id']}", {"custom": due(minutes=5)})

    async def is_enrolled_again() -> bool:
        await scan(world)
        return len(await enrollments(world, campaign, contact)) == 2

    await eventually(is_enrolled_again)


async def test_scans_at_the_same_time_enroll_nobody_twice(world: World) -> None:
    campaign = await campaign_with(world, INSPECTED, settings={"allow_re_enrollment": True})
    contacts = [await world.create_contact(custom=due(minutes=1)) for _ in range(10)]

    await asyncio.gather(*(scan(world) for _ in range(4)))
    await scanned_until_enrolled(world, campaign, *contacts)

    found = [enrollment["contact_id"] for enrollment in await enrollments(world, campaign)]
    assert sorted(found) == sorted(contact["id"] for contact in contacts)


async def test_conditions_and_exclusions_decide_who_is_enrolled(world: World) -> None:
    campaign = await campaign_with(
        world,
        INSPECTED,
        enrollment_conditions=[{"field": "contact.stage", "operator": "equals", "value": "LEAD"}],
        exclusion_conditions={"field": "contact.tags", "operator": "contains", "value": "vip"},
    )
    wanted = await world.create_contact(stage="Lead", custom=due(minutes=1))
    excluded = await world.create_contact(stage="Lead", tags=["VIP"], custom=due(minutes=1))
    other = await world.create_contact(stage="Won", custom=due(minutes=1))

    await scanned_until_enrolled(world, campaign, wanted)

    assert await enrollments(world, campaign, excluded) == []
    assert await enrollments(world, campaign, other) == []


async def test_what_is_no_date_is_passed_over(world: World) -> None:
    campaign = await campaign_with(world, INSPECTED)
    garbage = [
        "soon",
        "2026-02-30",
        "",
        "  ",
        "now",
        20261122,
        True,
        "9999-99-99T99:99",
        "infinity",
    ]
    for value in garbage:
        await world.create_contact(custom={"inspected": value})
    contact = await world.create_contact(custom=due(minutes=1))

    await scanned_until_enrolled(world, campaign, contact)

    assert len(await enrollments(world, campaign)) == 1


async def test_negative_delay_enrolls_ahead_of_the_date(world: World) -> None:
    config = {"relative_to": "custom.visit", "delay_value": -48, "delay_unit": "hours"}
    campaign = await campaign_with(world, config)
    soon = await world.create_contact(custom={"visit": ago(days=-2, minutes=5)})
    later = await world.create_contact(custom={"visit": ago(days=-2, hours=-2)})

    await scanned_until_enrolled(world, campaign, soon)

    assert await enrollments(world, campaign, later) == []


async def test_bare_date_begins_at_midnight_where_the_company_is(world: World) -> None:
    config = {"relative_to": "custom.birthday", "delay_value": 0, "delay_unit": "days"}
    campaign = await campaign_with(world, config)
    today = datetime.now(ZoneInfo("America/Denver")).date()
    here = await world.create_contact(custom={"birthday": f"{today}"})
    tomorrow = await world.create_contact(custom={"birthday": f"{today + timedelta(days=1)}"})

    await scanned_until_enrolled(world, campaign, here)

    assert await enrollments(world, campaign, tomorrow) == []


async def test_date_of_the_contact_itself_counts(world: World) -> None:
    config = {"relative_to": "created_at", "delay_value": 90, "delay_unit": "minutes"}
    campaign = await campaign_with(world, config)
    contact, new = await world.create_contact(), await world.create_contact()
    async with world.database.transaction(engine(world.tenant_id)) as session:
        which = Contact.id == UUID(contact["id"])
        made = func.now() - timedelta(minutes=91)
        await session.execute(update(Contact).where(which).values(created_at=made))

    await scanned_until_enrolled(world, campaign, contact)

    assert await enrollments(world, campaign, new) == []


async def test_date_of_a_project_enrolls_its_contact_with_it(world: World) -> None:
    config = {"relative_to": "project.custom.installed", "delay_value": 1, "delay_unit": "weeks"}
    large = {"field": "project.estimate_amount", "operator": "greater_than", "value": 9000}
    campaign = await campaign_with(world, config, enrollment_conditions=large)
    contact, other = await world.create_contact(), await world.create_contact()
    installed = {"installed": ago(days=7, hours=2)}
    wanted = {"contact_id": contact["id"], "estimate_amount": "12000.00", "custom": installed}
    project = (await world.admin.post("/projects", wanted))["project"]
    await world.admin.post("/projects", {"contact_id": contact["id"], "name": "The newest"})
    small = {"contact_id": other["id"], "estimate_amount": "100.00", "custom": installed}
    await world.admin.post("/projects", small)

    await scanned_until_enrolled(world, campaign, contact)

    [enrollment] = await enrollments(world, campaign)
    assert enrollment["project_id"] == project["id"]


async def held(world: World, campaign: Json) -> int:
    async with world.database.transaction(engine(world.tenant_id)) as session:
        which = TriggerMatch.held & (TriggerMatch.campaign_id == UUID(campaign["id"]))
        return await session.scalar(select(func.count()).where(which)) or 0


async def keeps(world: World, campaign: Json, count: int) -> None:
    async def is_so() -> bool:
        await scan(world)
        return await held(world, campaign) == count

    await eventually(is_so)


async def set_status(world: World, campaign: Json, status: str) -> None:
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": status})


async def test_paused_campaign_enrolls_on_resume_whom_it_still_concerns(world: World) -> None:
    stage = {"field": "contact.stage", "operator": "equals", "value": "lead"}
    campaign = await campaign_with(world, INSPECTED, enrollment_conditions=stage)
    await set_status(world, campaign, "paused")
    stays, leaves, postponed = [
        await world.create_contact(stage="lead", custom=due(minutes=1)) for _ in range(3)
    ]
    await keeps(world, campaign, 3)
    assert await enrollments(world, campaign) == []
    await world.admin.patch(f"/contacts/{leaves['id']}", {"stage": "won"})
    await world.admin.patch(f"/contacts/{postponed['id']}", {"custom": {"inspected": ago(days=1)}})

    await set_status(world, campaign, "active")
    await scanned_until_enrolled(world, campaign, stays)
    await keeps(world, campaign, 0)

    assert len(await enrollments(world, campaign)) == 1


async def test_stage_that_was_left_again_during_a_pause_enrolls_nobody(world: World) -> None:
    config = {"entity_type": "contact", "to_stage": "estimate"}
    known = {"field": "event.from_stage", "operator": "equals", "value": "lead"}
    campaign = await campaign_with(
        world, config, trigger_type="stage_change", enrollment_conditions=known
    )
    await set_status(world, campaign, "paused")
    stays, leaves = [await world.create_contact(stage="lead") for _ in range(2)]
    for contact in (stays, leaves):
        await world.admin.patch(f"/contacts/{contact['id']}", {"stage": "Estimate"})
    await keeps(world, campaign, 2)
    await world.admin.patch(f"/contacts/{leaves['id']}", {"stage": "lost"})

    await set_status(world, campaign, "active")
    await scanned_until_enrolled(world, campaign, stays)
    await keeps(world, campaign, 0)

    assert len(await enrollments(world, campaign)) == 1


async def test_archived_campaign_forgets_whom_it_has_kept_waiting(world: World) -> None:
    campaign = await campaign_with(world, INSPECTED)
    await set_status(world, campaign, "paused")
    await world.create_contact(custom=due(minutes=1))
    await keeps(world, campaign, 1)

    await set_status(world, campaign, "archived")
    await keeps(world, campaign, 0)

    assert await enrollments(world, campaign) == []
