-- What starts an enrollment, what feeds it, what ends it: events, triggers' matches, revenue, opens and clicks, consent,
-- the conversation with a contact, and jobs.

-- Events ----------------------------------------------------------------------------------------------------------
-- What happened to a contact, in the order of number. Whoever changes a contact, a project or a task writes the event
-- in the same transaction, by the triggers below; the worker takes those that are not processed (services/events.py).
create table events (
    id uuid primary key default gen_random_uuid(),
    number bigint generated always as identity,
    tenant_id uuid not null,
    contact_id uuid not null,
    project_id uuid,
    event_name varchar(100) not null,
    properties jsonb not null default '{}',
    event_id varchar(255),
    occurred_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    processed_at timestamptz,
    attempts integer not null default 0,
    error text,
    unique (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete set null (project_id)
);
create unique index idx_events_event_id on events (tenant_id, event_id) where event_id is not null;
create index idx_events_waiting on events (tenant_id, number) where processed_at is null;
create index idx_events_tenant on events (tenant_id, created_at desc, id desc);
create index idx_events_contact on events (tenant_id, contact_id, number);
create index idx_events_project on events (project_id) where project_id is not null;

-- An import, or whoever else brings a whole table, says `set_config('app.events', 'off', true)`.
create function events_are_off() returns boolean language sql stable
    return coalesce(current_setting('app.events', true), '') = 'off';

create function changed_columns(before jsonb, after jsonb) returns jsonb language sql immutable
    return (select coalesce(jsonb_agg(key order by key), '[]')
            from jsonb_each(after) where value is distinct from before -> key and key <> 'updated_at');

create function note_new_contacts() returns trigger language plpgsql as $$
begin
    if not events_are_off() then
        insert into events (tenant_id, contact_id, event_name, properties)
        select tenant_id, id, event.name, event.properties
        from added cross join lateral (values
            (1, 'contact_created', jsonb_build_object('stage', stage), true),
            (2, 'contact_stage_changed', jsonb_build_object('from_stage', null, 'to_stage', stage), stage is not null)
        ) as event (place, name, properties, happened)
        where event.happened order by id, event.place;
    end if;
    return null;
end $$;
create trigger note_new_contacts after insert on contacts
    referencing new table as added for each statement execute function note_new_contacts();

create function note_changed_contacts() returns trigger language plpgsql as $$
begin
    if not events_are_off() then
        insert into events (tenant_id, contact_id, event_name, properties)
        select n.tenant_id, n.id, event.name, event.properties
        from after n join before o on o.id = n.id
        cross join lateral (
            select 1, 'contact_updated', jsonb_build_object('changed', changed)
            from changed_columns(to_jsonb(o), to_jsonb(n)) changed where changed <> '[]'
            union all
            select 2, 'contact_stage_changed', jsonb_build_object('from_stage', o.stage, 'to_stage', n.stage)
            where n.stage is distinct from o.stage and n.stage is not null
            union all
            select 3, 'tag_added', jsonb_build_object('tag', tag)
            from unnest(n.tags) tag where tag <> all (o.tags)
            union all
            select 4, 'tag_removed', jsonb_build_object('tag', tag)
            from unnest(o.tags) tag where tag <> all (n.tags)
            union all
            select 5, 'contact_unsubscribed', jsonb_build_object('channel', channel)
            from (values ('email', n.email_opt_out and not o.email_opt_out), ('sms', n.sms_opt_out and not o.sms_opt_out))
                as opt_out (channel, happened) where happened
        ) as event (place, name, properties)
        where not n.is_deleted order by n.id, event.place;
    end if;
    return null;
end $$;
create trigger note_changed_contacts after update on contacts
    referencing old table as before new table as after
    for each statement execute function note_changed_contacts();

create function note_new_projects() returns trigger language plpgsql as $$
begin
    if not events_are_off() then
        insert into events (tenant_id, contact_id, project_id, event_name, properties)
        select tenant_id, contact_id, id, event.name, event.properties
        from added cross join lateral (values
            (1, 'project_created', jsonb_build_object('name', name, 'stage', stage,
                                                      'estimate_amount', estimate_amount), true),
            (2, 'project_stage_changed', jsonb_build_object('from_stage', null, 'to_stage', stage,
                                                            'estimate_amount', estimate_amount), stage is not null)
        ) as event (place, name, properties, happened)
        where event.happened order by id, event.place;
    end if;
    return null;
end $$;
create trigger note_new_projects after insert on projects
    referencing new table as added for each statement execute function note_new_projects();

create function note_changed_projects() returns trigger language plpgsql as $$
begin
    if not events_are_off() then
        insert into events (tenant_id, contact_id, project_id, event_name, properties)
        select n.tenant_id, n.contact_id, n.id, event.name, event.properties
        from after n join before o on o.id = n.id
        cross join lateral (
            select 1, 'project_updated', jsonb_build_object('changed', changed)
            from changed_columns(to_jsonb(o), to_jsonb(n)) changed where changed <> '[]'
            union all
            select 2, 'project_stage_changed', jsonb_build_object(
                'from_stage', o.stage, 'to_stage', n.stage, 'estimate_amount', n.estimate_amount)
            where n.stage is distinct from o.stage and n.stage is not null
        ) as event (place, name, properties)
        order by n.id, event.place;
    end if;
    return null;
end $$;
create trigger note_changed_projects after update on projects
    referencing old table as before new table as after
    for each statement execute function note_changed_projects();

create function note_new_activities() returns trigger language plpgsql as $$
begin
    if not events_are_off() then
        insert into events (tenant_id, contact_id, project_id, event_name, properties)
        select tenant_id, contact_id, project_id, 'activity_created', jsonb_build_object(
            'activity_id', id, 'activity_type', activity_type, 'activity_subtype', activity_subtype,
            'status', status, 'priority', priority)
        from added where contact_id is not null order by created_at, id;
    end if;
    return null;
end $$;
create trigger note_new_activities after insert on activities
    referencing new table as added for each statement execute function note_new_activities();

create function note_completed_activities() returns trigger language plpgsql as $$
begin
    if not events_are_off() then
        insert into events (tenant_id, contact_id, project_id, event_name, properties)
        select n.tenant_id, n.contact_id, n.project_id, 'activity_completed', jsonb_build_object(
            'activity_id', n.id, 'activity_type', n.activity_type, 'activity_subtype', n.activity_subtype)
        from after n join before o on o.id = n.id
        where n.status = 'completed' and o.status <> 'completed' and n.contact_id is not null order by n.id;
    end if;
    return null;
end $$;
create trigger note_completed_activities after update on activities
    referencing old table as before new table as after
    for each statement execute function note_completed_activities();

-- Triggers' matches -----------------------------------------------------------------------------------------------
-- A time_based trigger looks at the dates that came due after scanned_until, and none from before active_since.
alter table campaign_triggers
    add column active_since timestamptz not null default now(),
    add column scanned_until timestamptz not null default now();

-- matched_for names what was matched: an event's id, or the row and the value of its date. Once each.
-- held: the campaign is paused; whom it concerns is enrolled on resume, if it still holds.
create table trigger_matches (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    trigger_id uuid not null,
    contact_id uuid not null,
    project_id uuid,
    matched_for varchar(255) not null,
    event jsonb not null default '{}',
    held boolean not null default false,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    unique (tenant_id, trigger_id, contact_id, matched_for),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id) on delete cascade,
    foreign key (tenant_id, trigger_id) references campaign_triggers (tenant_id, id) on delete cascade,
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete set null (project_id)
);
create index idx_trigger_matches_held on trigger_matches (tenant_id, campaign_id) where held;
create index idx_trigger_matches_settled on trigger_matches (tenant_id, created_at) where not held;
create index idx_trigger_matches_contact on trigger_matches (tenant_id, contact_id);
create index idx_trigger_matches_project on trigger_matches (project_id) where project_id is not null;

-- event is the newest one that the enrollment took: the one that triggered it, or the one that it waited for.
alter table campaign_enrollments
    add column replied_at timestamptz,
    add column trigger_id uuid,
    add column event jsonb not null default '{}',
    add foreign key (tenant_id, trigger_id)
        references campaign_triggers (tenant_id, id) on delete set null (trigger_id);
create index idx_campaign_enrollments_trigger on campaign_enrollments (trigger_id) where trigger_id is not null;

-- Revenue ---------------------------------------------------------------------------------------------------------
-- Each amount that an enrollment brought in or lost again; its sum is the enrollment's revenue_attributed.
create table attributions (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    campaign_id uuid not null,
    enrollment_id uuid not null,
    contact_id uuid not null,
    project_id uuid,
    event_id uuid not null,
    by_stage boolean not null default false,
    amount numeric(12, 2) not null,
    occurred_at timestamptz not null,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    foreign key (tenant_id, enrollment_id) references campaign_enrollments (tenant_id, id) on delete cascade,
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete set null (project_id),
    foreign key (tenant_id, event_id) references events (tenant_id, id)
);
create index idx_attributions_contact on attributions (tenant_id, contact_id, created_at);
create index idx_attributions_event on attributions (tenant_id, event_id);
create index idx_attributions_campaign on attributions (tenant_id, campaign_id, occurred_at);
create index idx_attributions_project on attributions (project_id) where project_id is not null;

-- What became of a message ----------------------------------------------------------------------------------------
-- sent_at is when the provider's answer was recorded, by this database's clock: an enrollment's clock can be ahead.
alter table campaign_step_executions
    add column sent_at timestamptz,
    add column delivered_at timestamptz,
    add column bounced_at timestamptz,
    add column unsubscribed_at timestamptz;

-- A column of its own: under row-level security no index over an expression of jsonb is used.
alter table campaign_step_executions
    add column sent_to text generated always as (content ->> 'to') stored;
create index idx_campaign_step_executions_texted
    on campaign_step_executions (tenant_id, sent_to, started_at) where step_type = 'send_sms';

-- Every open and click; machine names the rule that took it for a machine's, and then it does not count.
create table engagements (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    execution_id uuid not null,
    kind varchar(10) not null check (kind in ('open', 'click')),
    url text,
    user_agent text,
    machine varchar(50),
    occurred_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, execution_id)
        references campaign_step_executions (tenant_id, id) on delete cascade
);
create index idx_engagements_execution on engagements (execution_id);

-- A provider may deliver the same webhook several times.
create table webhook_receipts (
    tenant_id uuid not null references tenants,
    provider varchar(20) not null,
    receipt varchar(255) not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, provider, receipt)
);
create index idx_webhook_receipts_created on webhook_receipts (created_at);

-- Consent ---------------------------------------------------------------------------------------------------------
-- Addresses that nothing may be sent to, whichever contact has them.
create table suppressions (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    channel varchar(10) not null check (channel in ('email', 'sms')),
    address varchar(320) not null,
    reason varchar(20) not null check (reason in ('opt_out', 'hard_bounce', 'complaint')),
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    unique (tenant_id, channel, address, reason)
);

-- Every change of what a contact allows, written by the triggers below, so that none goes unrecorded.
-- `app.consent_source`, `app.consent_wording` and `app.consent_at` say where it came from.
create table consents (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    contact_id uuid not null,
    channel varchar(10) not null check (channel in ('email', 'sms')),
    action varchar(20) not null check (action in ('consented', 'withdrawn', 'opted_out', 'opted_in')),
    source varchar(100) not null,
    wording text,
    recorded_by uuid,
    given_at timestamptz not null,
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, recorded_by) references users (tenant_id, id) on delete set null (recorded_by)
);
create index idx_consents_contact on consents (tenant_id, contact_id, created_at);
-- Whoever has an address, deleted ones too: an opt-out outlives the contact, and so does the count of its texts.
drop index idx_contacts_email, idx_contacts_phone;
-- The address first: a text or an e-mail comes in before its tenant is known.
create index idx_contacts_email on contacts (email, tenant_id);
create index idx_contacts_phone on contacts (phone, tenant_id);

create function record_consents() returns trigger language plpgsql as $$
begin
    insert into consents (tenant_id, contact_id, channel, action, source, wording, recorded_by, given_at)
    select new.tenant_id, new.id, change.channel, change.action,
           coalesce(nullif(current_setting('app.consent_source', true), ''),
                    case when app_user() is null then 'system' else 'user' end),
           nullif(current_setting('app.consent_wording', true), ''), app_user(),
           coalesce(nullif(current_setting('app.consent_at', true), '')::timestamptz, now())
    from (values
        ('sms', 'consented', new.sms_consent and not coalesce(old.sms_consent, false)),
        ('sms', 'withdrawn', not new.sms_consent and coalesce(old.sms_consent, false)),
        ('sms', 'opted_out', new.sms_opt_out and not coalesce(old.sms_opt_out, false)),
        ('sms', 'opted_in', not new.sms_opt_out and coalesce(old.sms_opt_out, false)),
        ('email', 'opted_out', new.email_opt_out and not coalesce(old.email_opt_out, false)),
        ('email', 'opted_in', not new.email_opt_out and coalesce(old.email_opt_out, false))
    ) as change (channel, action, happened)
    where change.happened;
    return null;
end $$;
create trigger record_first_consents after insert on contacts for each row
    when (new.sms_consent or new.sms_opt_out or new.email_opt_out) execute function record_consents();
create trigger record_changed_consents after update on contacts for each row
    when ((old.sms_consent, old.sms_opt_out, old.email_opt_out)
          is distinct from (new.sms_consent, new.sms_opt_out, new.email_opt_out))
    execute function record_consents();

-- The conversation ------------------------------------------------------------------------------------------------
-- What a contact wrote, and what a person of the company wrote to it; what campaigns send is in the executions.
-- An outbound one is claimed, sent and recorded as an execution is: see activities/delivery.py.
create table messages (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    contact_id uuid not null,
    channel varchar(10) not null check (channel in ('email', 'sms')),
    direction varchar(10) not null check (direction in ('inbound', 'outbound')),
    status varchar(20) not null default 'pending'
        check (status in ('pending', 'running', 'completed', 'failed', 'skipped', 'unknown')),
    from_address varchar(320),
    to_address varchar(320),
    subject text,
    body text,
    html text,
    media_urls jsonb not null default '[]',
    user_id uuid,
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
    workflow_status varchar(20) not null default 'closed'
        check (workflow_status in ('unstarted', 'running', 'closed')),
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete set null (user_id)
);
create index idx_messages_contact on messages (tenant_id, contact_id, created_at desc);
create unique index idx_messages_provider on messages (tenant_id, provider_id) where provider_id is not null;
create index idx_messages_undelivered on messages (id) where workflow_status <> 'closed';

-- Jobs ------------------------------------------------------------------------------------------------------------
create table jobs (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null references tenants,
    kind varchar(50) not null,
    status varchar(20) not null default 'running' check (status in ('running', 'completed', 'failed', 'cancelled')),
    input jsonb not null default '{}',
    total integer not null default 0,
    done integer not null default 0,
    failed integer not null default 0,
    position bigint not null default 0,
    workflow_status varchar(20) not null default 'unstarted'
        check (workflow_status in ('unstarted', 'running', 'closed')),
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz,
    unique (tenant_id, id),
    foreign key (tenant_id, created_by) references users (tenant_id, id) on delete set null (created_by)
);
create index idx_jobs_tenant on jobs (tenant_id, created_at desc, id desc);
create index idx_jobs_undelivered on jobs (id) where workflow_status <> 'closed';

create table job_errors (
    tenant_id uuid not null,
    job_id uuid not null,
    number bigint not null,
    subject varchar(255) not null,
    code varchar(100) not null,
    detail text not null,
    primary key (tenant_id, job_id, number),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);

-- An uploaded file, in pieces, so that nobody holds the whole of it in memory.
create table job_files (
    tenant_id uuid not null,
    job_id uuid not null,
    number integer not null,
    data bytea not null,
    primary key (tenant_id, job_id, number),
    foreign key (tenant_id, job_id) references jobs (tenant_id, id) on delete cascade
);

-- Who may touch what ----------------------------------------------------------------------------------------------
do $$
declare
    table_name text;
begin
    foreach table_name in array array[
        'events', 'trigger_matches', 'attributions', 'engagements', 'webhook_receipts', 'suppressions', 'consents',
        'messages', 'jobs', 'job_errors', 'job_files'
    ] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format(
            'create policy tenant on %I to campaigns_app, campaigns_engine
             using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', table_name);
    end loop;
end $$;

grant select, insert on events, consents to campaigns_app, campaigns_engine;
grant update (processed_at, attempts, error), delete on events to campaigns_engine;
grant select on trigger_matches, attributions, engagements to campaigns_app;
grant select, insert, update, delete on trigger_matches to campaigns_engine;
grant select, insert on attributions, engagements to campaigns_engine;
grant select, insert, delete on webhook_receipts to campaigns_engine;
grant select, insert, update, delete on suppressions to campaigns_app, campaigns_engine;
grant select, insert, update on messages to campaigns_app, campaigns_engine;
grant select, insert, update on jobs to campaigns_app, campaigns_engine;
grant select, insert on job_errors, job_files to campaigns_app, campaigns_engine;
grant delete on job_files to campaigns_engine;
-- A manager who starts a campaign switches its triggers on, which comes the engine's way too.
grant update (active_since, scanned_until) on campaign_triggers to campaigns_engine;

-- The gateway finds work: which tenants have events to process, dates to look at and matches that are held back, which
-- messages and jobs have no workflow.
grant select (tenant_id, processed_at) on events to campaigns_gateway;
grant select (tenant_id, trigger_type, is_active) on campaign_triggers to campaigns_gateway;
grant select (tenant_id, held) on trigger_matches to campaigns_gateway;
grant select (id, tenant_id, workflow_status, created_at) on messages, jobs to campaigns_gateway;
-- A text comes to a number, and a webhook tells of a provider's id; whose they are is not known before.
grant select (sms_number, from_email) on tenants to campaigns_gateway;
grant select (tenant_id, phone, email) on contacts to campaigns_gateway;
create policy dispatch on events for select to campaigns_gateway using (true);
create policy dispatch on campaign_triggers for select to campaigns_gateway using (true);
create policy dispatch on trigger_matches for select to campaigns_gateway using (true);
create policy dispatch on messages for select to campaigns_gateway using (true);
create policy dispatch on jobs for select to campaigns_gateway using (true);
create policy dispatch on contacts for select to campaigns_gateway using (true);
