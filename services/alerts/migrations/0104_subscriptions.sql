-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation
-- Alerts are few and this database is small when this runs: a writer waits some milliseconds.
alter table alert add column number bigint;
comment on column alert.number is
'Order in which published alerts became visible, without gaps; null for drafts. Streams resume behind it.';

update alert set number = ranked.place
from (
    select id, row_number() over (order by recorded_at, id) as place from alert where status <> 'Draft'
) as ranked
where alert.id = ranked.id;

create unique index alert_number on alert (number) where number is not null;

-- One row. Whoever issues holds it until the commit, so that numbers become visible in their order.
create table alert_counter (
    only_one boolean primary key default true check (only_one),
    last bigint not null
);
insert into alert_counter (last) select coalesce(max(number), 0) from alert;

-- What each identity may do, as the registry last said.
create table identity (
    subject text collate "C" primary key,
    version bigint not null,
    kind text not null,
    grants jsonb not null
);

create table subscription (
    id uuid primary key,
    version bigint not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    subject text collate "C" not null,
    role text not null,
    organisation_id uuid,
    areas text [] not null,
    sectors text [] not null,
    url text not null,
    description text,
    wanted_country text collate "C",
    wanted_areas text [] not null,
    wanted_sectors text [] not null,
    wanted_severities text [] not null,
    wanted_statuses text [] not null,
    languages text [] not null,
    state text not null check (state in ('active', 'paused', 'ended')),
    reason text check (reason in ('by_holder', 'failing', 'gone')),
    failing_since timestamptz,
    secret text not null,
    earlier_secret text,
    earlier_secret_until timestamptz
);
comment on table subscription is 'Where alerts are sent to, for whom, and which of them.';
comment on column subscription.subject is
'The holder, with role, organisation, areas and sectors as at creation: live only while a grant still says so.';
comment on column subscription.reason is 'Why it is not active.';
comment on column subscription.failing_since is 'First failure since the last delivery that arrived.';
comment on column subscription.secret is
'Sealed under the installation''s secret: signing needs it whole, so it can''t be a hash.';
comment on column subscription.earlier_secret is 'Signs too until earlier_secret_until, so that a rotation loses nothing.';

create index subscription_subject on subscription (subject, id);
create index subscription_organisation on subscription (organisation_id, role, id);
create index subscription_active on subscription (id) where state = 'active';

-- One alert, or one ping, to one subscription: made in the transaction that issues the alert.
create table delivery (
    id uuid primary key default uuidv7(),
    subscription_id uuid not null,
    alert_id uuid,
    number bigint,
    issued_at timestamptz not null,
    state text not null check (state in ('due', 'delivered', 'failed', 'dropped')),
    due_at timestamptz not null,
    attempts integer not null default 0,
    attempted_at timestamptz,
    delivered_at timestamptz,
    last_status smallint,
    last_failure text,
    traceparent text,
    constraint delivery_once unique (subscription_id, alert_id)
);
comment on column delivery.subscription_id is
'No foreign key: issuing an alert must never wait for, nor fail by, a subscription that is removed that moment.';
comment on column delivery.alert_id is 'Null for a ping.';
comment on column delivery.due_at is
'When it is to be tried next; while an attempt is under way, when another worker may take it over.';
comment on column delivery.last_failure is 'A word for why the last attempt failed, never the other side''s text.';

create index delivery_due on delivery (due_at) where state = 'due';
create index delivery_of_subscription on delivery (subscription_id, issued_at desc, id desc);
create index delivery_old on delivery (issued_at);

-- migrate:down
