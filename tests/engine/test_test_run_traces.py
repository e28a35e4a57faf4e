"""Test runs leave nothing behind, hold nobody up, and say what then happens."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from db.campaigns import changing
from db.session import engine
from db.situations import load_situation
from tests.engine.helpers import after, at, email, fork, inside, tag
from tests.engine.trials import assumed, steps_of, try_out
from tests.world import EMAIL, TEXT, Json, World, eventually, noon_zone

SOON = timedelta(seconds=2)
"""What the real servers take to get round to things."""

CALL = {
    "step_type": "create_task",
    "step_config": {"title": "Call {{ first_name }}", "task_type": "call"},
}
SOLD = {
    "step_type": "update_field",
    "step_config": {"entity": "contact", "field": "stage", "value": "sold"},
}
THREE_DAYS = {"delay_value": 3, "delay_unit": "days"}
HAS_OPENED = [{"field": "enrollment.emails_opened", "operator": "greater_than", "value": 0}]


@pytest.fixture
async def owner(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


async def rows(owner: asyncpg.Connection, world: World) -> Mapping[str, str]:
    """All that the database holds of the company, for each table."""
    names = await owner.fetch(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'tenant_id'"
    )
    return {
        name: await owner.fetchval(
            f"select coalesce(string_agg(t::text, '|' order by t::text), '') from {name} t"
            " where tenant_id = $1",
            world.tenant_id,
        )
        for (name,) in names
    }


async def everything(world: World) -> Json:
    """A campaign of all ten step types, and its branches."""
    url = f"{world.sandbox.base_url}/hook/tried"
    campaign = await world.create_campaign(
        EMAIL,
        after(TEXT, 1, "days"),
        after(tag("warm"), 2, "hours"),
        {"step_type": "webhook", "step_config": {"url": url}},
        after(CALL, 1, "weeks"),
        {
            "step_type": "notify",
            "step_config": {"role": "admin", "title": "{{ first_name }}", "message": "Look"},
        },
        {
            "step_type": "update_field",
            "step_config": {"entity": "contact", "field": "stage", "value": "tried"},
        },
        after({"step_type": "wait"}, 90, "minutes"),
    )
    is_tried = {"field": "contact.stage", "operator": "equals", "value": "tried"}
    branching = await world.add_step(campaign, **after(fork([is_tried]), 3, "days"))
    await world.add_step(campaign, **inside(EMAIL, branching, "true"))
    leaving = {"step_type": "exit_campaign", "step_config": {"reason": "stage_changed"}}
    await world.add_step(campaign, **leaving)
    await world.add_step(campaign, **EMAIL)
    return campaign


async def test_run_says_what_then_happens(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    campaign = await everything(world)

    run = await try_out(world, campaign, contact)
    enrollment = await world.enroll(campaign, contact)
    for _ in range(3):
        await world.pass_time(enrollment, days=4)
    real = await world.finished(enrollment)

    assert len(run["entries"]) == 11
    assert run["outcome"]["exit_reason"] == "stage_changed"
    await check_agreement(world, run, real, contact)


async def test_run_waits_skips_and_branches_as_then_happens(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone(), sms_consent=False)
    campaign = await world.create_campaign(
        EMAIL,
        after(TEXT, 8, "days"),
        email("Your {{ custom.roof }}"),
        {"step_type": "wait", "step_config": {"until": {"event": "signed", "timeout": THREE_DAYS}}},
        after(tag("late"), 36, "hours"),
        after(CALL, 2, "days"),
        SOLD,
        after(EMAIL, 1, "weeks"),
        respect_business_hours=True,
        business_hours={"start": 9, "end": 11.5, "days": ["Tue", "Fri"], "timezone": "contact"},
        holidays="us_federal",
        exit_on_stages=["sold"],
        activate=False,
    )
    letter, *_ = await steps_of(world, campaign)
    reading = await world.add_step(campaign, **after(fork(HAS_OPENED), 1, "weeks"), step_order=2)
    await world.add_step(campaign, **inside(email("You read it"), reading, "true"))
    await world.add_step(campaign, **inside(email("Did you see it"), reading, "false"))
    await world.activate(campaign)

    run = await try_out(world, campaign, contact, assume=[assumed(letter, "opened")])
    enrollment = await world.enroll(campaign, contact)
    # Not as far as the branch, which looks a week after the letter whether it was read.
    while (await world.detail(enrollment))["emails_sent"] == 0:
        await world.pass_time(enrollment, days=1)
    await world.read_later()
    await world.homeowner.open((await world.messages(contact["email"]))[0])
    await world.until(enrollment, lambda now: now["emails_opened"] == 1)
    # Nor as far as the last e-mail: that it is sold is heard on the real clock.
    while (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]["stage"] != "sold":
        await world.pass_time(enrollment, days=1)
    real = await world.finished(enrollment)

    assert [each["status"] for each in run["entries"]] == [
        "done", "done", "done", "skipped", "skipped", "done", "done", "done", "done",
    ]  # fmt: skip
    assert run["outcome"]["exit_reason"] == "stage_changed"
    await check_agreement(world, run, real, contact)


async def check_agreement(world: World, run: Json, real: Json, contact: Json) -> None:
    """What a test run said of an enrollment is what came of it."""
    assert len(real["executions"]) == len(run["entries"])
    for entry, execution in zip(run["entries"], real["executions"], strict=True):
        assert entry["step_id"] == execution["step_id"]
        assert entry["status"] == {"completed": "done"}.get(
            execution["status"], execution["status"]
        )
        assert abs(at(entry["at"]) - at(execution["completed_at"])) < SOON * len(run["entries"])
        if entry["status"] == "skipped" or entry["branch"] is not None:
            assert entry["result"] == execution["result_data"]
    said = [
        each["content"]
        for each in run["entries"]
        if (each["step_type"], each["status"]) == ("send_email", "done")
    ]
    letters = await world.messages(contact["email"])
    assert [each["subject"] for each in said] == [each["subject"] for each in letters]
    assert [each["html"].partition("<p style")[0] for each in said] == [
        each["html"].partition("<p style")[0] for each in letters
    ]
    assert (real["status"], real["exit_reason"]) == (
        run["outcome"]["status"], run["outcome"]["exit_reason"],
    )  # fmt: skip


async def test_run_leaves_nothing_behind(world: World, owner: asyncpg.Connection) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    await world.admin.post("/projects", {"contact_id": contact["id"], "stage": "new"})
    campaign = await everything(world)
    letter, note, *_ = await steps_of(world, campaign)
    await quiet(world)
    before = await rows(owner, world)

    for who in (contact, {"first_name": "Bo", "email": "bo@home.example", "sms_opt_out": True}):
        run = await try_out(
            world,
            campaign,
            who,
            assume=[assumed(letter, "clicked"), assumed(note, "anything")],
        )
        assert len(run["entries"]) > 5

    assert await rows(owner, world) == before
    assert not await world.messages(contact["email"])
    assert not await world.messages(contact["phone"])


async def quiet(world: World) -> None:
    """Wait until the events so far are processed."""

    async def processed() -> bool:
        events = (await world.admin.get("/events", limit=200))["events"]
        return all(each["processed_at"] for each in events)

    await eventually(processed)


async def test_run_neither_waits_for_the_contact_nor_for_who_changes_the_campaign(
    world: World,
) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(after(EMAIL, 3, "days"), tag("on"))
    enrollment = await world.enroll(campaign, contact)

    async with world.database.transaction(engine(world.tenant_id)) as session:
        await changing(session, UUID(campaign["id"]))
        await load_situation(session, UUID(enrollment["id"]))
        await session.execute(text("select from contacts for update"))
        run = await asyncio.wait_for(try_out(world, campaign, contact), timeout=10)

    assert run["outcome"]["status"] == "completed"


async def test_opt_out_that_is_assumed_waits_for_nobody_who_has_the_address(world: World) -> None:
    contact = await world.create_contact()
    campaign = await world.create_campaign(EMAIL, after(EMAIL, 3, "days"), activate=False)
    letter, _ = await steps_of(world, campaign)

    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(text("select from contacts for update"))
        running = try_out(world, campaign, contact, assume=[assumed(letter, "unsubscribed")])
        run = await asyncio.wait_for(running, timeout=10)

    assert run["outcome"]["exit_reason"] == "unsubscribed"


async def test_many_runs_at_once_are_each_their_own(world: World) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    campaign = await world.create_campaign(EMAIL, after(TEXT, 1, "days"), activate=False)

    runs = await asyncio.gather(*(try_out(world, campaign, contact) for _ in range(8)))

    assert {len(each["entries"]) for each in runs} == {2}


async def test_run_of_twenty_steps_and_ninety_days_takes_less_than_a_second(world: World) -> None:
    kinds = [EMAIL, tag("a"), TEXT, {"step_type": "wait"}]
    steps = [after(kinds[number % 4], 4 + number % 2, "days") for number in range(20)]
    campaign = await world.create_campaign(*steps, activate=False, respect_business_hours=True)
    contact = await world.create_contact()
    loop = asyncio.get_running_loop()
    taken: list[float] = []

    while len(taken) < 10 and min(taken, default=1) >= 1:
        begun = loop.time()
        run = await try_out(world, campaign, contact)
        taken.append(loop.time() - begun)

    assert at(run["entries"][-1]["at"]) - at(run["entries"][0]["at"]) > timedelta(days=80)
    # Another test may be at it on the same machine: the quickest tells what a run takes.
    assert min(taken) < 1
