-- Operating campaigns: what a resume does, why something waits, caps, alerts, and long work over many enrollments.

-- Pause and resume ------------------------------------------------------------------------------------------------
-- paused_because: why the campaign paused itself; null where a person did. resumed_at: the end of the last pause.
alter table campaigns
    add column paused_because text,
    add column resumed_at timestamptz,
    -- Higher goes first where a contact's daily cap does not leave room for all.
    add column priority integer not null default 0;

-- resumed_at: what was due before goes then. skips_until: what came due by then, in a pause, is skipped.
-- why: in words, what it waits for.
alter table campaign_enrollments
    add column resumed_at timestamptz,
    add column skips_until timestamptz,
    add column why text;
create index idx_campaign_enrollments_parked on campaign_enrollments (campaign_id) where parked;

-- why: in words, the rule, the values and the time by which the step ran, did not, or waits.
alter table campaign_step_executions add column why text;

-- Caps and safety -------------------------------------------------------------------------------------------------
-- contact_daily_cap: messages of all campaigns to one contact in a day. alert_email: who is told by e-mail, too.
alter table tenants
    add column contact_daily_cap integer check (contact_daily_cap > 0),
    add column alert_email varchar(320);

-- What counts towards a tenant's daily_send_cap; day is the tenant's own.
create table daily_sends (
    tenant_id uuid not null references tenants,
    day date not null,
    sent integer not null default 0,
    primary key (tenant_id, day)
);

-- How a campaign's last sends went, without reading all of them.
create index idx_campaign_step_executions_settled on campaign_step_executions (campaign_id, completed_at desc)
    where step_type in ('send_email', 'send_sms') and completed_at is not null;

-- What the admins of a tenant are told: once a day of each kind and campaign, as notifications and by e-mail.
create table alerts (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    kind varchar(30) not null check (kind in (
        'sends_failing', 'campaign_paused', 'consent_missing', 'cap_reached', 'campaign_stalled')),
    campaign_id uuid,
    day date not null,
    title varchar(500) not null,
    message text not null,
    created_at timestamptz not null default now(),
    emailed_at timestamptz,
    unique (tenant_id, id),
    unique nulls not distinct (tenant_id, kind, campaign_id, day),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
);
create index idx_alerts_unsent on alerts (created_at) where emailed_at is null;
alter table notifications
    add column campaign_id uuid,
    add foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade;
create index idx_notifications_campaign on notifications (campaign_id) where campaign_id is not null;

-- Jobs over many --------------------------------------------------------------------------------------------------
-- Whom a job is about, collected once, in the order in which it goes through them.
create table job_items (
    tenant_id uuid not null,
    job_id uuid not null,
    number bigint not null,
    item_id uuid not null,
    primary key (tenant_id, job_id, number),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);

-- Who may touch what ----------------------------------------------------------------------------------------------
do $$
declare
    table_name text;
begin
    foreach table_name in array array['daily_sends', 'alerts', 'job_items'] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format(
            'create policy tenant on %I to campaigns_app, campaigns_engine
             using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', table_name);
    end loop;
end $$;

grant update (paused_because, resumed_at) on campaigns to campaigns_engine;
grant select, insert, update, delete on daily_sends to campaigns_engine;
grant select, insert, update (emailed_at), delete on alerts to campaigns_engine;
grant select, insert, delete on job_items to campaigns_engine;
-- Which tenants have alerts to mail, and campaigns that have stalled.
grant select (id, tenant_id, created_at, emailed_at) on alerts to campaigns_gateway;
grant select (campaign_id) on campaign_enrollments to campaigns_gateway;
create policy dispatch on alerts for select to campaigns_gateway using (true);
-- Which tenants have counters to fold in, or sends that were left behind.
grant select (tenant_id) on counter_deltas to campaigns_gateway;
grant select (tenant_id, status, started_at) on campaign_step_executions to campaigns_gateway;
create policy dispatch on counter_deltas for select to campaigns_gateway using (true);
create policy dispatch on campaign_step_executions for select to campaigns_gateway using (true);

-- What became of a step's visits ----------------------------------------------------------------------------------
-- Those that were skipped are counted as well. The trigger comes first: it holds writers back until all of this is
-- committed, so that what is counted below is neither missed nor counted again.
alter table campaign_steps add column total_skipped integer not null default 0;
alter table counter_deltas add column skipped integer not null default 0;
grant update (total_skipped) on campaign_steps to campaigns_engine;

create or replace function count_execution() returns trigger language plpgsql as $$
begin
    insert into counter_deltas (tenant_id, campaign_id, step_id, executed, succeeded, failed, skipped)
    values (new.tenant_id, new.campaign_id, new.step_id,
            (new.status in ('completed', 'failed', 'unknown'))::int
                - (old.status in ('completed', 'failed', 'unknown'))::int,
            (new.status = 'completed')::int - (old.status = 'completed')::int,
            (new.status = 'failed')::int - (old.status = 'failed')::int,
            (new.status = 'skipped')::int - (old.status = 'skipped')::int);
    return null;
end $$;
create or replace trigger count_execution after update on campaign_step_executions for each row
    when (old.status <> new.status and (old.status in ('completed', 'failed', 'unknown', 'skipped')
                                        or new.status in ('completed', 'failed', 'unknown', 'skipped')))
    execute function count_execution();

-- Whoever migrates owns the tables, and sees no tenant's rows as long as row-level security is forced.
alter table campaign_step_executions no force row level security;
alter table campaign_steps no force row level security;
update campaign_steps s set total_skipped = visits.skipped
from (select step_id, count(*) skipped from campaign_step_executions where status = 'skipped' group by step_id) visits
where s.id = visits.step_id;
alter table campaign_steps force row level security;
alter table campaign_step_executions force row level security;

-- What is behind an enrollment ------------------------------------------------------------------------------------
-- A step that is moved behind those who have done it is not done again. walks_from_visit: the visit with which the way
-- began; whoever is moved back to a step begins anew there.
alter table campaign_enrollments add column walks_from_visit integer not null default 1;
