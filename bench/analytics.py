"""What reports cost on a campaign of a million executions, and what keeping them up costs: `python -m bench.analytics`.

On `DATABASE_URL`, where it leaves a company of that size, else on a PostgreSQL of its own. The campaign has 100,000
enrollments of ten steps each, spread over the hours of a year; what happened to a thousand more is yet to be folded in.
Reports are asked for through the whole API, but for the network.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import text

from api.app import create_app
from db.migrate import migrate
from db.rollup import fold_analytics, rebuild_analytics
from db.session import Database, engine, person
from dev.postgres import EmbeddedPostgres
from domain.enums import Role
from services.companies import create_company, create_key, create_user
from services.settings import Settings

ENROLLMENTS, STEPS, PORTION = 100_000, 10, 10_000
ASKED, TRIED, NOTED = 300, 2_000, 1_000
KEY = "cb_" + "b" * 43
_STEPS = """
    insert into campaign_steps (tenant_id, campaign_id, step_order, step_type, step_config)
    select $1, $2, n, case when n % 3 = 0 then 'send_sms' when n = 10 then 'wait' else 'send_email' end,
           case when n % 3 = 0 then '{"body": "Hi"}'::jsonb when n = 10 then '{}'
                else '{"subject": "Hi", "html": "<p>Hi</p>"}' end
    from generate_series(1, $3::int) n
"""
_CONTACTS = """
    insert into contacts (tenant_id, first_name, last_name) select $1, 'Ann', 'Lee' from generate_series(1, $2::int)
"""
_ENROLLMENTS = """
    insert into campaign_enrollments (tenant_id, campaign_id, contact_id, enrollment_source, enrolled_at, status,
                                      steps_completed, goal_achieved, goal_achieved_at, workflow_status)
    select $1, $2, id, 'api', at, (array['completed', 'exited', 'completed', 'failed'])[1 + n % 4], 9, n % 5 = 0,
           case when n % 5 = 0 then at + interval '6 days' end, 'closed'
    from (select id, row_number() over () as n, now() - interval '20 days' - random() * interval '345 days' as at
          from contacts where tenant_id = $1) contacts
"""
_EXECUTIONS = """
    insert into campaign_step_executions (tenant_id, campaign_id, enrollment_id, step_id, step_type, visit, status,
                                          scheduled_at, completed_at, delivered_at, bounced_at, opened_at, clicked_at,
                                          replied_at, variant)
    select $1, $2, e.id, s.id, s.step_type, s.step_order,
           case when dice < 0.95 then 'completed' when dice < 0.98 then 'skipped' else 'failed' end, at, at,
           at + interval '5 seconds', case when dice < 0.02 then at + interval '9 seconds' end,
           case when dice < 0.45 then at + dice * interval '20 hours' end,
           case when dice < 0.10 then at + dice * interval '90 hours' end,
           case when dice < 0.06 then at + dice * interval '50 hours' end,
           case when s.step_order = 1 then case when e.id::text < '8' then 'A' else 'B' end end
    from (select id, enrolled_at from campaign_enrollments where campaign_id = $2 order by id offset $3 limit $4) e
    cross join campaign_steps s
    cross join lateral (select random() as dice, e.enrolled_at + s.step_order * interval '31 hours' as at) d
    where s.campaign_id = $2
"""
_REVENUE = """
    insert into attributions (tenant_id, campaign_id, enrollment_id, contact_id, event_id, amount, occurred_at)
    select tenant_id, campaign_id, id, contact_id, gen_random_uuid(), 9400, goal_achieved_at
    from campaign_enrollments where campaign_id = $1 and goal_achieved
"""
_LIFE = (
    "update campaign_step_executions set status = 'running', attempting_since = now() where id = $1",
    "update campaign_step_executions set status = 'completed', completed_at = now() where id = $1",
    "update campaign_step_executions set delivered_at = now() where id = $1",
)
_FOLLOW_UP = (
    "update campaign_step_executions set opened_at = now() where id = $1",
    "update campaign_step_executions set clicked_at = now() where id = $1",
)
"""What happens to a part of the messages only."""
_BEGIN = """
    insert into campaign_step_executions (tenant_id, campaign_id, enrollment_id, step_id, step_type, visit,
                                          scheduled_at)
    select e.tenant_id, e.campaign_id, e.id, s.id, s.step_type, 1000 + $3::int, now()
    from campaign_enrollments e join campaign_steps s on s.campaign_id = e.campaign_id and s.step_order = 1
    where e.campaign_id = $1 and e.id = $2 returning id
"""
_TRIGGERS = ("note_executions", "note_execution_change")


async def create_campaign(database: Database, owner: asyncpg.Connection) -> tuple[UUID, UUID]:
    """A company and its campaign of that size."""
    tenant_id = await create_company(database, "Bench", timezone="America/Denver")
    async with database.transaction(person(tenant_id, tenant_id, Role.ADMIN)) as session:
        email = f"{tenant_id.hex}@bench.example"
        user = await create_user(session, email=email, name="B", role=Role.ADMIN, password=None)
        await create_key(session, user, Role.ADMIN, f"{KEY}{tenant_id.hex}")
    campaign_id = await owner.fetchval(
        "insert into campaigns (tenant_id, name, campaign_type, goal_type, goal_target)"
        " values ($1, 'Storm', 'drip', 'deals', 30000) returning id",
        tenant_id,
    )
    # What the triggers would do a million times is done once, by the rebuild.
    await owner.execute("set session_replication_role = replica")
    await owner.execute(_STEPS, tenant_id, campaign_id, STEPS)
    await owner.execute(_CONTACTS, tenant_id, ENROLLMENTS)
    await owner.execute(_ENROLLMENTS, tenant_id, campaign_id)
    for offset in range(0, ENROLLMENTS, PORTION):
        await owner.execute(_EXECUTIONS, tenant_id, campaign_id, offset, PORTION)
    await owner.execute(_REVENUE, campaign_id)
    await owner.execute("set session_replication_role = default")
    await owner.execute("vacuum analyze")
    return tenant_id, campaign_id


async def rebuild(database: Database, owner: asyncpg.Connection, tenant_id: UUID) -> None:
    """Roll it up, and say how long that took and into how many rows."""
    began = time.perf_counter()
    async with database.transaction(engine(tenant_id)) as session:
        await rebuild_analytics(session)
    taken = time.perf_counter() - began
    await owner.execute("vacuum analyze campaign_analytics, step_analytics, analytics_deltas")
    rows = [
        await owner.fetchval(f"select count(*) from {table} where tenant_id = $1", tenant_id)  # noqa: S608 — ours
        for table in ("campaign_analytics", "step_analytics")
    ]
    print(f"rebuilt in {taken:.1f} s: {rows[0]:,} rows of campaigns, {rows[1]:,} of steps")


async def live(
    owner: asyncpg.Connection, campaign_id: UUID, enrollments: Sequence[UUID], number: int
) -> float:
    """Milliseconds that an execution takes in the database, from its beginning to a click."""
    statements = [await owner.prepare(each) for each in (*_LIFE, *_FOLLOW_UP)]
    began = time.perf_counter()
    for enrollment_id in enrollments:
        async with owner.transaction():
            execution_id = await owner.fetchval(_BEGIN, campaign_id, enrollment_id, number)
            for statement in statements:
                await statement.fetch(execution_id)
    return (time.perf_counter() - began) / len(enrollments) * 1000


async def cost_of_keeping_up(owner: asyncpg.Connection, campaign_id: UUID) -> None:
    """Compare lives with and without the triggers, turn by turn: what else the machine does changes."""
    enrollments = [
        row["id"]
        for row in await owner.fetch(
            "select id from campaign_enrollments where campaign_id = $1 limit $2",
            campaign_id,
            TRIED // 10,
        )
    ]
    taken: dict[str, list[float]] = {"disable": [], "enable": []}
    for number in range(20):
        for mode, times in taken.items():
            for trigger in _TRIGGERS:
                await owner.execute(
                    f"alter table campaign_step_executions {mode} trigger {trigger}"
                )
            times.append(
                await live(owner, campaign_id, enrollments, 2 * number + (mode == "enable"))
            )
    without, with_them = (min(times) for times in taken.values())
    print(
        f"an execution from its beginning to a click, in the database: {without:.2f} ms without, "
        f"{with_them:.2f} ms with the notes: {with_them - without:.2f} ms for 6 changes"
    )


@asynccontextmanager
async def serving(url: str, tenant_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """The API, asked without a network."""
    app = create_app(Settings(database_url=url, campaigns_env="development"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://bench.example/api",
            headers={"Authorization": f"Bearer {KEY}{tenant_id.hex}"},
        ) as api,
    ):
        yield api


async def ask(api: httpx.AsyncClient, name: str, path: str) -> None:
    """Ask for a report again and again, and print what that took."""
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        (await api.get(path)).raise_for_status()
        taken.append(time.perf_counter() - began)
    p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    print(f"{name:44} p50 {p50 * 1000:6.1f} ms  p99 {p99 * 1000:6.1f} ms  {ASKED} samples")


async def main() -> None:
    """Fill a database, roll it up, ask, and print what that took."""
    with ExitStack() as running:
        url = os.environ.get("DATABASE_URL")
        if not url:
            directory = running.enter_context(tempfile.TemporaryDirectory())
            url = running.enter_context(EmbeddedPostgres(Path(directory) / "postgres")).url
        await migrate(url)
        database, owner = Database(url), await asyncpg.connect(url)
        tenant_id, campaign_id = await create_campaign(database, owner)
        await rebuild(database, owner, tenant_id)
        await cost_of_keeping_up(owner, campaign_id)
        async with database.transaction(engine(tenant_id)) as session:
            noted = await session.scalar(text("select count(*) from analytics_deltas"))
            began = time.perf_counter()
            await fold_analytics(session)
            print(f"folded {noted:,} notes in {time.perf_counter() - began:.2f} s")
        enrollment = [await owner.fetchval("select id from campaign_enrollments limit 1")]
        for number in range(NOTED):
            await live(owner, campaign_id, enrollment, 1000 + number)
        path = f"/campaigns/{campaign_id}/analytics"
        async with serving(url, tenant_id) as api:
            await ask(api, "campaign, a year", path)
            await ask(api, "campaign, a year in another zone", f"{path}?timezone=Asia/Kathmandu")
            await ask(api, "campaign, 30 days", f"{path}?from=2026-10-01&to=2026-10-30")
            await ask(api, "campaign, a year as CSV", f"{path}.csv")
            await ask(api, "company, a year", "/analytics")
        await owner.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
