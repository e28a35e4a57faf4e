"""What a look at the dates of a million contacts costs: `python -m bench.scan`.

On `DATABASE_URL`, where it leaves a company of that size, else on a PostgreSQL of its own. A trigger with two
conditions matches about a hundred: the first look also enrolls them, those that follow find nobody new.
Nothing is told to Temporal.
"""

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import insert, text

from db.migrate import migrate
from db.session import Database, engine, person
from db.tables import Campaign, CampaignStep, CampaignTrigger
from dev.postgres import EmbeddedPostgres
from domain.enums import CampaignStatus, Role
from services.companies import create_company
from services.trigger_scan import enroll_due

CONTACTS, PORTION, LOOKS = 1_000_000, 100_000, 5
CONDITIONS = [
    {"field": "contact.stage", "operator": "in", "value": ["Estimate Sent", "Lead"]},
    {"field": "custom.roof_age", "operator": "greater_than", "value": 18},
]
DATES = {
    "created_at": {"relative_to": "created_at", "delay_value": 30, "delay_unit": "days"},
    "updated_at": {"relative_to": "updated_at", "delay_value": 30, "delay_unit": "days"},
    "custom.inspected": {
        "relative_to": "custom.inspected",
        "delay_value": 30,
        "delay_unit": "days",
    },
}
_FILL = text(
    """
    insert into contacts (tenant_id, first_name, email, stage, tags, custom, created_at, updated_at)
    select app_tenant(), 'Ann', n || '@bench.example',
           (array['lead', 'estimate sent', 'won', 'lost', 'inspection'])[1 + n % 5], array['hail', 'vip'],
           jsonb_build_object('roof_age', (n * 7 % 25)::text, 'roof', 'slate', 'floors', 2,
                              'inspected', to_char(now() - age, 'YYYY-MM-DD')),
           now() - age, now() - age
    from generate_series(cast(:first as int), :last) n
    cross join lateral (select ((n::bigint * 7919) % 1097) * interval '1 day' + n % 86400 * interval '1 second') a (age)
    """
)


async def company_of_that_size(database: Database) -> UUID:
    """A company with a million contacts that came in over three years."""
    tenant_id = await create_company(database, "Bench", timezone="America/Denver")
    for first in range(1, CONTACTS + 1, PORTION):
        async with database.transaction(engine(tenant_id)) as session:
            await session.execute(text("select set_config('app.events', 'off', true)"))
            await session.execute(_FILL, {"first": first, "last": first + PORTION - 1})
    return tenant_id


async def trigger_on(database: Database, tenant_id: UUID, date: str) -> tuple[UUID, UUID]:
    """An active campaign of one step, and its trigger, which has been on for a year."""
    async with database.transaction(person(tenant_id, tenant_id, Role.ADMIN)) as session:
        of_tenant = {"tenant_id": tenant_id}
        campaign = {"name": date, "campaign_type": "drip", "status": CampaignStatus.ACTIVE}
        added = insert(Campaign).values(**of_tenant, **campaign).returning(Campaign.id)
        campaign_id = (await session.scalars(added)).one()
        of_campaign = {**of_tenant, "campaign_id": campaign_id}
        step = {"step_type": "wait", "step_order": 1, "delay_value": 30, "delay_unit": "days"}
        await session.execute(insert(CampaignStep).values(**of_campaign, **step))
        trigger = {
            "trigger_type": "time_based",
            "trigger_config": DATES[date],
            "enrollment_conditions": CONDITIONS,
            "active_since": datetime(2026, 1, 1, tzinfo=UTC),
        }
        triggers = insert(CampaignTrigger).values(**of_campaign, **trigger)
        trigger_id = (await session.scalars(triggers.returning(CampaignTrigger.id))).one()
    return campaign_id, trigger_id


async def look(
    database: Database, tenant_id: UUID, campaign: UUID, trigger: UUID
) -> tuple[float, int]:
    """Seconds of one scan of the trigger, and how many it matched."""
    began = time.perf_counter()
    async with database.transaction(engine(tenant_id)) as session:
        matched = await enroll_due(session, campaign, trigger, datetime.now(UTC), {})
    return time.perf_counter() - began, matched


async def main() -> None:
    """Fill a database, scan it, and print what that took."""
    with ExitStack() as running:
        url = os.environ.get("DATABASE_URL")
        if not url:
            directory = running.enter_context(tempfile.TemporaryDirectory())
            url = running.enter_context(EmbeddedPostgres(Path(directory) / "postgres")).url
        await migrate(url)
        database = Database(url)
        tenant_id = await company_of_that_size(database)
        owner = await asyncpg.connect(url)
        await owner.execute("vacuum analyze contacts")
        await owner.close()
        print(f"{CONTACTS:,} contacts       matched   first look   later looks")
        for date in DATES:
            campaign, trigger = await trigger_on(database, tenant_id, date)
            first, matched = await look(database, tenant_id, campaign, trigger)
            later = [(await look(database, tenant_id, campaign, trigger))[0] for _ in range(LOOKS)]
            print(f"{date:24}{matched:8}{first:11.3f} s{statistics.median(later):12.3f} s")
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
