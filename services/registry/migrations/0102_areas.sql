-- migrate:up
set local lock_timeout = '5s';

-- A country, with the names of its own; areas are known within one.
create table country (
    code text primary key,
    version bigint not null default 1,
    iso3 text,
    names jsonb not null
);
comment on column country.code is 'P-code of adm0.';

-- What a level of areas is called in a country, and how its P-codes look.
create table country_level (
    country text not null references country (code),
    level smallint not null,
    pattern text,
    names jsonb not null default '{}',
    primary key (country, level)
);
comment on column country_level.pattern is 'Regular expression a P-code of this level matches as a whole.';

-- An area by its P-code, as the last file that named it said.
create table area (
    country text not null references country (code),
    pcode text not null,
    level smallint not null,
    version bigint not null default 1,
    names jsonb not null,
    aliases text [] not null default '{}',
    parent text,
    path text [] not null,
    latitude double precision,
    longitude double precision,
    primary key (country, pcode),
    foreign key (country, parent) references area (country, pcode),
    constraint area_path_ends_here check (path [array_upper(path, 1)] = pcode)
);
comment on column area.path is 'P-codes from adm0 down to the area itself.';

-- Finds areas of a file before their country is known.
create index area_pcode on area (pcode);
create index area_parent on area (country, parent, pcode);
create index area_level on area (level, country, pcode);
-- All areas below one.
create index area_path on area using gin (path);

-- Each spelling of an area, folded, and what stands behind each of its spaces: a search finds the beginning of a word.
create table area_name (
    folded text collate "C" not null,
    country text not null,
    pcode text not null,
    primary key (folded, country, pcode),
    foreign key (country, pcode) references area (country, pcode) on delete cascade
);

create index area_name_area on area_name (country, pcode);

-- migrate:down
