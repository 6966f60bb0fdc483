-- migrate:up
set local lock_timeout = '5s';

-- The first answer to a POST with an Idempotency-Key, kept 24 hours.
create table idempotency_key (
    client text not null,
    key text not null,
    request_hash bytea not null,
    claimed_at timestamptz not null default now(),
    status smallint,
    headers jsonb,
    body bytea,
    primary key (client, key)
);

create index idempotency_key_claimed_at on idempotency_key (claimed_at);

-- Who changed what, and who looked at high or severe data. Appended with the request, never changed.
create table audit_entry (
    number bigint generated always as identity primary key,
    at timestamptz not null default now(),
    subject text not null,
    role text not null,
    organisation_id uuid,
    action text not null,
    object text not null,
    details jsonb not null default '{}'
);

create index audit_entry_object on audit_entry (object, number);

-- migrate:down
