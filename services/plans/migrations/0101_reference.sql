-- migrate:up
set local lock_timeout = '5s';

-- What the registry says, as this service last heard it. `spellings` are names and aliases, folded.
create table area (
    country text not null,
    pcode text not null,
    version bigint not null,
    level smallint not null,
    path text [] not null,
    names jsonb not null,
    primary key (country, pcode)
);
create index area_pcode on area (pcode);
create index area_country on area (country) where level = 0;

create table sector (
    code text primary key,
    version bigint not null,
    parent text,
    spellings text [] not null
);

create table indicator (
    code text primary key,
    version bigint not null,
    sector text not null,
    unit text not null
);

-- migrate:down
