-- migrate:up
set local lock_timeout = '5s';

-- How people are counted, per sector. The presets are data/counting_rules.csv; a newer version of a code replaces it.
create table counting_rule (
    code text not null,
    version integer not null,
    sector text collate "C" not null,
    method text not null,
    counts_people boolean not null,
    statuses text [] not null,
    presence_statuses text [] not null,
    provisional boolean not null,
    primary key (code, version),
    constraint counting_rule_method check (method in ('sum', 'max', 'new_only'))
);
comment on column counting_rule.sector is 'Exact code; empty for the rule of all sectors without their own.';
comment on column counting_rule.counts_people is 'False: services only, unique people are null.';
create index counting_rule_sector on counting_rule (sector, version);

-- The reports as events told them. The key begins with the unit, whose reports are counted together.
create table report_fact (
    country text collate "C" not null,
    adm1 text collate "C" not null,
    path text collate "C" not null,
    unit_key text collate "C" not null,
    sector text collate "C" not null,
    month text collate "C" not null,
    population_group text collate "C" not null,
    indicator text collate "C" not null,
    id uuid not null,
    version bigint not null,
    organisation_id uuid not null,
    implementer_id uuid not null,
    status text not null,
    stage text not null,
    sensitivity text not null,
    newly_reached boolean,
    total integer,
    men integer,
    women integer,
    boys integer,
    girls integer,
    with_disability integer,
    primary key (country, adm1, path, unit_key, sector, month, population_group, indicator, id)
);
comment on column report_fact.adm1 is 'The country where a report names no governorate.';
comment on column report_fact.path is 'P-codes from the country down to the reported area, joined by a slash.';
comment on column report_fact.indicator is 'Empty where the report names none.';
comment on column report_fact.implementer_id is 'Who did the work: the reporting organisation where no implementer is named.';
create index report_fact_id on report_fact (id);

-- Base cells: what the reports of one unit say, per indicator.
create table unit_cell (
    country text collate "C" not null,
    adm1 text collate "C" not null,
    path text collate "C" not null,
    unit_key text collate "C" not null,
    sector text collate "C" not null,
    month text collate "C" not null,
    population_group text collate "C" not null,
    indicator text collate "C" not null,
    rule_code text not null,
    rule_version integer not null,
    reports integer not null,
    official_reports integer not null,
    counts boolean not null,
    official_counts boolean not null,
    total bigint,
    men bigint,
    women bigint,
    boys bigint,
    girls bigint,
    not_disaggregated bigint,
    with_disability bigint,
    frequencies bigint,
    official_total bigint,
    official_frequencies bigint,
    primary key (country, adm1, path, unit_key, sector, month, population_group, indicator)
) with (fillfactor = 80);
comment on column unit_cell.counts is 'Whether this indicator makes the unit''s reach; false where another one of a max rule does.';

-- Figures of an area and of each area above it. Every figure is a sum and the number of base cells that know it:
-- none knows it, it is null.
create table coverage_cell (
    level smallint not null,
    population_group text collate "C" not null,
    country text collate "C" not null,
    area text collate "C" not null,
    sector text collate "C" not null,
    month text collate "C" not null,
    adm1 text collate "C" not null,
    rule_code text not null,
    rule_version integer not null,
    reports bigint not null,
    official_reports bigint not null,
    organisations bigint not null,
    total bigint not null,
    men bigint not null,
    women bigint not null,
    boys bigint not null,
    girls bigint not null,
    not_disaggregated bigint not null,
    with_disability bigint not null,
    frequencies bigint not null,
    official_total bigint not null,
    official_frequencies bigint not null,
    total_known integer not null,
    men_known integer not null,
    women_known integer not null,
    boys_known integer not null,
    girls_known integer not null,
    with_disability_known integer not null,
    frequencies_known integer not null,
    official_total_known integer not null,
    official_frequencies_known integer not null,
    primary key (level, population_group, country, area, sector, month, adm1)
) with (fillfactor = 70);
comment on column coverage_cell.population_group is 'One group, or all: all of them together.';

-- Who works where: one row per organisation, so that distinct ones are read off the key.
create table presence_cell (
    level smallint not null,
    country text collate "C" not null,
    area text collate "C" not null,
    sector text collate "C" not null,
    month text collate "C" not null,
    organisation_id uuid not null,
    adm1 text collate "C" not null,
    reports bigint not null,
    moderate_reports bigint not null,
    high_reports bigint not null,
    by_group bigint [] not null,
    primary key (level, country, area, sector, month, organisation_id, adm1)
) with (fillfactor = 80);
comment on column presence_cell.by_group is 'Reports per population group, in the order the service knows them.';
comment on column presence_cell.moderate_reports is 'Those up to moderate: by them the organisation may be named to members.';
comment on column presence_cell.high_reports is 'Those up to high.';

-- One row once all events there were have been applied; emptied with the projection.
create table projection_complete (
    consumer text primary key,
    at timestamptz not null default now()
);

-- migrate:down
