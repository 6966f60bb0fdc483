-- migrate:up
set local lock_timeout = '5s';

-- What the registry says, as this service last heard it. `spellings` are names, acronyms and aliases, folded.
create table organisation (
    id uuid primary key,
    version bigint not null,
    status text not null,
    names jsonb not null,
    spellings text [] not null,
    acronyms text [] not null
);
create index organisation_spellings on organisation using gin (spellings);
create index organisation_acronyms on organisation using gin (acronyms);

create table area (
    country text not null,
    pcode text not null,
    version bigint not null,
    level smallint not null,
    parent text,
    path text [] not null,
    names jsonb not null,
    spellings text [] not null,
    primary key (country, pcode)
);
create index area_pcode on area (pcode);
create index area_spellings on area using gin (spellings);

create table sector (
    code text primary key,
    version bigint not null,
    parent text,
    names jsonb not null,
    spellings text [] not null
);

create table indicator (
    code text primary key,
    version bigint not null,
    sector text not null,
    unit text not null,
    names jsonb not null
);

create table scope (
    code text primary key,
    version bigint not null,
    country text not null,
    areas text [] not null,
    active_from date,
    time_zone text not null,
    names jsonb not null
);

-- Names nobody has resolved yet. The id follows from the folded name, so that the same name is one organisation.
create table provider_organisation (
    id uuid primary key,
    acronym text,
    name text,
    first_seen_at timestamptz not null default now()
);

-- migrate:down
