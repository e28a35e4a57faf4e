"""The tables, columns and indexes that the product was promised with: clients' reports are written against them."""

import asyncpg
import pytest

from tests.db.catalogue import columns

TABLES = {
    "campaigns": """
        id uuid, tenant_id uuid, name varchar(255), description text, campaign_type varchar(50),
        status varchar(20), goal_type varchar(50), goal_target integer, allow_re_enrollment boolean,
        re_enrollment_delay_days integer, respect_business_hours boolean, business_hours jsonb,
        enrollment_type varchar(20), max_enrollments integer, total_enrolled integer,
        total_completed integer, total_revenue decimal(12,2), created_by uuid,
        created_at timestamptz, updated_at timestamptz, is_deleted boolean""",
    "campaign_steps": """
        id uuid, campaign_id uuid, parent_step_id uuid, step_order integer, step_type varchar(50),
        step_config jsonb, delay_value integer, delay_unit varchar(20), conditions jsonb,
        true_path_step_id uuid, false_path_step_id uuid, total_executed integer,
        total_succeeded integer, total_failed integer, created_at timestamptz, updated_at timestamptz""",
    "campaign_enrollments": """
        id uuid, campaign_id uuid, tenant_id uuid, contact_id uuid, enrollment_source varchar(50),
        enrolled_by uuid, enrolled_at timestamptz, status varchar(20), current_step_id uuid,
        current_step_order integer, exit_reason varchar(50), exited_at timestamptz,
        steps_completed integer, emails_sent integer, emails_opened integer, emails_clicked integer,
        sms_sent integer, sms_replied integer, tasks_created integer, goal_achieved boolean,
        goal_achieved_at timestamptz, revenue_attributed decimal(12,2),
        last_step_executed_at timestamptz, next_step_scheduled_at timestamptz,
        completed_at timestamptz""",
    "campaign_step_executions": """
        id uuid, enrollment_id uuid, step_id uuid, status varchar(20), scheduled_at timestamptz,
        started_at timestamptz, completed_at timestamptz, result_data jsonb, error_message text,
        opened_at timestamptz, clicked_at timestamptz, replied_at timestamptz,
        created_at timestamptz""",
}

INDEXES = {
    "idx_campaigns_tenant": "campaigns(tenant_id) WHERE NOT is_deleted",
    "idx_campaigns_status": "campaigns(tenant_id, status)"
    " WHERE status = 'active' AND NOT is_deleted",
    "idx_campaigns_type": "campaigns(tenant_id, campaign_type) WHERE NOT is_deleted",
    "idx_campaign_steps_campaign": "campaign_steps(campaign_id, step_order)",
    "idx_campaign_steps_parent": "campaign_steps(parent_step_id)",
    "idx_campaign_steps_type": "campaign_steps(step_type)",
    "idx_campaign_enrollments_campaign": "campaign_enrollments(campaign_id, status)",
    "idx_campaign_enrollments_contact": "campaign_enrollments(contact_id)",
    "idx_campaign_enrollments_scheduled": "campaign_enrollments(next_step_scheduled_at)"
    " WHERE status = 'active'",
    "idx_campaign_enrollments_tenant": "campaign_enrollments(tenant_id, status)",
    "idx_campaign_step_executions_enrollment": "campaign_step_executions(enrollment_id)",
    "idx_campaign_step_executions_step": "campaign_step_executions(step_id)",
    "idx_campaign_step_executions_scheduled": "campaign_step_executions(scheduled_at)"
    " WHERE status = 'pending'",
    "idx_campaign_step_executions_status": "campaign_step_executions(status, scheduled_at)"
    " WHERE status IN ('pending', 'running')",
}

DEFAULTS = {
    ("campaigns", "status"): "draft",
    ("campaigns", "allow_re_enrollment"): False,
    ("campaigns", "respect_business_hours"): True,
    ("campaigns", "total_enrolled"): 0,
    ("campaigns", "total_completed"): 0,
    ("campaigns", "total_revenue"): 0,
    ("campaign_steps", "delay_value"): 0,
}


@pytest.mark.parametrize("table", TABLES)
async def test_table_has_the_promised_columns(owner: asyncpg.Connection, table: str) -> None:
    stored = {column.name: column.type for column in await columns(owner, table)}
    async with owner.transaction():
        # PostgreSQL spells the types as it does for the real table.
        await owner.execute(f"create temporary table promised ({TABLES[table]}) on commit drop")
        promised = {column.name: column.type for column in await columns(owner, "promised")}
    assert {name: stored.get(name) for name in promised} == promised


@pytest.mark.parametrize("name", INDEXES)
async def test_index_is_as_promised(owner: asyncpg.Connection, name: str) -> None:
    query = "select replace(pg_get_indexdef(to_regclass($1)), $1, '')"
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(f"create index promised on {INDEXES[name]}")
        assert await owner.fetchval(query, name) == await owner.fetchval(query, "promised")
    finally:
        await transaction.rollback()


@pytest.mark.parametrize(("table", "column"), DEFAULTS)
async def test_column_defaults_to_what_was_promised(
    owner: asyncpg.Connection, table: str, column: str
) -> None:
    expression = await owner.fetchval(
        """
        select pg_get_expr(adbin, adrelid) from pg_attrdef
        join pg_attribute on attrelid = adrelid and attnum = adnum
        where adrelid = $1::regclass and attname = $2
        """,
        table,
        column,
    )
    assert await owner.fetchval(f"select {expression}") == DEFAULTS[table, column]
