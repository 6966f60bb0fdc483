-- migrate:up
set local lock_timeout = '5s';

-- Targets as they were last told.
create table target (
    id uuid primary key,
    version bigint not null,
    country text collate "C" not null,
    area text collate "C" not null,
    path text [] not null,
    sector text collate "C" not null,
    indicator text collate "C" not null,
    population_group text collate "C" not null,
    month_from text collate "C" not null,
    month_to text collate "C" not null,
    unit text not null,
    value bigint
);
comment on column target.indicator is 'Empty: the target of the sector as a whole.';
comment on column target.population_group is 'One group, or all: all of them together.';
comment on column target.value is 'Null: withdrawn.';
create index target_asked on target (
    sector, population_group, month_from, month_to, country, area
) where value is not null;
create index target_path on target using gin (path) where value is not null;

-- What can't be added up from the months of areas: the reach of a unit under a max rule, and of each indicator. Kept
-- per month; a period is read from it by unit, in the order of this key.
create table unit_reach (
    country text collate "C" not null,
    sector text collate "C" not null,
    indicator text collate "C" not null,
    path text collate "C" not null,
    unit_key text collate "C" not null,
    population_group text collate "C" not null,
    month text collate "C" not null,
    total bigint,
    official_total bigint,
    primary key (
        country, sector, indicator, path, unit_key, population_group, month
    ) include (total, official_total)
) with (fillfactor = 80);
comment on column unit_reach.indicator is 'Empty: the unit as a whole, kept for sectors with a max rule alone.';

-- migrate:down
