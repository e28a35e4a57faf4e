"""Migrating, on a server of its own: roles belong to the whole server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import select, text

from db.conversations import list_conversation
from db.inbox import list_conversations
from db.migrate import migrate
from db.paging import Slice
from db.session import Database, engine, person
from db.tables import Contact
from db.vocabulary import custom_names
from dev.postgres import EmbeddedPostgres
from domain.analytics import Totals
from domain.enums import Role
from domain.periods import Period
from services.companies import create_company, create_user
from tests.db import companies
from tests.db.catalogue import ROLES, tables
from tests.db.conftest import create_database
from tests.db.tallies import EVER, check


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("spare") / "postgres", durable=False)
    with server:
        yield server.url


@pytest.fixture
async def empty(server: str) -> str:
    return await create_database(server, f"empty_{uuid4().hex}")


@pytest.fixture(scope="module")
async def hosting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The server of a hosting company, as its superuser sees it."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("hosted") / "postgres", durable=False)
    with server:
        connection = await asyncpg.connect(server.url)
        await connection.execute("create role deployer login createrole password 'roof'")
        await connection.close()
        yield server.url


def as_deployer(database: str) -> str:
    """Its URL as the customer has it, who owns the database and is no superuser."""
    url = urlsplit(database)
    return url._replace(netloc=f"deployer:roof@{url.hostname}:{url.port}").geturl()


@pytest.fixture(scope="module")
async def hosted(hosting: str) -> str:
    """A migrated database as a hosting company hands it over: its owner is no superuser."""
    hosted = as_deployer(await create_database(hosting, "hosted", "owner deployer"))
    await asyncio.gather(migrate(hosted), migrate(hosted))
    return hosted


async def schema(url: str) -> set[tuple[str, ...]]:
    """Everything that a migration makes, in words."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        """
        select 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod)
        from pg_attribute join pg_class on pg_class.oid = attrelid
        where relnamespace = 'public'::regnamespace and attnum > 0
        union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace
        union all select 'index', tablename, indexname, indexdef
        from pg_indexes where schemaname = 'public'
        union all select 'policy', tablename, policyname, cmd || coalesce(qual, '') || coalesce(with_check, '')
        from pg_policies
        union all select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        from pg_trigger where not tgisinternal
        union all select 'grant', table_name || '.' || column_name, grantee::text, privilege_type
        from information_schema.column_privileges where table_schema = 'public'
        """
    )
    await connection.close()
    return {tuple(row) for row in rows}


async def add_contact(database: Database, tenant_id: UUID) -> None:
    async with database.transaction(person(tenant_id, tenant_id, Role.STAFF)) as session:
        session.add(Contact(tenant_id=tenant_id, first_name="Ann"))


async def seen(database: Database, tenant_id: UUID) -> list[str | None]:
    async with database.transaction(engine(tenant_id)) as session:
        return list(await session.scalars(select(Contact.first_name)))


async def test_second_migration_leaves_schema_and_rows_as_they_are(empty: str) -> None:
    await migrate(empty)
    database = Database(empty)
    tenant_id = await create_company(database, "Ridge Roofing")
    await add_contact(database, tenant_id)
    before = await schema(empty)

    await migrate(empty)

    assert len(before) > 300
    assert await schema(empty) == before
    assert await seen(database, tenant_id) == ["Ann"]
    await database.close()


async def test_deployments_that_migrate_at_once_make_one_schema(server: str, empty: str) -> None:
    await asyncio.gather(*(migrate(empty) for _ in range(4)))

    alone = await create_database(server, f"alone_{uuid4().hex}")
    await migrate(alone)
    assert await schema(empty) == await schema(alone)


async def test_migration_does_not_disturb_transactions_under_way(empty: str) -> None:
    await migrate(empty)
    database = Database(empty)
    tenant_id = await create_company(database, "Ridge Roofing")
    async with database.transaction(person(tenant_id, tenant_id, Role.STAFF)) as session:
        session.add(Contact(tenant_id=tenant_id, first_name="Ann"))
        await session.flush()
        await asyncio.wait_for(migrate(empty), timeout=10)
    assert await seen(database, tenant_id) == ["Ann"]
    await database.close()


async def test_owner_without_superuser_migrates_and_serves(hosted: str) -> None:
    database = Database(hosted)
    await database.check()
    ridge = await create_company(database, "Ridge Roofing")
    summit = await create_company(database, "Summit Roofing")
    await add_contact(database, ridge)

    assert await seen(database, ridge) == ["Ann"]
    assert await seen(database, summit) == []
    async with database.gateway() as gateway:
        count = await gateway.scalar(text("select count(id) from tenants"))
    assert count == 2
    await database.close()


async def test_steps_that_were_skipped_before_they_were_counted_are_counted(hosting: str) -> None:
    older = await create_database(hosting, f"older_{uuid4().hex}", "owner deployer")
    await migrate(as_deployer(older), "0002")
    superuser = await asyncpg.connect(older)
    for _ in range(2):
        await companies.create_company(superuser)
    await superuser.execute("update campaign_step_executions set status = 'skipped'")

    await migrate(as_deployer(older))

    assert await superuser.fetch("select total_skipped from campaign_steps") == [(1,), (1,)]
    forced = "select relforcerowsecurity from pg_class where oid = $1::regclass"
    for table in ("campaign_steps", "campaign_step_executions"):
        assert await superuser.fetchval(forced, table)
    await superuser.close()


async def test_what_happened_before_there_were_reports_is_in_them(hosting: str) -> None:
    older = await create_database(hosting, f"older_{uuid4().hex}", "owner deployer")
    await migrate(as_deployer(older), "0003")
    superuser = await asyncpg.connect(older)
    both = [await companies.create_company(superuser) for _ in range(2)]
    for statement in _YEARS_OF_BUSINESS:
        await superuser.execute(statement)

    await migrate(as_deployer(older))

    for company in both:
        for period in (EVER, Period(date(2026, 3, 8), date(2026, 3, 12), "Asia/Kathmandu")):
            total = (await check(older, company, period)).total()
            assert [name for name in _COUNTED if not getattr(total, name)] == []
    forced = "select relforcerowsecurity from pg_class where oid = $1::regclass"
    for table in ("campaign_enrollments", "campaign_step_executions", "attributions"):
        assert await superuser.fetchval(forced, table)
    await superuser.close()


_YEARS_OF_BUSINESS = (
    """
    insert into campaign_enrollments (tenant_id, campaign_id, contact_id, enrollment_source, enrolled_at, status,
                                      goal_achieved, goal_achieved_at)
    select e.tenant_id, e.campaign_id, e.contact_id, 'api', at, (array['completed', 'exited', 'failed'])[1 + n % 3],
           n % 2 = 0, case when n % 2 = 0 then at + interval '3 days' end
    from campaign_enrollments e
    cross join generate_series(1, 300) n
    cross join lateral (select timestamptz '2026-03-01 00:00+00' + n * interval '95 minutes' as at) moments
    """,
    """
    insert into campaign_step_executions (tenant_id, campaign_id, enrollment_id, step_id, step_type, visit, status,
                                          scheduled_at, completed_at, delivered_at, bounced_at, opened_at, clicked_at,
                                          replied_at, unsubscribed_at)
    select x.tenant_id, x.campaign_id, e.id, x.step_id, (array['send_email', 'send_sms', 'wait'])[1 + turn % 3],
           turn, case when n % 7 = 0 then 'skipped' else 'completed' end, at, at, at,
           case when n % 5 = 0 then at end, case when n % 2 = 0 then at + interval '90 minutes' end,
           case when n % 3 = 0 then at + interval '2 hours' end, case when n % 4 = 0 then at + interval '3 hours' end,
           case when n % 6 = 0 then at + interval '4 hours' end
    from campaign_step_executions x
    join (select *, row_number() over (partition by tenant_id order by enrolled_at) as n from campaign_enrollments) e
        on e.campaign_id = x.campaign_id
    cross join generate_series(2, 4) turn
    cross join lateral (select e.enrolled_at + turn * interval '5 hours' as at) moments
    """,
    """
    insert into attributions (tenant_id, campaign_id, enrollment_id, contact_id, event_id, amount, occurred_at)
    select tenant_id, campaign_id, enrollment_id, contact_id, event_id, 9400.10 - n * 100,
           occurred_at + n * interval '2 hours'
    from attributions, generate_series(1, 150) n
    """,
)
"""What happened to each company's one enrollment before, many times over, from 1 March on."""

_COUNTED = {each.name for each in fields(Totals)} - {"paused", "compared", "held_out"}


async def test_what_was_written_before_there_was_an_inbox_is_in_it_and_read(hosting: str) -> None:
    older = await create_database(hosting, f"older_{uuid4().hex}", "owner deployer")
    await migrate(as_deployer(older), "0004")
    superuser = await asyncpg.connect(older)
    both = [await companies.create_company(superuser) for _ in range(2)]
    for statement in _CORRESPONDENCE:
        await superuser.execute(statement)

    await migrate(as_deployer(older))

    database = Database(older)
    for company in both:
        async with database.transaction(company.engine()) as session:
            inbox = await list_conversations(session, Slice(200), unread=None, search=None)
            newest = {}
            for contact in await session.scalars(select(Contact).where(~Contact.is_deleted)):
                written = await list_conversation(
                    session, Slice(1), contact.id, channel=None, direction=None
                )
                newest[contact.id] = written.rows[0].id
            names = await custom_names(session)
        assert len(newest) == 26
        assert {each.contact.id: each.last_message.id for each in inbox.rows} == newest
        times = [each.last_message.at for each in inbox.rows]
        assert times == sorted(times, reverse=True)
        assert not any(each.unread for each in inbox.rows)
        assert names == {"contact": ["Roof age", "gate"], "project": ["shingle"]}
    await database.close()
    forced = "select relname from pg_class where relrowsecurity and not relforcerowsecurity"
    assert await superuser.fetch(forced) == []
    await superuser.close()


_CORRESPONDENCE = (
    """
    insert into contacts (tenant_id, first_name, custom, is_deleted)
    select id, 'Contact ' || n, case n % 2 when 0 then '{"gate": 7}' else '{"Roof age": 3, "gate": null}' end::jsonb,
           n % 6 = 0
    from tenants, generate_series(1, 30) n
    """,
    """update projects set custom = '{"shingle": "slate"}'""",
    """
    insert into messages (tenant_id, contact_id, channel, direction, status, created_at)
    select tenant_id, id, 'sms', case n % 2 when 0 then 'inbound' else 'outbound' end, 'completed',
           timestamptz '2026-03-01 00:00+00' + n * interval '1 hour'
    from contacts, generate_series(1, 3) n where first_name like 'Contact %'
    """,
    """
    insert into campaign_enrollments (tenant_id, campaign_id, contact_id, enrollment_source, status)
    select c.tenant_id, e.campaign_id, c.id, 'api', 'completed'
    from contacts c join campaign_enrollments e on e.tenant_id = c.tenant_id
    where c.first_name like 'Contact %'
    """,
    """
    insert into campaign_step_executions (tenant_id, campaign_id, enrollment_id, step_id, step_type, visit, status,
                                          scheduled_at, completed_at, attempts)
    select x.tenant_id, x.campaign_id, e.id, x.step_id, (array['send_email', 'send_sms', 'wait'])[1 + n % 3], n,
           (array['completed', 'skipped', 'failed', 'unknown'])[1 + number % 4], at, at, number % 2
    from campaign_step_executions x
    join (select *, row_number() over (partition by tenant_id order by id) as number
          from campaign_enrollments where status = 'completed') e on e.campaign_id = x.campaign_id
    cross join generate_series(1, 3) n
    cross join lateral (select timestamptz '2026-03-01 00:30+00' + number * n * interval '20 minutes' as at) moments
    """,
)
"""Of each company and 30 contacts, five of whom are deleted: texts by hand, and what a campaign sent or did not."""


async def test_owner_of_the_tables_sees_no_rows_without_a_tenant(hosted: str) -> None:
    """Row-level security is forced: who connects past the application finds nothing by accident."""
    database = Database(hosted)
    ridge = await create_company(database, "Ridge Roofing")
    async with database.transaction(person(ridge, ridge, Role.ADMIN)) as session:
        await create_user(
            session, email="rob@ridge.example", name="Rob", role=Role.ADMIN, password=None
        )
    await database.close()

    connection = await asyncpg.connect(hosted)
    visible = [name for name in await tables(connection) if await connection.fetch(f"table {name}")]
    await connection.close()
    assert visible == []


@pytest.mark.parametrize("role", ROLES)
async def test_role_that_may_bypass_row_level_security_is_refused(
    server: str, empty: str, role: str
) -> None:
    await migrate(empty)
    connection = await asyncpg.connect(server)
    database = Database(empty)
    await database.check()
    try:
        for power in ("bypassrls", "superuser"):
            await connection.execute(f"alter role {role} {power}")
            with pytest.raises(RuntimeError, match=role):
                await database.check()
            await connection.execute(f"alter role {role} no{power}")
        await database.check()
    finally:
        await connection.execute(f"alter role {role} nosuperuser nobypassrls")
        await connection.close()
        await database.close()
