"""Enrollments as the office looks them up: by the people they are of, among many."""

import asyncio
from typing import Any

import asyncpg
import pytest

from api.limits import RateLimits
from services.settings import Settings
from tests.api.conftest import serving
from tests.api.test_deadlocks import until_somebody_waits_for
from tests.statements import counted
from tests.world import PATIENCE, Caller, Json, World

WAIT: Json = {"step_type": "wait", "delay_value": 5, "delay_unit": "days"}

NEWEST = "ORDER BY campaign_enrollments.enrolled_at DESC"
"""Lists alone have it; a worker of the same process may be at work beside them."""


async def enrolled(world: World, campaign: Json, **contact: Any) -> Json:
    return await world.enroll(campaign, await world.create_contact(**contact))


def names(answer: Json) -> list[str]:
    return [each["contact"]["first_name"] for each in answer["enrollments"]]


async def test_enrollment_says_whom_it_is_of(world: World) -> None:
    contact = await world.create_contact(first_name="Bea", last_name=None)
    campaign = await world.create_campaign(WAIT)

    made = await world.enroll(campaign, contact)

    base = f"/campaigns/{campaign['id']}/enrollments"
    whom = {name: contact[name] for name in ("id", "first_name", "last_name", "email", "phone")}
    paused = await world.staff.post(f"{base}/{made['id']}/pause")
    for each in (
        made,
        await world.detail(made),
        paused["enrollment"],
        (await world.staff.get(base))["enrollments"][0],
    ):
        assert each["contact"] == whom


async def test_deleted_contact_is_still_named(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    enrollment = await enrolled(world, campaign, first_name="Bea")
    await world.staff.delete(f"/contacts/{enrollment['contact_id']}")

    now = await world.detail(enrollment)

    assert (now["exit_reason"], now["contact"]["first_name"]) == ("contact_deleted", "Bea")


@pytest.mark.parametrize("search", [{}, {"search": "ann"}])
async def test_longer_list_takes_no_more_statements(world: World, search: Json) -> None:
    campaign = await world.create_campaign(WAIT)
    path, costs = f"/campaigns/{campaign['id']}/enrollments", []
    for length in (1, 4):
        while (await world.staff.get(path))["total"] < length:
            await enrolled(world, campaign, first_name="Ann")
        with counted(world.tenant_id) as transactions:
            answer = await world.staff.get(path, **search)
        assert len(answer["enrollments"]) == length
        (listing,) = [each for each in transactions if any(NEWEST in one for one in each)]
        costs.append(len(listing))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", ["Hannah", "Ann"]),
        ("ANN LEE", ["Ann"]),
        ("lee", ["Bob", "Ann"]),
        ("bob@home", ["Bob"]),
        ("5550142", ["Hannah"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
    ],
)
async def test_search_finds_by_name_email_and_phone(
    world: World, text: str, found: list[str]
) -> None:
    campaign, other = [await world.create_campaign(WAIT) for _ in range(2)]
    await enrolled(world, campaign, first_name="Ann", last_name="Lee", email="a@home.example")
    await enrolled(world, campaign, first_name="Bob", last_name="Leeds", email="bob@home.example")
    await enrolled(
        world, campaign, first_name="Hannah", last_name=None, email=None, phone="+13035550142"
    )
    await enrolled(world, other, first_name="Annabel", last_name="Lee")

    answer = await world.staff.get(f"/campaigns/{campaign['id']}/enrollments", search=text)

    assert names(answer) == found
    assert answer["total"] == len(found)


async def test_search_is_walked_without_gaps_or_repeats(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    for number in range(7):
        await enrolled(world, campaign, first_name=f"Ann{number}")
        await enrolled(world, campaign, first_name="Bob", email=None)
    path, wanted = f"/campaigns/{campaign['id']}/enrollments", [f"Ann{n}" for n in range(6, -1, -1)]

    by_offset = []
    for offset in range(0, 12, 3):
        page = await world.staff.get(path, search="ann", limit=3, offset=offset)
        assert (page["total"], page["limit"], page["offset"]) == (7, 3, offset)
        by_offset += names(page)
    page = await world.staff.get(path, search="ann", limit=3)
    by_cursor = names(page)
    while page["next_cursor"]:
        page = await world.staff.get(path, search="ann", limit=3, cursor=page["next_cursor"])
        assert page["total"] == 7
        by_cursor += names(page)

    assert by_offset == by_cursor == wanted


async def test_search_holds_together_with_the_other_filters(world: World) -> None:
    campaign = await world.create_campaign(WAIT)
    first = await enrolled(world, campaign, first_name="Ann")
    second = await enrolled(world, campaign, first_name="Ann")
    path = f"/campaigns/{campaign['id']}/enrollments"
    await world.staff.post(f"{path}/{first['id']}/pause")

    paused = await world.staff.get(path, search="ann", status="paused")
    one = await world.staff.get(path, search="ann", contact_id=second["contact_id"])

    assert [each["id"] for each in paused["enrollments"]] == [first["id"]]
    assert [each["id"] for each in one["enrollments"]] == [second["id"]]


async def test_workflow_is_linked_where_temporals_pages_are_known(
    world: World, settings: Settings
) -> None:
    enrollment = await enrolled(world, await world.create_campaign(WAIT))
    path = f"/campaigns/{enrollment['campaign_id']}/enrollments/{enrollment['id']}"
    known = settings.model_copy(update={"temporal_ui_url": "http://localhost:8233/"})

    async with serving(known, RateLimits()) as http:
        linked = await Caller(http, world.staff.key).get(path)

    assert linked["enrollment"]["temporal_url"] == (
        f"http://localhost:8233/namespaces/default/workflows/enrollment-{enrollment['id']}"
    )
    assert (await world.staff.get(path))["enrollment"]["temporal_url"] is None


async def test_who_is_held_out_has_no_workflow_to_look_at(world: World, settings: Settings) -> None:
    campaign = await world.create_campaign(WAIT, holdout_percent=100)
    enrollment = await enrolled(world, campaign)
    known = settings.model_copy(update={"temporal_ui_url": "http://localhost:8233"})

    async with serving(known, RateLimits()) as http:
        path = f"/campaigns/{campaign['id']}/enrollments/{enrollment['id']}"
        answer = await Caller(http, world.staff.key).get(path)

    assert answer["enrollment"]["is_holdout"] is True
    assert answer["enrollment"]["temporal_url"] is None


async def test_campaigns_are_searched_by_name(world: World) -> None:
    for name in ("Storm follow-up", "Hail 100%", "After the storm"):
        await world.create_campaign(activate=False, name=name)

    async def found(text: str) -> list[str]:
        answer = await world.staff.get("/campaigns", search=text)
        assert answer["total"] == len(answer["campaigns"])
        return [each["name"] for each in answer["campaigns"]]

    assert await found("STORM") == ["After the storm", "Storm follow-up"]
    assert await found("100%") == ["Hail 100%"]
    assert await found("snow") == []


async def test_enrollment_and_its_timeline_are_of_one_moment(
    world: World, postgres_url: str
) -> None:
    enrollment = await enrolled(world, await world.create_campaign(WAIT))
    async with asyncio.timeout(PATIENCE):
        connection = await asyncpg.connect(postgres_url)
        async with connection.transaction():
            await connection.execute("lock table campaign_step_executions in access exclusive mode")
            asking = asyncio.create_task(world.detail(enrollment))
            await until_somebody_waits_for(connection)
            await connection.execute(
                "update campaign_enrollments set steps_completed = 1 where id = $1",
                enrollment["id"],
            )
            await connection.execute(
                "update campaign_step_executions set status = 'completed' where enrollment_id = $1",
                enrollment["id"],
            )
        await connection.close()
        now = await asking

    assert (now["steps_completed"], now["executions"][0]["status"]) == (1, "completed")
