-- What the web pages need.

-- Conversations ---------------------------------------------------------------------------------------------------
-- One row for each contact that has written or was written to, so that the first page of a million messages is read off
-- an index. last_*: the newest message, as db/conversations.py tells them. unread: how many the contact wrote since
-- somebody of the company looked; what an answering machine wrote is not among them.
alter table messages add column is_automatic boolean not null default false;

create table conversations (
    tenant_id uuid not null,
    contact_id uuid not null,
    last_message_id uuid not null,
    last_at timestamptz not null,
    unread integer not null default 0,
    is_unread boolean not null generated always as (unread > 0) stored,
    primary key (tenant_id, contact_id),
    foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
create index idx_conversations_newest on conversations (tenant_id, is_unread desc, last_at desc, contact_id desc);

-- Who notes a message and who deletes its contact take turns. Not by the contact's row: then each message would wait for
-- whoever changes the contact, and hold what those want next. A thousand turns for all, as locks are not for any number.
create function turn_of_conversation(contact uuid) returns bigint language sql immutable parallel safe
    return hashtextextended('conversations', hashtext(contact::text) % 1000);

-- Of a contact that is deleted there is none.
create function note_conversation(message_id uuid, contact uuid, written_at timestamptz, not_read integer)
returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(turn_of_conversation(contact));
    insert into conversations as known (tenant_id, contact_id, last_message_id, last_at, unread)
    select c.tenant_id, c.id, message_id, written_at, not_read
    from contacts c where c.id = contact and not c.is_deleted
    on conflict (tenant_id, contact_id) do update set
        (last_message_id, last_at) = (
            select newest.id, newest.at
            from (values (known.last_message_id, known.last_at), (excluded.last_message_id, excluded.last_at))
                as newest (id, at)
            order by newest.at desc, newest.id desc limit 1),
        unread = known.unread + excluded.unread;
end $$;

create function note_message() returns trigger language plpgsql as $$
begin
    perform note_conversation(
        new.id, new.contact_id, new.created_at, (new.direction = 'inbound' and not new.is_automatic)::int);
    return null;
end $$;

create function note_sent() returns trigger language plpgsql as $$
begin
    perform note_conversation(new.id, e.contact_id, coalesce(new.completed_at, now()), 0)
    from campaign_enrollments e where e.id = new.enrollment_id;
    return null;
end $$;

create function forget_conversation() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(turn_of_conversation(new.id));
    delete from conversations where contact_id = new.id;
    return null;
end $$;

-- Deferred: the last row that a transaction locks, so nobody who holds it waits for an enrollment or a contact of others.
create constraint trigger note_message after insert on messages deferrable initially deferred
    for each row execute function note_message();
create constraint trigger note_sent after update on campaign_step_executions deferrable initially deferred
    for each row
    when (new.step_type in ('send_email', 'send_sms') and new.status <> old.status
          and (new.status in ('completed', 'unknown') or new.status = 'failed' and new.attempts > 0))
    execute function note_sent();
create constraint trigger forget_conversation after update on contacts deferrable initially deferred
    for each row when (new.is_deleted and not old.is_deleted) execute function forget_conversation();

-- Custom fields ---------------------------------------------------------------------------------------------------
-- The names of the custom fields that a company's contacts and projects have, or had: editors offer them, and nobody
-- reads all rows for that.
create table custom_fields (
    tenant_id uuid not null references tenants,
    entity varchar(10) not null check (entity in ('contact', 'project')),
    name text not null,
    primary key (tenant_id, entity, name)
);

create function custom_names(custom jsonb) returns setof text language sql immutable parallel safe
begin atomic
    select jsonb_object_keys(case jsonb_typeof(custom) when 'object' then custom else '{}' end);
end;

create function note_custom_fields() returns trigger language plpgsql as $$
begin
    insert into custom_fields (tenant_id, entity, name)
    select distinct changed.tenant_id, tg_argv[0], used.name
    from changed cross join lateral custom_names(changed.custom) used (name)
    where not exists (
        select from custom_fields f
        where f.tenant_id = changed.tenant_id and f.entity = tg_argv[0] and f.name = used.name)
    order by 3
    on conflict do nothing;
    return null;
end $$;
create trigger note_custom_fields after insert on contacts referencing new table as changed
    for each statement execute function note_custom_fields('contact');
create trigger note_new_custom_fields after update on contacts referencing new table as changed
    for each statement execute function note_custom_fields('contact');
create trigger note_custom_fields after insert on projects referencing new table as changed
    for each statement execute function note_custom_fields('project');
create trigger note_new_custom_fields after update on projects referencing new table as changed
    for each statement execute function note_custom_fields('project');

-- Imports that enroll ---------------------------------------------------------------------------------------------
-- Each is in a job once, in whichever of its portions it comes up.
create unique index idx_job_items_once on job_items (tenant_id, job_id, item_id);

-- Conversations and custom fields that there are already ----------------------------------------------------------
-- The triggers come first: they hold writers back until all of this is committed. Whoever migrates owns the tables, and
-- sees no tenant's rows as long as row-level security is forced. What was written until now counts as read.
do $$
declare
    table_name text;
begin
    foreach table_name in array array[
        'contacts', 'projects', 'messages', 'campaign_enrollments', 'campaign_step_executions'
    ] loop
        execute format('alter table %I no force row level security', table_name);
    end loop;
    insert into conversations (tenant_id, contact_id, last_message_id, last_at)
    select distinct on (c.id) c.tenant_id, c.id, message.id, message.at
    from contacts c
    join (
        select contact_id, id, created_at as at from messages
        union all
        select e.contact_id, x.id, coalesce(x.completed_at, x.created_at)
        from campaign_step_executions x join campaign_enrollments e on e.id = x.enrollment_id
        where x.step_type in ('send_email', 'send_sms')
          and (x.status in ('completed', 'unknown') or x.status = 'failed' and x.attempts > 0)
    ) message on message.contact_id = c.id
    where not c.is_deleted
    order by c.id, message.at desc, message.id desc;
    insert into custom_fields (tenant_id, entity, name)
    select distinct tenant_id, 'contact', used.name from contacts cross join lateral custom_names(custom) used (name)
    union
    select distinct tenant_id, 'project', used.name from projects cross join lateral custom_names(custom) used (name);
    foreach table_name in array array[
        'contacts', 'projects', 'messages', 'campaign_enrollments', 'campaign_step_executions'
    ] loop
        execute format('alter table %I force row level security', table_name);
    end loop;
    foreach table_name in array array['conversations', 'custom_fields'] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format(
            'create policy tenant on %I to campaigns_app, campaigns_engine
             using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', table_name);
    end loop;
end $$;

grant select, insert, update, delete on conversations to campaigns_app, campaigns_engine;
grant select, insert on custom_fields to campaigns_app, campaigns_engine;

-- Passwords and invitations ---------------------------------------------------------------------------------------
-- Links by which somebody chooses a password, once: of each the SHA-256 of its token, which is 256 bits.
create table password_links (
    token_hash bytea primary key,
    tenant_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index idx_password_links_user on password_links (tenant_id, user_id);
create index idx_password_links_expired on password_links (tenant_id, expires_at);

-- What the installation writes to a user about their account. Claimed, sent and recorded as messages are: see
-- activities/delivery.py. The links in its content are without their tokens: services/links.py.
create table account_mails (
    id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    user_id uuid not null,
    status varchar(20) not null default 'pending'
        check (status in ('pending', 'running', 'completed', 'failed', 'skipped', 'unknown')),
    content jsonb,
    worth_until timestamptz not null,
    attempts integer not null default 0,
    attempting_since timestamptz,
    ambiguous_since timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    delivered_at timestamptz,
    bounced_at timestamptz,
    provider_id varchar(255),
    error_message text,
    workflow_status varchar(20) not null default 'unstarted'
        check (workflow_status in ('unstarted', 'running', 'closed')),
    created_at timestamptz not null default now(),
    unique (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index idx_account_mails_created on account_mails (tenant_id, created_at);
create index idx_account_mails_user on account_mails (tenant_id, user_id);
create index idx_account_mails_undelivered on account_mails (id) where workflow_status <> 'closed';

do $$
declare
    table_name text;
begin
    foreach table_name in array array['password_links', 'account_mails'] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format(
            'create policy tenant on %I to campaigns_app, campaigns_engine
             using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', table_name);
        execute format('create policy admin_insert on %I as restrictive for insert to campaigns_app
                        with check (app_is_admin())', table_name);
    end loop;
end $$;
create policy own_delete on password_links as restrictive for delete to campaigns_app
    using (user_id = app_user() or app_is_admin());

-- People: an admin invites; whoever has a link spends it. Who asks for one is not signed in: the engine writes it.
grant select, insert, delete on password_links to campaigns_app, campaigns_engine;
grant insert on account_mails to campaigns_app;
grant select, insert, update, delete on account_mails to campaigns_engine;
-- Whose link it is, and which mails have no workflow.
grant select (token_hash, tenant_id, user_id, expires_at) on password_links to campaigns_gateway;
grant select (id, tenant_id, workflow_status, created_at) on account_mails to campaigns_gateway;
create policy sign_in on password_links for select to campaigns_gateway using (true);
create policy dispatch on account_mails for select to campaigns_gateway using (true);

-- Everybody changes their own name, phone and password; the rest of a user is an admin's to change.
drop policy admin_update on users;
create policy own_update on users as restrictive for update to campaigns_app using (app_is_admin() or id = app_user());

create function refuse_change_of_account() returns trigger language plpgsql as $$
begin
    raise exception 'only an admin changes the address, the role or the state of a user'
        using errcode = 'insufficient_privilege';
end $$;
create trigger refuse_change_of_account before update on users for each row
    when (current_user = 'campaigns_app' and not app_is_admin()
          and (new.email, new.role, new.is_active) is distinct from (old.email, old.role, old.is_active))
    execute function refuse_change_of_account();

-- Previews --------------------------------------------------------------------------------------------------------
-- What is being written can be sent as a test before it is a step.
alter table test_messages alter column step_id drop not null;
