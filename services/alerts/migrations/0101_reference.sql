-- migrate:up
set local lock_timeout = '5s';

-- What the registry says, as this service last heard it.
create table organisation (
    id uuid primary key,
    version bigint not null,
    status text not null,
    names jsonb not null
);

create table area (
    country text collate "C" not null,
    pcode text collate "C" not null,
    version bigint not null,
    level smallint not null,
    path text [] not null,
    primary key (country, pcode)
);
create index area_pcode on area (pcode);

create table sector (
    code text collate "C" primary key,
    version bigint not null
);

-- migrate:down
