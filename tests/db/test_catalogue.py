"""The rules that every table keeps, read from the catalogue: a table added without them fails here."""

import asyncpg

from tests.db.catalogue import ROLES, columns, foreign_keys, may, tables

NOT_BY_TENANT = {
    "tenants": "a row is a tenant",
}
"""Tables without a tenant_id that a role may touch all the same, and why."""

UNIQUE_ACROSS_TENANTS = {
    ("api_keys", "key_hash"): "256 random bits, looked up before a tenant is known",
    ("sessions", "token_hash"): "256 random bits, looked up before a tenant is known",
    ("password_links", "token_hash"): "256 random bits, looked up before a tenant is known",
    (
        "campaign_steps",
        "campaign_id, id",
    ): "target of keys within a campaign; the id alone is unique",
    ("campaign_enrollments", "campaign_id, contact_id"): "both belong to one tenant",
    ("campaign_step_executions", "enrollment_id, visit"): "an enrollment belongs to one tenant",
}
"""Unique indexes in which a tenant could meet another's value, and why that tells it nothing."""

SEE_ALL_TENANTS = {
    ("users", "campaigns_gateway"): "who signs in has no tenant yet",
    ("api_keys", "campaigns_gateway"): "a key says whose it is",
    ("sessions", "campaigns_gateway"): "a cookie says whose it is",
    ("password_links", "campaigns_gateway"): "a link says whose it is",
    ("account_mails", "campaigns_gateway"): "finds what a crash left behind",
    ("campaign_enrollments", "campaigns_gateway"): "finds what a crash left behind",
    ("events", "campaigns_gateway"): "finds whose events wait",
    ("campaign_triggers", "campaigns_gateway"): "finds whose dates are to be looked at",
    ("trigger_matches", "campaigns_gateway"): "finds whose matches are held back",
    ("alerts", "campaigns_gateway"): "finds what is to be mailed",
    ("counter_deltas", "campaigns_gateway"): "finds whose counters are to be folded in",
    ("analytics_deltas", "campaigns_gateway"): "finds whose analytics are to be folded in",
    ("campaign_step_executions", "campaigns_gateway"): "finds what a crash left behind",
    ("messages", "campaigns_gateway"): "finds what a crash left behind",
    ("jobs", "campaigns_gateway"): "finds what a crash left behind",
    ("contacts", "campaigns_gateway"): "a text says to which number it came, not to which tenant",
    ("tenants", "campaigns_gateway"): "the worker goes through all of them",
}
"""Which roles see rows of every tenant of a table, and why."""

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
Owner = asyncpg.Connection


async def granted(owner: Owner, table: str) -> list[str]:
    return [
        role for role in ROLES if [verb for verb in VERBS if await may(owner, role, verb, table)]
    ]


async def test_every_table_is_a_tenants_and_hides_its_rows_even_from_its_owner(
    owner: Owner,
) -> None:
    found = await tables(owner)
    assert len(found) > 15
    for table in found:
        if "tenant_id" not in {column.name for column in await columns(owner, table)}:
            assert table in NOT_BY_TENANT, f"{table} has no tenant_id"
        row = await owner.fetchrow(
            "select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass",
            table,
        )
        assert tuple(row) == (True, True), f"{table}: row-level security is not enabled and forced"


async def test_every_granted_role_has_a_policy_that_names_the_tenant(owner: Owner) -> None:
    for table in await tables(owner):
        key = "id" if table in NOT_BY_TENANT else "tenant_id"
        for role in await granted(owner, table):
            policies = await owner.fetch(
                """
                select pg_get_expr(polqual, polrelid) as reads,
                       pg_get_expr(coalesce(polwithcheck, polqual), polrelid) as writes, polcmd
                from pg_policy
                where polrelid = $1::regclass and polpermissive
                  and (polroles = '{0}' or (select oid from pg_roles where rolname = $2) = any(polroles))
                """,
                table,
                role,
            )
            assert policies, f"{role} has grants on {table} and no policy"
            for policy in policies:
                if (table, role) in SEE_ALL_TENANTS:
                    assert (policy["reads"], policy["polcmd"]) == ("true", b"r")
                else:
                    own = f"({key} = app_tenant())"
                    assert (policy["reads"], policy["writes"]) == (own, own), f"{table}, {role}"


async def test_tables_outside_the_schema_are_nobodys(owner: Owner) -> None:
    for role in ROLES:
        for verb in VERBS:
            assert not await may(owner, role, verb, "alembic_version")


async def test_roles_own_nothing_pass_nothing_and_cannot_log_in(owner: Owner) -> None:
    for role in ROLES:
        row = await owner.fetchrow(
            """
            select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication,
                   exists (select from pg_class where relowner = r.oid) as owns_tables,
                   exists (select from pg_proc where proowner = r.oid) as owns_functions,
                   exists (select from pg_auth_members where member = r.oid) as is_member,
                   has_schema_privilege(r.oid, 'public', 'CREATE') as creates_tables,
                   exists (select from pg_namespace where nspowner = r.oid) as owns_schemas
            from pg_roles r where rolname = $1
            """,
            role,
        )
        assert not any(row.values()), dict(row)


async def test_nobody_may_truncate_or_put_triggers_on_a_table(owner: Owner) -> None:
    # TRUNCATE passes row-level security; a trigger runs as whoever writes; REFERENCES sees foreign keys.
    for table in await tables(owner):
        for role in ROLES:
            for verb in ("TRUNCATE", "TRIGGER", "REFERENCES"):
                assert not await owner.fetchval(
                    "select has_table_privilege($1, $2, $3)", role, table, verb
                )


async def test_no_function_or_view_runs_with_its_owners_rights(owner: Owner) -> None:
    functions = await owner.fetch(
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
    )
    assert functions == []
    views = await owner.fetch(
        """
        select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
          and not coalesce(reloptions::text[] @> array['security_invoker=true'], false)
        """
    )
    assert views == []


async def test_every_row_names_its_tenant(owner: Owner) -> None:
    for table in await tables(owner):
        for column in await columns(owner, table):
            assert column.name != "tenant_id" or not column.nullable, (
                f"{table}.tenant_id is nullable"
            )


async def test_every_foreign_key_stays_within_the_tenant(owner: Owner) -> None:
    keys = await foreign_keys(owner)
    held = {  # tables whose campaign is of their tenant
        key.table
        for key in keys
        if (key.columns, key.target) == (("tenant_id", "campaign_id"), "campaigns")
    }
    assert len(keys) > 30
    for key in keys:
        pairs = set(zip(key.columns, key.target_columns, strict=True))
        if key.target in NOT_BY_TENANT:
            assert pairs == {("tenant_id", "id")}, f"{key.table}: {key.name}"
        elif ("tenant_id", "tenant_id") not in pairs:
            assert ("campaign_id", "campaign_id") in pairs, f"{key.table}: {key.name}"
            assert key.table in held, f"{key.table}: {key.name}"
            assert key.target in held, f"{key.table}: {key.name}"


async def test_no_unique_index_tells_a_tenant_of_another(owner: Owner) -> None:
    rows = await owner.fetch(
        """
        select indrelid::regclass::text as table, indisprimary,
               array(select pg_get_indexdef(indexrelid, place::int, true)
                     from generate_series(1, indnkeyatts) place) as columns
        from pg_index join pg_class on pg_class.oid = indrelid
        where indisunique and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'
        """
    )
    met = set()
    for row in rows:
        names = row["columns"]
        if "tenant_id" in names or (row["indisprimary"] and names == ["id"]):  # ids are random
            continue
        assert (row["table"], ", ".join(names)) in UNIQUE_ACROSS_TENANTS
        met.add((row["table"], ", ".join(names)))
    assert met == set(UNIQUE_ACROSS_TENANTS), "an exception that nothing needs any more"


async def test_every_id_that_a_tenant_chooses_is_random(owner: Owner) -> None:
    """A primary key over the id alone says that an id is taken: that must be unguessable."""
    for table in await tables(owner):
        for column in await columns(owner, table):
            # Deltas are written by triggers and shown to nobody.
            if column.name == "id" and not table.endswith("_deltas"):
                assert (column.type, column.has_default) == ("uuid", True), table


async def test_rows_that_get_deleted_are_found_from_where_they_are_pointed_at(owner: Owner) -> None:
    """PostgreSQL clears or deletes what points at a deleted row; without an index it reads the whole table."""
    rows = await owner.fetch(
        """
        select conrelid::regclass::text, conname
        from pg_constraint
        where confrelid in ('projects'::regclass, 'campaign_step_executions'::regclass)
          and not exists (
              select from pg_index
              where indrelid = conrelid and (indkey[0] = conkey[2] or indkey[1] = conkey[2]))
        """
    )
    assert [tuple(row) for row in rows] == []
