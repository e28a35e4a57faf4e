"""What a bulk enroll makes of those it is about. A worker that is killed in it: tests/faults/test_killed_bulk.py."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import func, select
from temporalio.client import WorkflowExecutionStatus

from db.session import engine
from db.tables import JobItem
from domain.enums import Role
from services.bulk_enroll import BulkEnroll
from tests.engine.conftest import Site
from tests.engine.helpers import after
from tests.engine.jobs import (
    Crash,
    bulk_job,
    enrolled_in_bulk,
    finished_job,
    handle,
    outcome,
    portion,
)
from tests.world import EMAIL, Json, World, create_world

LATER = after(EMAIL, 30, "days")
EVERYONE: Json = {"all": []}


def staying_in(city: str) -> Json:
    return {"field": "custom.city", "operator": "equals", "value": city}


async def create_contacts(world: World, count: int, **values: Any) -> list[str]:
    """Their ids."""
    return [(await world.create_contact(**values))["id"] for _ in range(count)]


async def enrollments(world: World, campaign: Json) -> list[Json]:
    """In the order in which they came."""
    found = (await world.staff.get(f"/campaigns/{campaign['id']}/enrollments"))["enrollments"]
    return list(reversed(found))


async def contacts_in(world: World, campaign: Json) -> set[str]:
    return {enrollment["contact_id"] for enrollment in await enrollments(world, campaign)}


async def items(world: World) -> int:
    """What is kept of whom jobs are about."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        return await session.scalar(select(func.count()).select_from(JobItem)) or 0


@asynccontextmanager
async def refusing(postgres_url: str, contact_id: str) -> AsyncIterator[None]:
    """Let the database refuse to enroll one contact, for a reason that nobody has thought of."""
    name = f"refuse_{uuid4().hex}"
    owner = await asyncpg.connect(postgres_url)
    await owner.execute(
        f"create function {name}() returns trigger language plpgsql as"
        " $$ begin raise exception 'no'; end $$;"
        f"create trigger {name} before insert on campaign_enrollments for each row"
        f" when (new.contact_id = '{contact_id}') execute function {name}()"
    )
    try:
        yield
    finally:
        await owner.execute(f"drop function {name} cascade")
        await owner.close()


async def test_contacts_are_enrolled_and_their_workflows_run_when_the_job_is_over(
    world: World,
) -> None:
    ids = await create_contacts(world, 3)
    campaign = await world.create_campaign(LATER)

    job = await enrolled_in_bulk(world, campaign, contact_ids=ids)

    assert outcome(job) == ("completed", 3, [])
    assert job["rate"] > 0
    made = await enrollments(world, campaign)
    assert {each["contact_id"] for each in made} == set(ids)
    assert {each["enrollment_source"] for each in made} == {"bulk_import"}
    assert {each["enrolled_by"] for each in made} == {str(world.user_ids[Role.MANAGER])}
    for each in made:
        described = await world.workflow(each).describe()
        assert described.status is WorkflowExecutionStatus.RUNNING
    assert await items(world) == 0


async def test_enrolled_contacts_walk_the_campaign(world: World) -> None:
    contacts = [await world.create_contact() for _ in range(2)]
    campaign = await world.create_campaign(EMAIL)

    await enrolled_in_bulk(world, campaign, contact_ids=[each["id"] for each in contacts])

    for enrollment in await enrollments(world, campaign):
        assert (await world.finished(enrollment))["status"] == "completed"
    for contact in contacts:
        assert len(await world.messages(contact["email"])) == 1


async def test_those_who_may_not_be_enrolled_fail_alone_and_say_why(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    good, inside, gone = await create_contacts(world, 3)
    stranger = await create_world(world.admin.http, world.temporal, world.sandbox, world.database)
    (theirs,) = await create_contacts(stranger, 1)
    await world.enroll(campaign, {"id": inside})
    await world.admin.delete(f"/contacts/{gone}")
    nobody = str(uuid4())

    job = await enrolled_in_bulk(
        world, campaign, contact_ids=[nobody, inside, good, gone, theirs, good]
    )

    assert outcome(job) == (
        "completed",
        1,
        [
            (nobody, "not_found"),
            (inside, "already_enrolled"),
            (gone, "not_found"),
            (theirs, "not_found"),
        ],
    )
    assert all(error["detail"] for error in job["errors"])
    assert await contacts_in(world, campaign) == {good, inside}


async def test_contact_that_the_database_refuses_fails_alone(
    world: World, postgres_url: str
) -> None:
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 5)

    async with refusing(postgres_url, ids[3]):
        job = await enrolled_in_bulk(world, campaign, contact_ids=ids)

    assert outcome(job) == ("completed", 4, [(ids[3], "internal_error")])
    made = await enrollments(world, campaign)
    assert {each["contact_id"] for each in made} == {*ids} - {ids[3]}
    for each in made:
        assert (await world.workflow(each).describe()).status is WorkflowExecutionStatus.RUNNING


async def test_filter_enrolls_the_contacts_that_fit_it(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    fitting = await create_contacts(world, 2, custom={"city": "Denver"})
    await create_contacts(world, 1, custom={"city": "Boulder"})
    (gone,) = await create_contacts(world, 1, custom={"city": "Denver"})
    await world.admin.delete(f"/contacts/{gone}")

    job = await enrolled_in_bulk(world, campaign, filter=staying_in("denver"))

    assert outcome(job) == ("completed", 2, [])
    assert await contacts_in(world, campaign) == set(fitting)


async def test_filter_may_ask_for_the_newest_project(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    first, second = await create_contacts(world, 2)
    for contact, stage in ((first, "won"), (second, "won"), (second, "lost")):
        await world.admin.post("/projects", {"contact_id": contact, "stage": stage})

    condition = {"field": "project.stage", "operator": "equals", "value": "won"}
    await enrolled_in_bulk(world, campaign, filter=condition)

    assert await contacts_in(world, campaign) == {first}


async def test_filter_of_nothing_is_everyone(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 3)

    job = await enrolled_in_bulk(world, campaign, filter=EVERYONE)

    assert outcome(job) == ("completed", 3, [])
    assert await contacts_in(world, campaign) == set(ids)


async def test_filter_that_nobody_fits_is_done_at_once(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    await create_contacts(world, 1)

    job = await enrolled_in_bulk(world, campaign, filter=staying_in("Denver"))

    assert outcome(job) == ("completed", 0, [])


async def test_contact_that_comes_after_a_filter_was_asked_is_not_in_the_job(
    site: Site, quiet_world: World
) -> None:
    world = quiet_world
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 2)
    job = await bulk_job(world, campaign, "bulk", filter=EVERYONE)
    await portion(world, job)
    await create_contacts(world, 1)

    async with site.working():
        ended = await finished_job(world, job)

    assert outcome(ended) == ("completed", 2, [])
    assert await contacts_in(world, campaign) == set(ids)


async def test_cap_lets_in_those_who_were_named_first(world: World) -> None:
    campaign = await world.create_campaign(LATER, max_enrollments=2)
    ids = await create_contacts(world, 4)

    job = await enrolled_in_bulk(world, campaign, contact_ids=ids)

    assert outcome(job) == (
        "completed",
        2,
        [(each, "max_enrollments_reached") for each in ids[2:]],
    )
    assert await contacts_in(world, campaign) == set(ids[:2])


@pytest.fixture
def portions_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BulkEnroll, "portion_size", 2)


@pytest.mark.usefixtures("portions_of_two")
async def test_portion_that_dies_before_its_commit_is_done_again_and_nobody_twice(
    site: Site, quiet_world: World
) -> None:
    world = quiet_world
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 5)
    job = await bulk_job(world, campaign, "bulk", contact_ids=ids)

    await portion(world, job)
    for _ in range(2):
        with pytest.raises(Crash):
            await portion(world, job, crash=True)
    assert len(await enrollments(world, campaign)) == 2

    async with site.working():
        ended = await finished_job(world, job)
    assert outcome(ended) == ("completed", 5, [])
    made = await enrollments(world, campaign)
    assert sorted(each["contact_id"] for each in made) == sorted(ids)


@pytest.mark.usefixtures("portions_of_two")
@pytest.mark.parametrize("status", ["paused", "archived"])
async def test_campaign_that_stops_midway_takes_none_of_those_who_are_left(
    site: Site, quiet_world: World, status: str
) -> None:
    world = quiet_world
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 4)
    job = await bulk_job(world, campaign, "bulk", contact_ids=ids)
    await portion(world, job)

    await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": status})
    async with site.working():
        ended = await finished_job(world, job)

    assert outcome(ended) == (
        "completed",
        2,
        [(each, "campaign_not_active") for each in ids[2:]],
    )
    assert await contacts_in(world, campaign) == set(ids[:2])


@pytest.mark.usefixtures("portions_of_two")
async def test_bulk_enroll_that_is_cancelled_stops_between_two_portions(
    site: Site, quiet_world: World
) -> None:
    world = quiet_world
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 4)
    job = await bulk_job(world, campaign, "bulk", contact_ids=ids)
    await portion(world, job)

    cancelled = (await world.staff.post(f"/jobs/{job['id']}/cancel"))["job"]
    async with site.working():
        await handle(world, job).result()

    assert (cancelled["status"], cancelled["done"], cancelled["total"]) == ("cancelled", 2, 4)
    assert await contacts_in(world, campaign) == set(ids[:2])
    assert await items(world) == 0


async def test_two_jobs_at_once_enroll_each_contact_once(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    ids = await create_contacts(world, 10)

    jobs = [
        await bulk_job(world, campaign, "bulk", contact_ids=order) for order in (ids, ids[::-1])
    ]
    ended = [await finished_job(world, job) for job in jobs]

    assert sum(job["done"] for job in ended) == 10
    refusals = [error["code"] for job in ended for error in job["errors"]]
    assert refusals == ["already_enrolled"] * 10
    assert len(await enrollments(world, campaign)) == 10
