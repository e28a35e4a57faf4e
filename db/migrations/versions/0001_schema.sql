-- The schema: tables first, then who may touch them. Times are timestamptz, money is numeric(12, 2).
-- Every table of a tenant carries tenant_id, also in its foreign keys: PostgreSQL checks those without row-level
-- security, so a key over the id alone would let one tenant point at another's row.

-- Who is asking -------------------------------------------------------------------------------------------------
-- Three roles that own nothing and cannot log in. A transaction takes one of them (db/session.py):
--   campaigns_app      people and API clients: one tenant, as far as app.role goes
--   campaigns_engine   the worker: one tenant; of campaigns and steps only their counters and status
--   campaigns_gateway  before a tenant is known: sign-in, and finding work that a crash left behind
do $$
declare
    role_name text;
begin
    foreach role_name in array array['campaigns_app', 'campaigns_engine', 'campaigns_gateway'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
        end if;
        if not (select rolsuper from pg_roles where rolname = current_user) then
            -- Not inherited: who owns the tables takes a role, and is held to it, or sees nothing.
            execute format('grant %I to %I with inherit false', role_name, current_user);
        end if;
    end loop;
end $$;

create function app_tenant() returns uuid language sql stable parallel safe
    return nullif(current_setting('app.tenant_id', true), '')::uuid;

create function app_user() returns uuid language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '')::uuid;

create function app_is_admin() returns boolean language sql stable parallel safe
    return current_setting('app.role', true) = 'admin';

-- Companies and their people --------------------------------------------------------------------------------------
create table tenants (
    id uuid primary key default gen_random_uuid(),
    name varchar(255) not null,
    company_name varchar(255),
    postal_address text,
    timezone varchar(64) not null default 'America/New_York',
    review_link text,
    calendar_link text,
    booking_link text,
    from_email varchar(320),
    from_name varchar(255),
    sms_number varchar(20),
    won_stage varchar(100) not null default 'won',
    attribution_days integer not null default 90 check (attribution_days >= 0),
    daily_send_cap integer check (daily_send_cap > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table users (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    email varchar(320) not null,
    name varchar(255) not null,
    phone varchar(20),
    role varchar(20) not null check (role in ('admin', 'manager', 'staff')),
    password_hash text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id)
);
create unique index idx_users_email on users (tenant_id, lower(email));
create index idx_users_sign_in on users (lower(email));

create table api_keys (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    user_id uuid not null,
    name varchar(255) not null,
    role varchar(20) not null check (role in ('admin', 'manager', 'staff')),
    prefix varchar(16) not null,
    key_hash bytea not null unique,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);

create table sessions (
    token_hash bytea primary key,
    tenant_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index idx_sessions_user on sessions (tenant_id, user_id);

create table idempotency_keys (
    tenant_id uuid not null references tenants,
    user_id uuid not null,
    key varchar(255) not null,
    request_hash bytea not null,
    status_code integer,
    response bytea,
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id, key)
);
create index idx_idempotency_keys_created on idempotency_keys (created_at);

-- The CRM's side --------------------------------------------------------------------------------------------------
create table contacts (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    first_name varchar(255),
    last_name varchar(255),
    email varchar(320),
    phone varchar(20),
    stage varchar(100),
    tags text[] not null default '{}',
    custom jsonb not null default '{}',
    timezone varchar(64),
    state varchar(100),
    postal_code varchar(20),
    assigned_to uuid,
    email_opt_out boolean not null default false,
    sms_opt_out boolean not null default false,
    sms_consent boolean not null default false,
    is_deleted boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, assigned_to) references users (tenant_id, id) on delete set null (assigned_to)
);
create index idx_contacts_tenant on contacts (tenant_id, created_at desc, id desc) where not is_deleted;
create index idx_contacts_email on contacts (tenant_id, email) where not is_deleted;
create index idx_contacts_phone on contacts (tenant_id, phone) where not is_deleted;

create table projects (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    contact_id uuid not null,
    name varchar(255),
    stage varchar(100),
    estimate_amount numeric(12, 2),
    monthly_payment numeric(12, 2),
    custom jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
create index idx_projects_contact on projects (tenant_id, contact_id, created_at desc);

-- Campaigns -------------------------------------------------------------------------------------------------------
create table campaigns (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    name varchar(255) not null,
    description text,
    campaign_type varchar(50) not null
        check (campaign_type in ('drip', 'event', 'reengagement', 'retention', 'nurture')),
    status varchar(20) not null default 'draft' check (status in ('draft', 'active', 'paused', 'archived')),
    goal_type varchar(50) check (goal_type in ('appointments', 'deals', 'reviews', 'engagement')),
    goal_target integer check (goal_target > 0),
    allow_re_enrollment boolean not null default false,
    re_enrollment_delay_days integer check (re_enrollment_delay_days >= 0),
    respect_business_hours boolean not null default true,
    business_hours jsonb,
    holidays jsonb,
    enrollment_type varchar(20) not null default 'automatic' check (enrollment_type in ('automatic', 'manual')),
    max_enrollments integer check (max_enrollments > 0),
    on_resume varchar(20) not null default 'send' check (on_resume in ('send', 'shift', 'skip')),
    exit_on_reply boolean not null default true,
    exit_on_stages text[] not null default '{}',
    holdout_percent integer not null default 0 check (holdout_percent between 0 and 100),
    total_enrolled integer not null default 0,
    total_completed integer not null default 0,
    total_revenue numeric(12, 2) not null default 0,
    paused_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    is_deleted boolean not null default false,
    unique (tenant_id, id),
    foreign key (tenant_id, created_by) references users (tenant_id, id) on delete set null (created_by)
);
create index idx_campaigns_tenant on campaigns (tenant_id) where not is_deleted;
create index idx_campaigns_status on campaigns (tenant_id, status) where status = 'active' and not is_deleted;
create index idx_campaigns_type on campaigns (tenant_id, campaign_type) where not is_deleted;

create table campaign_triggers (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    trigger_type varchar(50) not null check (trigger_type in ('stage_change', 'time_based', 'event', 'manual')),
    trigger_config jsonb not null default '{}',
    enrollment_conditions jsonb,
    exclusion_conditions jsonb,
    priority integer not null default 0,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
);
create index idx_campaign_triggers_campaign on campaign_triggers (campaign_id);
create index idx_campaign_triggers_type on campaign_triggers (tenant_id, trigger_type) where is_active;

-- A deleted step stays as a row: timelines name it, and whoever waited at it goes on from its place.
create table campaign_steps (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    parent_step_id uuid,
    branch varchar(5) check (branch in ('true', 'false')),
    step_order integer not null check (step_order >= 0), -- 0: deleted, and was the first
    step_type varchar(50) not null check (step_type in (
        'send_email', 'send_sms', 'create_task', 'wait', 'update_field', 'manage_tags', 'notify', 'webhook',
        'conditional', 'exit_campaign')),
    step_config jsonb not null default '{}',
    delay_value integer not null default 0 check (delay_value >= 0),
    delay_unit varchar(20) not null default 'hours' check (delay_unit in ('minutes', 'hours', 'days', 'weeks')),
    conditions jsonb,
    true_path_step_id uuid,
    false_path_step_id uuid,
    on_failure varchar(20) not null default 'continue' check (on_failure in ('continue', 'exit')),
    total_executed integer not null default 0,
    total_succeeded integer not null default 0,
    total_failed integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    is_deleted boolean not null default false,
    unique (tenant_id, id),
    unique (campaign_id, id),
    check ((parent_step_id is null) = (branch is null)),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
    foreign key (campaign_id, parent_step_id) references campaign_steps (campaign_id, id),
    foreign key (campaign_id, true_path_step_id) references campaign_steps (campaign_id, id),
    foreign key (campaign_id, false_path_step_id) references campaign_steps (campaign_id, id)
);
create index idx_campaign_steps_campaign on campaign_steps (campaign_id, step_order);
create index idx_campaign_steps_parent on campaign_steps (parent_step_id);
create index idx_campaign_steps_type on campaign_steps (step_type);

create table message_templates (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    name varchar(255) not null,
    channel varchar(10) not null check (channel in ('email', 'sms')),
    subject text,
    html text,
    body text,
    is_deleted boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id)
);

create table campaign_templates (
    id uuid not null default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    version integer not null default 1 check (version >= 1),
    name varchar(255) not null,
    category varchar(50) not null,
    description text,
    definition jsonb not null,
    created_by uuid,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id, version),
    foreign key (tenant_id, created_by) references users (tenant_id, id) on delete set null (created_by)
);

-- Enrollments and what they did -----------------------------------------------------------------------------------
-- visit counts the steps that the enrollment has come to, jumps included; the execution of the visit that it waits
-- for is pending. waiting_since is the end of the step before: delays count from there.
-- workflow_status tells what Temporal should hold: nothing yet, a running workflow, or a closed one.
create table campaign_enrollments (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    contact_id uuid not null,
    project_id uuid,
    enrollment_source varchar(50) not null
        check (enrollment_source in ('automatic_trigger', 'manual_admin', 'api', 'bulk_import')),
    enrolled_by uuid,
    enrolled_at timestamptz not null default now(),
    status varchar(20) not null default 'active'
        check (status in ('active', 'paused', 'completed', 'exited', 'failed')),
    current_step_id uuid,
    current_step_order integer,
    exit_reason varchar(50) check (exit_reason in (
        'completed', 'goal_achieved', 'unsubscribed', 'stage_changed', 'manual_remove', 'error', 'replied',
        'campaign_archived', 'contact_deleted')),
    exited_at timestamptz,
    steps_completed integer not null default 0,
    emails_sent integer not null default 0,
    emails_opened integer not null default 0,
    emails_clicked integer not null default 0,
    sms_sent integer not null default 0,
    sms_replied integer not null default 0,
    tasks_created integer not null default 0,
    goal_achieved boolean not null default false,
    goal_achieved_at timestamptz,
    revenue_attributed numeric(12, 2) not null default 0,
    last_step_executed_at timestamptz,
    next_step_scheduled_at timestamptz,
    completed_at timestamptz,
    visit integer not null default 1,
    waiting_since timestamptz not null default now(),
    parked boolean not null default false,
    workflow_status varchar(20) not null default 'unstarted'
        check (workflow_status in ('unstarted', 'running', 'closed')),
    refresh_requested_at timestamptz,
    unique (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete set null (project_id),
    foreign key (tenant_id, enrolled_by) references users (tenant_id, id) on delete set null (enrolled_by),
    foreign key (campaign_id, current_step_id) references campaign_steps (campaign_id, id)
);
create unique index idx_campaign_enrollments_one_live
    on campaign_enrollments (campaign_id, contact_id) where status in ('active', 'paused');
create index idx_campaign_enrollments_campaign on campaign_enrollments (campaign_id, status);
create index idx_campaign_enrollments_contact on campaign_enrollments (contact_id);
create index idx_campaign_enrollments_scheduled
    on campaign_enrollments (next_step_scheduled_at) where status = 'active';
create index idx_campaign_enrollments_tenant on campaign_enrollments (tenant_id, status);
create index idx_campaign_enrollments_recent on campaign_enrollments (campaign_id, enrolled_at desc, id desc);
create index idx_campaign_enrollments_due_together
    on campaign_enrollments (tenant_id, next_step_scheduled_at) where status = 'active';
create index idx_campaign_enrollments_step on campaign_enrollments (current_step_id)
    where status in ('active', 'paused');
create index idx_campaign_enrollments_project on campaign_enrollments (project_id)
    where project_id is not null;
create index idx_campaign_enrollments_undelivered on campaign_enrollments (id)
    where workflow_status = 'unstarted' or refresh_requested_at is not null
       or (workflow_status = 'running' and status not in ('active', 'paused'));

-- One row per visit of a step; unique, so that it is the claim of a send. content is what was rendered, kept before it
-- is sent. attempting_since is set while a request to a provider may be under way: a pause waits for it to clear.
create table campaign_step_executions (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    enrollment_id uuid not null,
    step_id uuid not null,
    step_type varchar(50) not null,
    visit integer not null,
    status varchar(20) not null default 'pending'
        check (status in ('pending', 'running', 'completed', 'failed', 'skipped', 'unknown')),
    scheduled_at timestamptz not null,
    started_at timestamptz,
    completed_at timestamptz,
    result_data jsonb,
    error_message text,
    opened_at timestamptz,
    clicked_at timestamptz,
    replied_at timestamptz,
    content jsonb,
    attempts integer not null default 0,
    attempting_since timestamptz,
    ambiguous_since timestamptz,
    provider_id varchar(255),
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    unique (enrollment_id, visit),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, enrollment_id) references campaign_enrollments (tenant_id, id) on delete cascade,
    foreign key (campaign_id, step_id) references campaign_steps (campaign_id, id)
);
create index idx_campaign_step_executions_enrollment on campaign_step_executions (enrollment_id);
create index idx_campaign_step_executions_step on campaign_step_executions (step_id);
create index idx_campaign_step_executions_scheduled
    on campaign_step_executions (scheduled_at) where status = 'pending';
create index idx_campaign_step_executions_status
    on campaign_step_executions (status, scheduled_at) where status in ('pending', 'running');
create index idx_campaign_step_executions_attempting
    on campaign_step_executions (campaign_id) where attempting_since is not null;
create index idx_campaign_step_executions_provider
    on campaign_step_executions (provider_id) where provider_id is not null;

create table activities (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    activity_type varchar(50) not null default 'task',
    activity_subtype varchar(100),
    title varchar(500) not null,
    description text,
    contact_id uuid,
    project_id uuid,
    assigned_to uuid,
    priority varchar(50),
    status varchar(20) not null default 'open' check (status in ('open', 'completed', 'cancelled')),
    due_at timestamptz,
    completed_at timestamptz,
    execution_id uuid,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete set null (project_id),
    foreign key (tenant_id, assigned_to) references users (tenant_id, id) on delete set null (assigned_to),
    foreign key (tenant_id, created_by) references users (tenant_id, id) on delete set null (created_by),
    foreign key (tenant_id, execution_id)
        references campaign_step_executions (tenant_id, id) on delete set null (execution_id)
);
create index idx_activities_tenant on activities (tenant_id, created_at desc, id desc);
create index idx_activities_contact on activities (tenant_id, contact_id);
create index idx_activities_project on activities (project_id) where project_id is not null;
create index idx_activities_execution on activities (execution_id) where execution_id is not null;

create table notifications (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    user_id uuid not null,
    title varchar(500) not null,
    message text not null,
    contact_id uuid,
    enrollment_id uuid,
    read_at timestamptz,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, enrollment_id) references campaign_enrollments (tenant_id, id) on delete cascade
);
create index idx_notifications_user on notifications (tenant_id, user_id, created_at desc);

create table campaign_analytics (
    tenant_id uuid not null,
    campaign_id uuid not null,
    date date not null,
    enrolled integer not null default 0,
    emails_sent integer not null default 0,
    emails_opened integer not null default 0,
    emails_clicked integer not null default 0,
    sms_sent integer not null default 0,
    sms_replied integer not null default 0,
    goals integer not null default 0,
    revenue numeric(12, 2) not null default 0,
    primary key (tenant_id, campaign_id, date),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
);

-- Cached counters without a hot row -------------------------------------------------------------------------------
-- Everything that happens in a campaign would queue for the lock of its one row. Triggers note what changed instead,
-- readers add what is noted to what is cached (db/counters.py), and the reconciler folds it in.
create table counter_deltas (
    id bigint generated always as identity primary key,
    tenant_id uuid not null references tenants,
    campaign_id uuid not null,
    step_id uuid,
    enrolled integer not null default 0,
    completed integer not null default 0,
    revenue numeric(12, 2) not null default 0,
    executed integer not null default 0,
    succeeded integer not null default 0,
    failed integer not null default 0
);
create index idx_counter_deltas_campaign on counter_deltas (tenant_id, campaign_id);

create function count_enrolled() returns trigger language plpgsql as $$
begin
    insert into counter_deltas (tenant_id, campaign_id, enrolled, completed, revenue)
    select tenant_id, campaign_id, count(*), count(*) filter (where status = 'completed'), sum(revenue_attributed)
    from added group by tenant_id, campaign_id;
    return null;
end $$;
create trigger count_enrolled after insert on campaign_enrollments
    referencing new table as added for each statement execute function count_enrolled();

create function count_enrollment_change() returns trigger language plpgsql as $$
begin
    insert into counter_deltas (tenant_id, campaign_id, completed, revenue)
    values (new.tenant_id, new.campaign_id, (new.status = 'completed')::int - (old.status = 'completed')::int,
            new.revenue_attributed - old.revenue_attributed);
    return null;
end $$;
create trigger count_enrollment_change after update on campaign_enrollments for each row
    when ((old.status = 'completed') <> (new.status = 'completed')
          or old.revenue_attributed <> new.revenue_attributed)
    execute function count_enrollment_change();

create function count_execution() returns trigger language plpgsql as $$
begin
    insert into counter_deltas (tenant_id, campaign_id, step_id, executed, succeeded, failed)
    values (new.tenant_id, new.campaign_id, new.step_id,
            (new.status in ('completed', 'failed', 'unknown'))::int
                - (old.status in ('completed', 'failed', 'unknown'))::int,
            (new.status = 'completed')::int - (old.status = 'completed')::int,
            (new.status = 'failed')::int - (old.status = 'failed')::int);
    return null;
end $$;
create trigger count_execution after update on campaign_step_executions for each row
    when (old.status <> new.status and (old.status in ('completed', 'failed', 'unknown')
                                        or new.status in ('completed', 'failed', 'unknown')))
    execute function count_execution();

-- Who may touch what ----------------------------------------------------------------------------------------------
-- Rows: a tenant's own, for people and for the worker alike. Forced, so that the owner is held to it too.
do $$
declare
    table_name text;
begin
    foreach table_name in array array[
        'users', 'api_keys', 'sessions', 'idempotency_keys', 'contacts', 'projects', 'campaigns',
        'campaign_triggers', 'campaign_steps', 'message_templates', 'campaign_templates', 'campaign_enrollments',
        'campaign_step_executions', 'activities', 'notifications', 'campaign_analytics', 'counter_deltas'
    ] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format(
            'create policy tenant on %I to campaigns_app, campaigns_engine
             using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', table_name);
    end loop;

    -- What only an admin may write. Restrictive: on top of the tenant's policy.
    foreach table_name in array array[
        'users', 'api_keys', 'campaigns', 'campaign_triggers', 'campaign_steps', 'message_templates',
        'campaign_templates'
    ] loop
        execute format('create policy admin_insert on %I as restrictive for insert to campaigns_app
                        with check (app_is_admin())', table_name);
        execute format('create policy admin_update on %I as restrictive for update to campaigns_app
                        using (app_is_admin())', table_name);
        execute format('create policy admin_delete on %I as restrictive for delete to campaigns_app
                        using (app_is_admin())', table_name);
    end loop;
end $$;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant on tenants to campaigns_app, campaigns_engine using (id = app_tenant());
-- A session is its user's own; an admin may end those of others.
create policy own_insert on sessions as restrictive for insert to campaigns_app with check (user_id = app_user());
create policy own_delete on sessions as restrictive for delete to campaigns_app
    using (user_id = app_user() or app_is_admin());
create policy admin_insert on tenants as restrictive for insert to campaigns_app with check (app_is_admin());
create policy admin_update on tenants as restrictive for update to campaigns_app using (app_is_admin());

-- Verbs and columns: people.
grant select, insert, update, delete on
    api_keys, sessions, contacts, projects, campaigns, campaign_triggers, campaign_steps, message_templates,
    campaign_templates, campaign_step_executions, activities, notifications, idempotency_keys to campaigns_app;
grant select, insert, update on campaign_enrollments to campaigns_app;
-- Whoever reads users has no need of their passwords' hashes; the gateway has.
grant select (id, tenant_id, email, name, phone, role, is_active, created_at, updated_at),
      insert, update, delete on users to campaigns_app;
-- A company is made in a transaction that already is its own (services/companies.py).
grant select, insert, update on tenants to campaigns_app;
grant select on campaign_analytics to campaigns_app;
grant select, insert on counter_deltas to campaigns_app;

-- The engine. A change of a campaign's status, which a manager may make, comes this way too.
grant select on
    tenants, campaigns, campaign_triggers, campaign_steps, message_templates to campaigns_engine;
grant select (id, tenant_id, email, name, phone, role, is_active, created_at, updated_at) on users to campaigns_engine;
grant select, insert, update on campaign_enrollments to campaigns_engine;
grant select, insert, update, delete on
    contacts, projects, campaign_step_executions, activities, notifications,
    campaign_analytics, counter_deltas, idempotency_keys to campaigns_engine;
grant update (status, on_resume, paused_at, total_enrolled, total_completed, total_revenue, updated_at)
    on campaigns to campaigns_engine;
grant update (total_executed, total_succeeded, total_failed) on campaign_steps to campaigns_engine;

-- The gateway: before a tenant is known. It reads what it must to find one, and writes nothing.
grant select (id, tenant_id, email, role, password_hash, is_active) on users to campaigns_gateway;
grant select (id, tenant_id, user_id, role, key_hash) on api_keys to campaigns_gateway;
grant select (token_hash, tenant_id, user_id, expires_at) on sessions to campaigns_gateway;
grant select (id, tenant_id, status, workflow_status, refresh_requested_at, enrolled_at,
              next_step_scheduled_at, parked)
    on campaign_enrollments to campaigns_gateway;
grant select (id) on tenants to campaigns_gateway;
create policy sign_in on users for select to campaigns_gateway using (true);
create policy sign_in on api_keys for select to campaigns_gateway using (true);
create policy sign_in on sessions for select to campaigns_gateway using (true);
create policy dispatch on campaign_enrollments for select to campaigns_gateway using (true);
create policy dispatch on tenants for select to campaigns_gateway using (true);
