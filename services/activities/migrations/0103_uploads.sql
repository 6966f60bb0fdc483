-- migrate:up
set local lock_timeout = '5s';

-- A file a partner sent, and how far a worker has come with it. `country` is the form's.
create table upload (
    country text not null,
    id uuid not null,
    client text not null,
    role text not null,
    organisation_id uuid,
    sectors text [] not null,
    areas text [] not null,
    month text,
    sector text,
    organisation text,
    language text not null,
    size bigint not null,
    traceparent text,
    received_at timestamptz not null default now(),
    state text not null default 'queued',
    failure text,
    next_record bigint not null default 0,
    position bigint not null default 0,
    lease uuid,
    leased_until timestamptz,
    counts jsonb not null default '{}',
    columns jsonb,
    assumptions jsonb not null default '[]',
    finished_at timestamptz,
    primary key (country, id),
    constraint upload_state check (state in ('queued', 'running', 'done', 'failed'))
);
comment on column upload.next_record is 'Records of the file whose effects are stored.';
create index upload_id on upload (id);
create index upload_waiting on upload (received_at) where state in ('queued', 'running');

-- A chunk is stored before the form that names the country is read, so it is keyed by its upload alone.
create table upload_chunk (
    upload_id uuid not null,
    number integer not null,
    content bytea not null,
    stored_at timestamptz not null default now(),
    primary key (upload_id, number)
);
alter table upload_chunk alter column content set storage external;
create index upload_chunk_stored_at on upload_chunk (stored_at);

-- What is wrong with a row of a file, or was assumed of it.
create table upload_problem (
    country text not null,
    upload_id uuid not null,
    row integer not null,
    number integer not null,
    code text not null,
    field text,
    facts jsonb not null,
    primary key (country, upload_id, row, number)
);

-- Natural keys and contents met in a file so far: ordinals and exact repeats. Emptied when the file is done.
create table upload_key (
    country text not null,
    upload_id uuid not null,
    natural_key bytea not null,
    content bytea not null,
    rows integer not null,
    primary key (country, upload_id, natural_key, content)
);

-- migrate:down
