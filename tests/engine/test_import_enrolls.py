"""An import that enrolls whom the file names. A worker that is killed in it: tests/faults/test_killed_import.py."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from db.session import engine
from db.tables import JobItem
from domain.enums import Role
from services.bulk_enroll import BulkEnroll
from services.csv_upload import PIECE_ROWS
from tests.api.client import invalid_fields, problem
from tests.engine.conftest import Site
from tests.engine.helpers import after
from tests.engine.jobs import Crash, csv_of, finished_job, imported, outcome, portion, upload
from tests.world import EMAIL, Caller, Json, World, create_world

LATER = after(EMAIL, 30, "days")
ANN, BOB, CID = ({"email": f"{name}@home.example", "first name": name} for name in ("a", "b", "c"))


async def enrolled(world: World, campaign: Json) -> dict[str, Json]:
    """The enrollments by the first name of the contact."""
    contacts = (await world.staff.get("/contacts", limit=200))["contacts"]
    names = {contact["id"]: contact["first_name"] for contact in contacts}
    path = f"/campaigns/{campaign['id']}/enrollments"
    found = (await world.staff.get(path, limit=200))["enrollments"]
    return {names[each["contact_id"]]: each for each in found}


async def send(who: Caller, campaign_id: str) -> httpx.Response:
    files = {"file": ("contacts.csv", csv_of(ANN))}
    data = {"campaign_id": campaign_id}
    return await who.request("POST", "/contacts/import", files=files, data=data)


async def test_everybody_in_the_file_is_imported_and_enrolled(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    await world.create_contact(email=BOB["email"], first_name="Bo")

    job = await imported(world, csv_of(ANN, BOB, ANN), campaign=campaign)

    assert (job["kind"], *outcome(job)) == ("contact_import", "completed", 3, [])
    found = await enrolled(world, campaign)
    assert found.keys() == {"a", "b"}
    for each in found.values():
        assert each["enrollment_source"] == "bulk_import"
        assert each["enrolled_by"] == str(world.user_ids[Role.STAFF])
        await world.until(each, lambda now: now["next_step_scheduled_at"] is not None)


async def test_refusals_are_the_errors_of_their_rows_and_the_contacts_stay(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    known = await world.create_contact(email=BOB["email"])
    await world.enroll(campaign, known)

    job = await imported(
        world,
        csv_of(ANN, {"email": "nobody"}, BOB, {**BOB, "stage": "won"}, CID),
        campaign=campaign,
    )

    assert outcome(job) == (
        "completed",
        3,
        [("3", "validation_error"), ("4", "already_enrolled")],
    )
    assert (await world.staff.get(f"/contacts/{known['id']}"))["contact"]["stage"] == "won"
    assert (await enrolled(world, campaign)).keys() == {"a", "b", "c"}


async def test_limit_of_the_campaign_holds_in_the_order_of_the_file(world: World) -> None:
    campaign = await world.create_campaign(LATER, max_enrollments=2)

    job = await imported(world, csv_of(CID, ANN, BOB), campaign=campaign)

    assert outcome(job) == ("completed", 2, [("4", "max_enrollments_reached")])
    assert (await enrolled(world, campaign)).keys() == {"c", "a"}


async def test_campaign_that_stops_meanwhile_takes_nobody_more(
    site: Site, quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BulkEnroll, "portion_size", 1)
    world = quiet_world
    campaign = await world.create_campaign(LATER)
    job = await upload(world, csv_of(ANN, BOB, CID), campaign=campaign)
    await portion(world, job)  # in which they are imported
    await portion(world, job)
    await world.admin.patch(f"/campaigns/{campaign['id']}", {"status": "paused"})

    async with site.working():
        ended = await finished_job(world, job)

    stopped = [(line, "campaign_not_active") for line in ("3", "4")]
    assert outcome(ended) == ("completed", 1, stopped)
    assert (await enrolled(world, campaign)).keys() == {"a"}
    assert (await world.staff.get("/contacts"))["total"] == 3


async def test_file_without_rows_enrolls_nobody(world: World) -> None:
    job = await imported(world, b"email\n", campaign=await world.create_campaign(LATER))

    assert outcome(job) == ("completed", 0, [])


async def test_contact_that_comes_up_far_apart_is_enrolled_once(world: World) -> None:
    campaign = await world.create_campaign(LATER)
    others = "nobody\n" * PIECE_ROWS

    job = await imported(
        world, f"email\na@home.example\n{others}a@home.example\n".encode(), campaign=campaign
    )

    assert (job["total"], job["done"], job["failed"]) == (PIECE_ROWS + 2, 2, PIECE_ROWS)
    path = f"/campaigns/{campaign['id']}/enrollments"
    assert (await world.staff.get(path))["total"] == 1


@pytest.mark.parametrize("role", list(Role))
async def test_every_role_may_import_and_enroll_as_in_bulk(world: World, role: Role) -> None:
    callers = {Role.ADMIN: world.admin, Role.MANAGER: world.manager, Role.STAFF: world.staff}
    campaign = await world.create_campaign(LATER)

    answer = await send(callers[role], campaign["id"])

    assert answer.status_code == 202
    job = await finished_job(world, answer.json()["job"])
    assert outcome(job) == ("completed", 1, [])


async def test_campaign_that_takes_nobody_is_refused_at_once(world: World) -> None:
    stranger = await create_world(world.admin.http, world.temporal, world.sandbox, world.database)
    draft = await world.create_campaign(LATER, activate=False)
    theirs = await stranger.create_campaign(LATER)

    problem(await send(world.staff, draft["id"]), 409, "campaign_not_active")
    for unknown in (theirs["id"], str(uuid4())):
        problem(await send(world.staff, unknown), 404, "not_found")
    assert invalid_fields(await send(world.staff, "x")) == {"campaign_id"}

    assert (await world.staff.get("/jobs"))["total"] == 0


async def test_portion_that_dies_before_its_commit_is_done_again_and_nobody_twice(
    site: Site, quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BulkEnroll, "portion_size", 1)
    world = quiet_world
    campaign = await world.create_campaign(LATER)
    job = await upload(world, csv_of(ANN, BOB, CID), campaign=campaign)
    for _ in range(3):
        with pytest.raises(Crash):
            await portion(world, job, crash=True)
        await portion(world, job)

    async with site.working():
        ended = await finished_job(world, job)

    assert outcome(ended) == ("completed", 3, [])
    assert (await enrolled(world, campaign)).keys() == {"a", "b", "c"}
    async with world.database.transaction(engine(world.tenant_id)) as session:
        assert await session.scalar(select(func.count()).select_from(JobItem)) == 0
