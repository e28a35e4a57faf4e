"""All of it: campaigns, lives and faults at once, then quiet, then the verdict."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg
from temporalio.client import Client as TemporalClient
from temporalio.service import RPCError

from dev.chaos import lives, monkey
from dev.chaos.client import Client, Json
from dev.chaos.installation import Installation
from dev.chaos.lives import Life, Living, Silence
from dev.chaos.mix import Line, lines
from dev.chaos.monkey import Monkey
from dev.chaos.record import read_record, unsettled
from dev.chaos.verdict import Verdict, judge
from dev.process import StackError

HALT = (0.4, 0.6)
"""From when to when a campaign is paused as a whole, as shares of the time."""

SETTLING_SECONDS = 420
"""Two minutes until a text is `unknown`, two more until what a dead worker left is, and waits between retries."""

TICK = 1.0
UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it is starting, or recovers
    RPCError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordeal:
    """How long and how much. The campaigns' delays are so many minutes."""

    seed: int
    seconds: float
    enrollments: int
    delay_minutes: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, and what came of it."""

    ordeal: Ordeal
    monkey: Monkey
    retries: int
    settled_after: float
    verdict: Verdict


async def undergo(ordeal: Ordeal, home: Path, say: Callable[[str], None]) -> Report:
    """Start a stack in `home`, torment it, let it settle, and judge.

    Raises:
        StackError: The stack did not start, or ended by itself.
    """
    async with Installation(home) as installation:
        client = Client(installation.api_url, installation.sandbox_url)
        async with aclosing(client):
            proceeding = asyncio.create_task(_proceed(ordeal, installation, client, say))
            watching = asyncio.create_task(installation.watch())
            try:
                await asyncio.wait((proceeding, watching), return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    await watching
                return await proceeding
            finally:
                for task in (proceeding, watching):
                    task.cancel()
                await asyncio.gather(proceeding, watching, return_exceptions=True)


async def _proceed(
    ordeal: Ordeal, installation: Installation, client: Client, say: Callable[[str], None]
) -> Report:
    random = Random(ordeal.seed)  # noqa: S311 — to be had again, not to be secret
    mix = lines(installation.sandbox_url, ordeal.delay_minutes)
    strikes = monkey.plan(random, ordeal.seconds)
    people = lives.plan(random, mix, ordeal.enrollments, ordeal.seconds, 60 * ordeal.delay_minutes)
    campaign_ids: dict[str, str] = {}
    step_names: dict[UUID, str] = {}
    for line in mix:
        campaign_ids[line.name], names = await _build(client, line)
        step_names |= names

    beast = Monkey(installation, client, say)
    living = Living(client, campaign_ids)
    async with asyncio.TaskGroup() as group:
        group.create_task(beast.run(strikes))
        for line in mix:
            if line.halted:
                group.create_task(_halt(ordeal, client, campaign_ids[line.name], line, people))
        for life in people:
            group.create_task(living.live(life))

    say("No more faults; what is under way may come to its end.")
    temporal = await TemporalClient.connect(installation.temporal_address, lazy=True)
    began = time.monotonic()
    left = await _settle(installation.database_url, temporal)
    settled_after = time.monotonic() - began
    record = await read_record(
        installation.database_url, temporal, client, list(campaign_ids.values())
    )
    verdict = judge(record, people, step_names)
    verdict.problems += [f"{count} {what}" for what, count in left.items()]
    return Report(ordeal, beast, client.retries, settled_after, verdict)


async def _build(client: Client, line: Line) -> tuple[str, dict[UUID, str]]:
    """Make an active campaign of a line; its id, and the names of its steps."""
    body: Json = {"name": line.name, "campaign_type": "drip", "respect_business_hours": False}
    path = f"/campaigns/{(await client.ask('POST', '/campaigns', body)).body['campaign']['id']}"
    ids: dict[str, str] = {}
    for name, step in line.steps.items():
        parent = step.get("parent_step_id")
        fields = {**step, "parent_step_id": ids[parent]} if parent else step
        made = await client.ask("POST", f"{path}/steps", fields)
        if not made.ok:
            raise StackError(f"The step {name} is refused: {made.body}")
        ids[name] = made.body["step"]["id"]
    await client.ask("PATCH", path, {"status": "active"})
    return path.rpartition("/")[2], {UUID(id_): name for name, id_ in ids.items()}


async def _halt(
    ordeal: Ordeal, client: Client, campaign_id: str, line: Line, people: list[Life]
) -> None:
    """Pause a campaign for a while; everybody in it hears nothing."""
    path = f"/campaigns/{campaign_id}"
    first, last = HALT
    await asyncio.sleep(first * ordeal.seconds)
    await client.ask("PATCH", path, {"status": "paused"})
    began = lives.now()
    await asyncio.sleep((last - first) * ordeal.seconds)
    silence = Silence(began, lives.now(), "the campaign was paused")
    for life in people:
        if life.line is line:
            life.silences.append(silence)
    await client.ask("PATCH", path, {"status": "active"})


async def _settle(database_url: str, temporal: TemporalClient) -> dict[str, int]:
    """Wait until nothing goes on any more; what still does after all that time."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        try:
            left = await unsettled(database_url, temporal)
        except UNREACHABLE:
            left = {"servers that do not answer": 1}
        if not left or time.monotonic() > deadline:
            return left
        await asyncio.sleep(TICK)


def table(report: Report) -> Iterator[str]:
    """The report for people, a line at a time."""
    verdict, done = report.verdict, report.monkey
    rows = {
        "seed": report.ordeal.seed,
        "minutes": f"{report.ordeal.seconds / 60:g}, settled after {report.settled_after:.0f} s more",
        "kills": _counts(done.kills),
        "cuts": _counts(done.cuts),
        "API calls repeated": report.retries,
        "enrollments": _counts(verdict.endings),
        "messages": verdict.messages,
        "duplicates": verdict.duplicates,
        "losses": verdict.losses,
        "unknown": f"{verdict.unknown}, of which {verdict.lost_unknown} never arrived",
    }
    for name, value in rows.items():
        yield f"{name:20} {value}"


def _counts(counter: Counter[str]) -> str:
    parts = ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))
    return f"{counter.total()} ({parts})" if parts else "0"
