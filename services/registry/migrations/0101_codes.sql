-- migrate:up
set local lock_timeout = '5s';

-- Which shipped code list was loaded last, so that what people changed since is not set back.
create table shipped_list (
    name text primary key,
    digest bytea not null,
    loaded_at timestamptz not null default now()
);

-- Sectors and their parts, from the shipped list.
create table sector (
    code text primary key,
    version bigint not null default 1,
    names jsonb not null,
    aliases text [] not null default '{}',
    parent text references sector (code),
    has_working_group boolean not null default false
);

-- Indicators, from the shipped list.
create table indicator (
    code text primary key,
    version bigint not null default 1,
    sector text not null references sector (code),
    names jsonb not null,
    unit text not null
);

create index indicator_sector on indicator (sector, code);

-- Kinds of organisations, from the shipped list.
create table organisation_type (
    code text primary key,
    version bigint not null default 1,
    names jsonb not null
);

-- migrate:down
