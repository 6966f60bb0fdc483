-- migrate:up
set local lock_timeout = '5s';

-- What the registry says, as this service last heard it.
create table organisation (
    id uuid primary key,
    version bigint not null,
    names jsonb not null
);

-- Names of organisations nobody has resolved yet, as the provider of a report spelled them.
create table provider_name (
    id uuid primary key,
    name text not null
);

create table area (
    country text collate "C" not null,
    pcode text collate "C" not null,
    version bigint not null,
    level smallint not null,
    path text [] not null,
    names jsonb not null,
    primary key (country, pcode)
);
-- Serves "this area and all below it".
create index area_path on area using gin (path);

create table sector (
    code text collate "C" primary key,
    version bigint not null,
    parent text collate "C",
    names jsonb not null
);
create index sector_parent on sector (parent);

-- migrate:down
