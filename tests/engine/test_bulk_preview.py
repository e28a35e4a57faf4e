"""What enrolling many would come to, told before it is done, is what then happens."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from db.campaigns import changing
from db.enrolling import hold_contacts
from db.session import engine
from db.tables import Enrollment
from domain.holdouts import is_held_out
from tests.api.client import invalid_fields, problem
from tests.engine.jobs import enrolled_in_bulk
from tests.world import Json, World

WAIT: Json = {"step_type": "wait", "delay_value": 5, "delay_unit": "days"}
EVERYONE: Json = {"all": []}


async def foreseen(world: World, campaign: Json, **whom: Any) -> Json:
    path = f"/campaigns/{campaign['id']}/enrollments/bulk/preview"
    found: Json = (await world.staff.post(path, whom))["preview"]
    return found


async def come_true(world: World, campaign: Json, **whom: Any) -> Json:
    """What was foreseen, and then happened."""
    preview = await foreseen(world, campaign, **whom)
    job = await enrolled_in_bulk(world, campaign, **whom)
    refused = Counter(error["code"] for error in job["errors"])
    assert (job["total"], job["done"]) == (preview["total"], preview["enrollable"])
    assert {each["code"]: each["count"] for each in preview["refused"]} == refused
    return preview


async def ended_since(world: World, enrollment: Json, days: float) -> None:
    """The enrollment is over, for so many days."""
    path = f"/campaigns/{enrollment['campaign_id']}/enrollments/{enrollment['id']}/exit"
    await world.staff.post(path)
    at = datetime.now(UTC) - timedelta(days=days)
    async with world.database.transaction(engine(world.tenant_id)) as session:
        row = update(Enrollment).where(Enrollment.id == UUID(enrollment["id"]))
        await session.execute(row.values(exited_at=at, enrolled_at=at))


async def test_everybody_new_is_enrollable_and_counted_once(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    ids = [(await world.create_contact())["id"] for _ in range(3)]
    gone = await world.create_contact()
    await world.staff.delete(f"/contacts/{gone['id']}")

    preview = await come_true(world, campaign, contact_ids=[*ids, ids[0], gone["id"], str(uuid4())])

    assert preview == {
        "total": 5,
        "enrollable": 3,
        "held_out": 0,
        "refused": [{"code": "not_found", "count": 2}],
        "without_email": 0,
        "without_phone": 0,
        "without_sms_consent": 0,
    }


async def test_nobody_is_enrolled_by_a_preview(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    await world.create_contact()

    assert (await foreseen(world, campaign, filter=EVERYONE))["enrollable"] == 1

    assert (await world.staff.get(f"/campaigns/{campaign['id']}/enrollments"))["total"] == 0
    assert (await world.staff.get("/jobs"))["total"] == 0


@pytest.mark.parametrize(
    ("again", "codes"),
    [
        ({}, {"already_enrolled": 1, "re_enrollment_not_allowed": 3}),
        (
            {"allow_re_enrollment": True, "re_enrollment_delay_days": 7},
            {"already_enrolled": 1, "re_enrollment_too_soon": 1},
        ),
        ({"allow_re_enrollment": True}, {"already_enrolled": 1}),
    ],
)
async def test_who_has_been_in_is_judged_as_the_job_does(
    world: World, again: Json, codes: dict[str, int]
) -> None:
    campaign = await world.create_campaign(WAIT, **again)
    back, soon, long_ago, inside = [
        await world.enroll(campaign, await world.create_contact()) for _ in range(4)
    ]
    await ended_since(world, soon, 6)
    await ended_since(world, long_ago, 8)
    await ended_since(world, back, 20)
    assert inside["status"] == "active"

    preview = await come_true(world, campaign, filter=EVERYONE)

    assert {each["code"]: each["count"] for each in preview["refused"]} == codes


@pytest.mark.parametrize("room", [0, 1, 3, 10])
async def test_places_are_given_in_the_order_of_the_job(world: World, room: int) -> None:
    """Whoever is refused for something else takes none, until none is left."""
    campaign = await world.create_campaign(WAIT)
    ids = []
    for number in range(6):
        contact = await world.create_contact()
        ids.append(contact["id"])
        if number in (1, 4):
            await ended_since(world, await world.enroll(campaign, contact), 1)
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"max_enrollments": room + 2})

    preview = await come_true(world, campaign, contact_ids=ids)

    assert preview["enrollable"] == min(room, 4)


@pytest.mark.parametrize("room", [None, 3])
async def test_held_out_contacts_are_told_apart(world: World, room: int | None) -> None:
    campaign = await world.create_campaign(WAIT, holdout_percent=50, max_enrollments=room)
    ids = [(await world.create_contact())["id"] for _ in range(12)]
    # Of those who were held out before, some are not any more.
    for each in ids[:6]:
        await world.staff.request(
            "POST", f"/campaigns/{campaign['id']}/enrollments", json={"contact_id": each}
        )
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"holdout_percent": 25})

    preview = await come_true(world, campaign, contact_ids=ids)

    found = await world.staff.get(f"/campaigns/{campaign['id']}/enrollments", limit=200)
    fresh = [each for each in found["enrollments"] if each["enrollment_source"] == "bulk_import"]
    assert preview["held_out"] == sum(each["is_holdout"] for each in fresh)
    if room is None:
        out = [is_held_out(UUID(each), UUID(campaign["id"]), 25) for each in ids[6:]]
        assert preview["held_out"] == sum(out)


async def test_who_cannot_be_reached_is_counted_among_those_who_come_in(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    await world.create_contact(email=None)
    await world.create_contact(phone=None)
    await world.create_contact(sms_consent=False)
    await world.create_contact(sms_opt_out=True)
    await world.create_contact()
    await world.enroll(campaign, await world.create_contact(email=None, phone=None))

    preview = await come_true(world, campaign, filter=EVERYONE)

    assert (preview["total"], preview["enrollable"]) == (6, 5)
    assert preview["without_email"] == 1
    assert preview["without_phone"] == 1
    assert preview["without_sms_consent"] == 2


async def test_filter_finds_whom_the_job_finds(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    for stage in ("new", "new", "won"):
        await world.create_contact(stage=stage)
    new = {"field": "contact.stage", "operator": "equals", "value": "new"}

    assert (await come_true(world, campaign, filter=new))["total"] == 2
    nobody = {"field": "contact.stage", "operator": "equals", "value": "lost"}
    assert (await foreseen(world, campaign, filter=nobody))["refused"] == []


async def test_preview_is_refused_as_the_job_would_be(world: World) -> None:
    draft = await world.create_campaign(WAIT, activate=False)
    path = f"/campaigns/{draft['id']}/enrollments/bulk/preview"
    ask = world.staff.request
    problem(await ask("POST", path, json={"filter": EVERYONE}), 409, "campaign_not_active")
    await world.activate(draft)
    assert invalid_fields(await ask("POST", path, json={})) == {"contact_ids"}
    assert invalid_fields(await ask("POST", path, json={"filter": {"field": "x"}})) >= {
        "filter.field"
    }


async def test_preview_waits_for_nobody_who_enrolls(world: World) -> None:
    """It locks no row, nor does it mind those that are locked."""
    campaign = await world.create_campaign(WAIT)
    contact = await world.create_contact()
    async with world.database.transaction(engine(world.tenant_id)) as session:
        await changing(session, UUID(campaign["id"]))
        await hold_contacts(session, [UUID(contact["id"])])
        async with asyncio.timeout(5):
            assert (await foreseen(world, campaign, filter=EVERYONE))["enrollable"] == 1
