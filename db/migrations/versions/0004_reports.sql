-- What people look at: results, tests of variants, campaigns held against a holdout.

-- Variants --------------------------------------------------------------------------------------------------------
-- variant: the name of the one that was sent. winner: the one that is sent to all from winner_chosen_at on.
alter table campaign_step_executions add column variant varchar(100);
alter table campaign_steps
    add column winner varchar(100),
    add column winner_chosen_at timestamptz;
grant update (winner, winner_chosen_at) on campaign_steps to campaigns_engine;

-- Holdout ---------------------------------------------------------------------------------------------------------
-- is_holdout: gets nothing, and is over from the start. is_compared: the first enrollment of a contact, made while the
-- campaign held some out; those that are held out are compared with those that are not.
alter table campaign_enrollments
    add column is_holdout boolean not null default false,
    add column is_compared boolean not null default false,
    drop constraint campaign_enrollments_exit_reason_check,
    add check (exit_reason in (
        'completed', 'goal_achieved', 'unsubscribed', 'stage_changed', 'manual_remove', 'error', 'replied',
        'campaign_archived', 'contact_deleted', 'held_out'));

-- What compared contacts did within the attribution window after they were enrolled, whoever touched them last. Amounts
-- are as they were told: what is counted twice is sorted out where they are read (db/holdouts.py).
create table holdout_results (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    enrollment_id uuid not null,
    is_holdout boolean not null,
    enrolled_at timestamptz not null,
    event_id uuid not null,
    project_id uuid,
    is_goal boolean not null,
    by_stage boolean not null default false,
    amount numeric(12, 2),
    occurred_at timestamptz not null,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    unique (tenant_id, enrollment_id, event_id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, enrollment_id) references campaign_enrollments (tenant_id, id) on delete cascade
);
create index idx_holdout_results_campaign on holdout_results (tenant_id, campaign_id);
alter table holdout_results enable row level security;
alter table holdout_results force row level security;
create policy tenant on holdout_results to campaigns_app, campaigns_engine
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select on holdout_results to campaigns_app;
grant select, insert on holdout_results to campaigns_engine;

-- Who is held out is not in the campaign: neither its total nor max_enrollments counts them.
create or replace function count_enrolled() returns trigger language plpgsql as $$
begin
    insert into counter_deltas (tenant_id, campaign_id, enrolled, completed, revenue)
    select tenant_id, campaign_id, count(*), count(*) filter (where status = 'completed'), sum(revenue_attributed)
    from added where not is_holdout group by tenant_id, campaign_id;
    return null;
end $$;


-- Test messages -----------------------------------------------------------------------------------------------------
-- What a test run has sent to an address that an admin named. Of no contact, in no report, and forgotten after a day.
-- It is claimed, sent and recorded as a message by hand is: see activities/delivery.py.
create table test_messages (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    step_id uuid not null,
    channel varchar(10) not null check (channel in ('email', 'sms')),
    status varchar(20) not null default 'pending'
        check (status in ('pending', 'running', 'completed', 'failed', 'skipped', 'unknown')),
    content jsonb,
    attempts integer not null default 0,
    attempting_since timestamptz,
    ambiguous_since timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    delivered_at timestamptz,
    bounced_at timestamptz,
    provider_id varchar(255),
    error_message text,
    created_at timestamptz not null default now(),
    unique (tenant_id, id)
);
create index idx_test_messages_created on test_messages (tenant_id, created_at);
alter table test_messages enable row level security;
alter table test_messages force row level security;
create policy tenant on test_messages to campaigns_app, campaigns_engine
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert on test_messages to campaigns_app;
grant select, update, delete on test_messages to campaigns_engine;
-- Analytics -------------------------------------------------------------------------------------------------------
-- Each row that reports count is a number of facts: it adds an amount to a metric at a time. A trigger notes what a
-- change adds and takes away (analytics_deltas), so that nobody waits for a counter; readers add what is noted to what is
-- rolled up (db/analytics.py), and the reconciler folds the one into the other (db/rollup.py).
--   enrolled, goals, revenue, *_sent, emails_opened, emails_clicked, sms_replied    what happened then
--   completed, exited, paused, failed, achieved      what has become of those who were enrolled then; achieved: the goal
--   compared, held_out      those enrolled then who count in the comparison with the holdout, and the holdout itself
--   *_delivered, *_bounced, emails_unsubscribed, emails_read, emails_followed, *_answered
--       what has become of the messages that were sent then; the last ones: opened, clicked, replied to
--   entered, step_*                                  visits of a step, of those who were enrolled then
-- What bounced has not arrived: nothing that is done with it counts.
create table analytics_deltas (
    id bigint generated always as identity,
    tenant_id uuid not null,
    campaign_id uuid not null,
    step_id uuid,
    variant varchar(100),
    at timestamptz not null,
    metric varchar(30) not null,
    amount numeric(20, 2) not null,
    primary key (tenant_id, campaign_id, id)
);

-- What the facts of a campaign add up to, and without campaign_id those of the whole company. Quarters of an hour make
-- up the days of every zone, and hours those of most; days in UTC make a long time few rows.
drop table campaign_analytics;
create table campaign_analytics (
    tenant_id uuid not null references tenants,
    campaign_id uuid,
    grain varchar(10) not null check (grain in ('quarter', 'hour', 'day')),
    starts_at timestamptz not null,
    date date generated always as ((starts_at at time zone 'UTC')::date) stored,
    enrolled integer not null default 0,
    completed integer not null default 0,
    exited integer not null default 0,
    paused integer not null default 0,
    failed integer not null default 0,
    achieved integer not null default 0,
    compared integer not null default 0,
    held_out integer not null default 0,
    goals integer not null default 0,
    revenue numeric(20, 2) not null default 0,
    emails_sent integer not null default 0,
    emails_delivered integer not null default 0,
    emails_bounced integer not null default 0,
    emails_unsubscribed integer not null default 0,
    emails_read integer not null default 0,
    emails_followed integer not null default 0,
    emails_opened integer not null default 0,
    emails_clicked integer not null default 0,
    sms_sent integer not null default 0,
    sms_delivered integer not null default 0,
    sms_bounced integer not null default 0,
    sms_answered integer not null default 0,
    sms_replied integer not null default 0,
    unique nulls not distinct (tenant_id, campaign_id, grain, starts_at),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade
);

-- variant: '' where nothing was tested. sent and what follows is of the messages that were sent then.
create table step_analytics (
    tenant_id uuid not null,
    campaign_id uuid not null,
    grain varchar(10) not null check (grain in ('quarter', 'day')),
    starts_at timestamptz not null,
    step_id uuid not null,
    variant varchar(100) not null default '',
    entered integer not null default 0,
    done integer not null default 0,
    failed integer not null default 0,
    skipped integer not null default 0,
    unknown integer not null default 0,
    sent integer not null default 0,
    bounced integer not null default 0,
    opened integer not null default 0,
    clicked integer not null default 0,
    replied integer not null default 0,
    primary key (tenant_id, campaign_id, grain, starts_at, step_id, variant),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
    foreign key (campaign_id, step_id) references campaign_steps (campaign_id, id)
);

-- Who takes a deal back may say that this was in the year 1: what is said to be that old counts as of 1970.
create function quarter_hour(moment timestamptz) returns timestamptz language sql immutable parallel safe
    return date_bin('15 minutes', greatest(moment, '1970-01-01 00:00+00'), '2000-01-01 00:00+00');

create function enrollment_facts(e campaign_enrollments) returns table (at timestamptz, metric text)
language sql immutable parallel safe
begin atomic
    select quarter_hour(fact.at), fact.metric
    from (values
        ('enrolled', e.enrolled_at, true),
        ('completed', e.enrolled_at, e.status = 'completed'),
        ('exited', e.enrolled_at, e.status = 'exited'),
        ('paused', e.enrolled_at, e.status = 'paused'),
        ('failed', e.enrolled_at, e.status = 'failed'),
        ('achieved', e.enrolled_at, e.goal_achieved),
        ('goals', coalesce(e.goal_achieved_at, e.enrolled_at), e.goal_achieved),
        ('compared', e.enrolled_at, e.is_compared),
        ('held_out', e.enrolled_at, e.is_compared and e.is_holdout)
    ) fact (metric, at, holds)
    where fact.holds and (not e.is_holdout or fact.metric = 'held_out');
end;

create function execution_facts(x campaign_step_executions, enrolled_at timestamptz)
returns table (at timestamptz, metric text) language sql immutable parallel safe
begin atomic
    select quarter_hour(fact.at), fact.metric
    from (select x.status = 'completed' and x.step_type = 'send_email', x.status = 'completed' and x.step_type = 'send_sms',
                 x.bounced_at is null, coalesce(x.completed_at, x.created_at)) sent (email, sms, arrived, at)
    cross join lateral (values
        ('entered', enrolled_at, true),
        ('step_done', enrolled_at, x.status = 'completed'),
        ('step_failed', enrolled_at, x.status = 'failed'),
        ('step_skipped', enrolled_at, x.status = 'skipped'),
        ('step_unknown', enrolled_at, x.status = 'unknown'),
        ('emails_sent', sent.at, email),
        ('emails_bounced', sent.at, email and not arrived),
        ('emails_delivered', sent.at, email and arrived and x.delivered_at is not null),
        ('emails_unsubscribed', sent.at, email and arrived and x.unsubscribed_at is not null),
        ('emails_read', sent.at, email and arrived and x.opened_at is not null),
        ('emails_followed', sent.at, email and arrived and x.clicked_at is not null),
        ('emails_answered', sent.at, email and arrived and x.replied_at is not null),
        ('emails_opened', x.opened_at, email and arrived and x.opened_at is not null),
        ('emails_clicked', x.clicked_at, email and arrived and x.clicked_at is not null),
        ('sms_sent', sent.at, sms),
        ('sms_bounced', sent.at, sms and not arrived),
        ('sms_delivered', sent.at, sms and arrived and x.delivered_at is not null),
        ('sms_answered', sent.at, sms and arrived and x.replied_at is not null),
        ('sms_replied', x.replied_at, sms and arrived and x.replied_at is not null)
    ) fact (metric, at, holds)
    where fact.holds;
end;

create view analytics_facts with (security_invoker = true) as
    select e.tenant_id, e.campaign_id, null::uuid as step_id, null::varchar as variant, f.at, f.metric, 1::numeric as amount
    from campaign_enrollments e cross join lateral enrollment_facts(e) f
    union all
    select x.tenant_id, x.campaign_id, x.step_id, x.variant, f.at, f.metric, 1
    from campaign_step_executions x join campaign_enrollments e on e.id = x.enrollment_id
    cross join lateral execution_facts(x, e.enrolled_at) f
    union all
    select tenant_id, campaign_id, null, null, quarter_hour(occurred_at), 'revenue', amount from attributions;

-- Inserts and deletes may be of many rows, and are noted together. Updates are of one mostly, and few of them matter.
create function note_enrollments() returns trigger language plpgsql as $$
begin
    insert into analytics_deltas (tenant_id, campaign_id, at, metric, amount)
    select e.tenant_id, e.campaign_id, f.at, f.metric, case tg_op when 'INSERT' then count(*) else -count(*) end
    from changed e cross join lateral enrollment_facts(e) f group by 1, 2, 3, 4;
    return null;
end $$;
create trigger note_enrollments after insert on campaign_enrollments
    referencing new table as changed for each statement execute function note_enrollments();
create trigger note_enrollments_deleted after delete on campaign_enrollments
    referencing old table as changed for each statement execute function note_enrollments();

create function note_enrollment_change() returns trigger language plpgsql as $$
begin
    insert into analytics_deltas (tenant_id, campaign_id, at, metric, amount)
    select new.tenant_id, new.campaign_id, fact.at, fact.metric, sum(fact.amount)
    from (select at, metric, 1 from enrollment_facts(new) union all select at, metric, -1 from enrollment_facts(old))
        fact (at, metric, amount)
    group by 3, 4 having sum(fact.amount) <> 0;
    if new.enrolled_at <> old.enrolled_at then
        insert into analytics_deltas (tenant_id, campaign_id, step_id, variant, at, metric, amount)
        select x.tenant_id, x.campaign_id, x.step_id, x.variant, fact.at, fact.metric, sum(fact.amount)
        from campaign_step_executions x
        cross join lateral (
            select at, metric, 1 from execution_facts(x, new.enrolled_at)
            union all select at, metric, -1 from execution_facts(x, old.enrolled_at)
        ) fact (at, metric, amount)
        where x.enrollment_id = new.id
        group by 1, 2, 3, 4, 5, 6 having sum(fact.amount) <> 0;
    end if;
    return null;
end $$;
create trigger note_enrollment_change after update on campaign_enrollments for each row
    when ((old.status, old.goal_achieved, old.goal_achieved_at, old.enrolled_at, old.is_holdout, old.is_compared)
          is distinct from
          (new.status, new.goal_achieved, new.goal_achieved_at, new.enrolled_at, new.is_holdout, new.is_compared))
    execute function note_enrollment_change();

create function note_executions() returns trigger language plpgsql as $$
begin
    insert into analytics_deltas (tenant_id, campaign_id, step_id, variant, at, metric, amount)
    select x.tenant_id, x.campaign_id, x.step_id, x.variant, f.at, f.metric,
           case tg_op when 'INSERT' then count(*) else -count(*) end
    from changed x join campaign_enrollments e on e.id = x.enrollment_id
    cross join lateral execution_facts(x, e.enrolled_at) f group by 1, 2, 3, 4, 5, 6;
    return null;
end $$;
create trigger note_executions after insert on campaign_step_executions
    referencing new table as changed for each statement execute function note_executions();
create trigger note_executions_deleted after delete on campaign_step_executions
    referencing old table as changed for each statement execute function note_executions();

create function note_execution_change() returns trigger language plpgsql as $$
begin
    insert into analytics_deltas (tenant_id, campaign_id, step_id, variant, at, metric, amount)
    select new.tenant_id, new.campaign_id, fact.step_id, fact.variant, fact.at, fact.metric, sum(fact.amount)
    from campaign_enrollments e
    cross join lateral (
        select new.step_id, new.variant, at, metric, 1 from execution_facts(new, e.enrolled_at)
        union all select old.step_id, old.variant, at, metric, -1 from execution_facts(old, e.enrolled_at)
    ) fact (step_id, variant, at, metric, amount)
    where e.id = new.enrollment_id
    group by 3, 4, 5, 6 having sum(fact.amount) <> 0;
    return null;
end $$;
-- To none of the facts does it matter whether a visit that has not ended has begun.
create trigger note_execution_change after update on campaign_step_executions for each row
    when ((replace(old.status, 'running', 'pending'), old.step_id, old.step_type, old.variant, old.completed_at,
           old.delivered_at, old.bounced_at, old.unsubscribed_at, old.opened_at, old.clicked_at, old.replied_at)
          is distinct from
          (replace(new.status, 'running', 'pending'), new.step_id, new.step_type, new.variant, new.completed_at,
           new.delivered_at, new.bounced_at, new.unsubscribed_at, new.opened_at, new.clicked_at, new.replied_at))
    execute function note_execution_change();

create function note_attributions() returns trigger language plpgsql as $$
begin
    insert into analytics_deltas (tenant_id, campaign_id, at, metric, amount)
    select tenant_id, campaign_id, quarter_hour(occurred_at), 'revenue', sum(amount) from added group by 1, 2, 3;
    return null;
end $$;
create trigger note_attributions after insert on attributions
    referencing new table as added for each statement execute function note_attributions();

-- What there is already. The triggers come first: they hold writers back until all of this is committed. Whoever
-- migrates owns the tables, and sees no tenant's rows as long as row-level security is forced.
do $$
declare
    table_name text;
begin
    foreach table_name in array array['campaign_enrollments', 'campaign_step_executions', 'attributions'] loop
        execute format('alter table %I no force row level security', table_name);
    end loop;
    insert into analytics_deltas (tenant_id, campaign_id, step_id, variant, at, metric, amount)
    select tenant_id, campaign_id, step_id, variant, at, metric, sum(amount) from analytics_facts group by 1, 2, 3, 4, 5, 6;
    foreach table_name in array array['campaign_enrollments', 'campaign_step_executions', 'attributions'] loop
        execute format('alter table %I force row level security', table_name);
    end loop;
    foreach table_name in array array['analytics_deltas', 'campaign_analytics', 'step_analytics'] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format(
            'create policy tenant on %I to campaigns_app, campaigns_engine
             using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', table_name);
    end loop;
end $$;

grant select, insert on analytics_deltas to campaigns_app, campaigns_engine;
grant delete on analytics_deltas to campaigns_engine;
grant select on campaign_analytics, step_analytics to campaigns_app;
grant select, insert, update, delete on campaign_analytics, step_analytics to campaigns_engine;
grant select on analytics_facts to campaigns_engine;
-- Which tenants have something to fold in.
grant select (tenant_id) on analytics_deltas to campaigns_gateway;
create policy dispatch on analytics_deltas for select to campaigns_gateway using (true);
