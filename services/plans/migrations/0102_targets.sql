-- migrate:up
set local lock_timeout = '5s';

-- A target as it stands now, with who set this version and when; earlier versions are in target_version. The key is
-- what makes it the same target, and the order of the list.
create table target (
    country text collate "C" not null,
    sector text collate "C" not null,
    area text collate "C" not null,
    indicator text collate "C" not null default '',
    population_group text collate "C" not null default '',
    month_from text collate "C" not null,
    month_to text collate "C" not null,
    id uuid not null,
    version bigint not null,
    area_path text [] not null,
    area_levels smallint [],
    unit text not null,
    value bigint,
    set_by text not null,
    set_at timestamptz not null default now(),
    changed_in xid8 not null default pg_current_xact_id(),
    primary key (country, sector, area, indicator, population_group, month_from, month_to),
    constraint target_period check (month_from <= month_to),
    constraint target_value check (value >= 0)
);
comment on column target.indicator is 'Empty: the target of the sector as a whole.';
comment on column target.population_group is 'Empty: all groups together.';
comment on column target.area_levels is 'Level of each area of the path where one is skipped; null: none is.';
comment on column target.unit is 'What value counts: people, or the unit of the indicator.';
comment on column target.value is 'Null: withdrawn. The row stays, so that a target set again goes on with its version.';
create unique index target_id on target (id);
create index target_path on target using gin (area_path);
create index target_by_change on target (changed_in, id);
create trigger target_changed before update on target for each row execute function mark_changed();

-- Versions that were replaced, each with who had set it and when, and who replaced it.
create table target_version (
    country text collate "C" not null,
    target_id uuid not null,
    version bigint not null,
    value bigint,
    unit text not null,
    set_by text not null,
    set_at timestamptz not null,
    replaced_by text not null,
    replaced_at timestamptz not null default now(),
    primary key (country, target_id, version)
);

-- migrate:down
