"""What each role may do within its own company, or before a company is known."""

from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from db.session import Database, Scope, engine, person
from domain.enums import Role
from tests.db.catalogue import columns, may, tables, updatable
from tests.db.companies import Company, Row

ADMINS_ALONE = (
    "api_keys",
    "campaign_steps",
    "campaign_templates",
    "campaign_triggers",
    "campaigns",
    "message_templates",
    "tenants",
    "users",
)
"""Tables that managers and staff read, and admins write."""

ENGINE_READS = (
    "api_keys",
    "campaign_templates",
    "message_templates",
    "sessions",
    "tenants",
    "users",
)
"""Tables that the worker has no business to write."""

ENGINE_WRITES = {
    "campaigns": {
        "status", "on_resume", "paused_at", "paused_because", "resumed_at", "updated_at",
        "total_enrolled", "total_completed", "total_revenue",
    },
    "campaign_steps": {
        "total_executed", "total_succeeded", "total_failed", "total_skipped", "winner",
        "winner_chosen_at",
    },
    "campaign_triggers": {"active_since", "scanned_until"},
}  # fmt: skip
"""Of these the worker changes the named columns, and neither adds nor deletes rows."""

GATEWAY_READS = {
    "users": {"id", "tenant_id", "email", "role", "password_hash", "is_active"},
    "api_keys": {"id", "tenant_id", "user_id", "role", "key_hash"},
    "sessions": {"token_hash", "tenant_id", "user_id", "expires_at"},
    "password_links": {"token_hash", "tenant_id", "user_id", "expires_at"},
    "account_mails": {"id", "tenant_id", "workflow_status", "created_at"},
    "campaign_enrollments": {
        "id", "tenant_id", "status", "workflow_status", "refresh_requested_at", "enrolled_at",
        "next_step_scheduled_at", "parked", "campaign_id",
    },
    "counter_deltas": {"tenant_id"},
    "analytics_deltas": {"tenant_id"},
    "campaign_step_executions": {"tenant_id", "status", "started_at"},
    "alerts": {"id", "tenant_id", "created_at", "emailed_at"},
    "events": {"tenant_id", "processed_at"},
    "campaign_triggers": {"tenant_id", "trigger_type", "is_active"},
    "trigger_matches": {"tenant_id", "held"},
    "messages": {"id", "tenant_id", "workflow_status", "created_at"},
    "jobs": {"id", "tenant_id", "workflow_status", "created_at"},
    "contacts": {"tenant_id", "phone", "email"},
    "tenants": {"id", "sms_number", "from_email"},
}  # fmt: skip
"""All that is read before a tenant is known: sign-in, and finding work that a crash left behind."""

NOT_ADMINS = (Role.MANAGER, Role.STAFF)


async def execute(database: Database, scope: Scope, statement: str, row: Row | None = None) -> int:
    """How many rows a committed statement has changed."""
    async with database.transaction(scope) as session:
        result = await session.execute(text(statement), row)
        count: int = result.rowcount  # type: ignore[attr-defined]
    return count


@pytest.mark.parametrize("table", ADMINS_ALONE)
@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_manager_and_staff_change_nothing_of_what_admins_write(
    database: Database, owner: asyncpg.Connection, ridge: Company, role: Role, table: str
) -> None:
    column = min(await updatable(owner, "campaigns_app", table))
    update = f"update {table} set {column} = {column}"
    # Somebody else: what is their own of a user they do change.
    assert await execute(database, person(ridge.id, uuid4(), role), update) == 0
    assert await execute(database, person(ridge.id, uuid4(), Role.ADMIN), update) == 1


@pytest.mark.parametrize("table", [name for name in ADMINS_ALONE if name != "tenants"])
@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_manager_and_staff_add_and_delete_nothing_of_what_admins_write(
    database: Database, owner: asyncpg.Connection, ridge: Company, role: Role, table: str
) -> None:
    row = await ridge.new_row(owner, table)
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    insert = f"insert into {table} ({names}) values ({places})"
    with pytest.raises(ProgrammingError, match="row-level security"):
        await execute(database, ridge.person(role), insert, row)
    assert await execute(database, ridge.person(role), f"delete from {table}") == 0


@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_manager_and_staff_cannot_make_a_company(database: Database, role: Role) -> None:
    company = Company()
    company.rows["users"] = {"id": company.id}
    with pytest.raises(ProgrammingError, match="row-level security"):
        await execute(
            database,
            company.person(role),
            "insert into tenants (id, name) values (:id, 'Ours')",
            {"id": company.id},
        )


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_works_on_contacts(database: Database, ridge: Company, role: Role) -> None:
    update = "update contacts set stage = 'new'"
    assert await execute(database, ridge.person(role), update) == 1


async def test_nobody_but_the_server_deletes_a_company(owner: asyncpg.Connection) -> None:
    for role in ("campaigns_app", "campaigns_engine", "campaigns_gateway"):
        assert not await may(owner, role, "DELETE", "tenants")


@pytest.mark.parametrize("table", ENGINE_WRITES)
async def test_engine_changes_only_status_and_counters(
    database: Database, owner: asyncpg.Connection, ridge: Company, table: str
) -> None:
    changed = set()
    for column in await columns(owner, table):
        try:
            await execute(
                database, ridge.engine(), f"update {table} set {column.name} = {column.name}"
            )
        except ProgrammingError as error:
            if "permission denied" not in str(error):
                raise
        else:
            changed.add(column.name)
    assert changed == ENGINE_WRITES[table]


@pytest.mark.parametrize("table", [*ENGINE_WRITES, *ENGINE_READS])
async def test_engine_adds_and_deletes_nothing_that_people_build(
    owner: asyncpg.Connection, table: str
) -> None:
    for verb in ("INSERT", "DELETE"):
        assert not await may(owner, "campaigns_engine", verb, table)


@pytest.mark.parametrize("table", ENGINE_READS)
async def test_engine_changes_no_settings_and_no_content(
    owner: asyncpg.Connection, table: str
) -> None:
    assert await updatable(owner, "campaigns_engine", table) == set()


async def test_gateway_reads_its_columns_and_writes_nothing(owner: asyncpg.Connection) -> None:
    readable = {}
    for table in await tables(owner):
        for verb in ("INSERT", "UPDATE", "DELETE"):
            assert not await may(owner, "campaigns_gateway", verb, table), f"{verb} on {table}"
        names = {
            column.name
            for column in await columns(owner, table)
            if await owner.fetchval(
                "select has_column_privilege('campaigns_gateway', $1, $2, 'SELECT')",
                table,
                column.name,
            )
        }
        if names:
            readable[table] = names
    assert readable == GATEWAY_READS


async def test_gateway_finds_everybodys_rows_and_no_more_than_it_needs(
    database: Database, ridge: Company, summit: Company
) -> None:
    for table, names in GATEWAY_READS.items():
        async with database.gateway() as gateway:
            found = await gateway.execute(text(f"select {', '.join(names)} from {table}"))
            assert len(found.all()) >= 2
    for query in (
        "select name from users",
        "select company_name from tenants",
        "select * from contacts",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.gateway() as gateway:
                await gateway.execute(text(query))


async def test_gateway_changes_nothing(database: Database, ridge: Company) -> None:
    for statement in (
        "update users set is_active = true",
        "delete from sessions",
        "update campaign_enrollments set workflow_status = 'closed'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.gateway() as gateway:
                await gateway.execute(text(statement))


@pytest.mark.parametrize("role", ["campaigns_app", "campaigns_engine"])
async def test_hash_of_a_password_is_read_by_the_gateway_alone(
    database: Database, ridge: Company, role: str
) -> None:
    scope = (
        engine(ridge.id) if role == "campaigns_engine" else person(ridge.id, uuid4(), Role.ADMIN)
    )
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction(scope) as session:
            await session.execute(text("select password_hash from users"))


async def test_session_for_somebody_else_is_refused(database: Database, ridge: Company) -> None:
    """Or whoever may write sessions could sign in as an admin."""
    async with database.transaction(engine(ridge.id)) as session:
        user_id = await session.scalar(text("select id from users limit 1"))
    insert = text(
        "insert into sessions (token_hash, tenant_id, user_id, expires_at)"
        " values (:token, :tenant, :user, now())"
    )
    values = {"token": uuid4().bytes, "tenant": ridge.id, "user": user_id}
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(person(ridge.id, uuid4(), Role.STAFF)) as session:
            await session.execute(insert, values)
    async with database.transaction(person(ridge.id, user_id, Role.STAFF)) as session:
        await session.execute(insert, values)


@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_manager_and_staff_change_their_own_profile_and_not_what_they_may_do(
    database: Database, ridge: Company, role: Role
) -> None:
    own = ridge.person(role)
    for column in ("name", "phone", "password_hash"):
        assert await execute(database, own, f"update users set {column} = 'new'") == 1
    for change in ("role = 'staff'", "email = 'other@ridge.example'", "is_active = not is_active"):
        with pytest.raises(ProgrammingError, match="only an admin changes"):
            await execute(database, own, f"update users set {change}")


async def test_link_to_choose_a_password_is_made_by_an_admin_and_spent_by_its_user(
    database: Database, ridge: Company
) -> None:
    """Or whoever may write links could become an admin."""
    user_id = ridge.rows["users"]["id"]
    insert = (
        "insert into password_links (token_hash, tenant_id, user_id, expires_at)"
        " values (:token, :tenant, :user, now())"
    )
    values = {"token": uuid4().bytes, "tenant": ridge.id, "user": user_id}
    spend = "delete from password_links where token_hash = :token"
    for role in NOT_ADMINS:
        with pytest.raises(ProgrammingError, match="row-level security"):
            await execute(database, ridge.person(role), insert, values)
    assert await execute(database, ridge.person(Role.ADMIN), insert, values) == 1
    other = person(ridge.id, uuid4(), Role.STAFF)
    assert await execute(database, other, spend, {"token": values["token"]}) == 0
    assert await execute(database, ridge.person(Role.STAFF), spend, {"token": values["token"]}) == 1


async def test_people_do_not_read_what_is_mailed_about_accounts(owner: asyncpg.Connection) -> None:
    assert not await may(owner, "campaigns_app", "SELECT", "account_mails")
