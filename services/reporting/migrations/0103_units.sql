-- migrate:up
set local lock_timeout = '5s';

-- Facts and base cells by a unit's number instead of its seven names: a key of a third of the size. What they held is
-- made anew from the topics, for the projection's version is raised with them.
drop table report_fact;
drop table unit_cell;

-- The reports as events told them. The key begins with the unit, whose reports are counted together.
create table report_fact (
    country text collate "C" not null,
    adm1 text collate "C" not null,
    unit uuid not null,
    id uuid not null,
    version bigint not null,
    path text collate "C" not null,
    unit_key text collate "C" not null,
    sector text collate "C" not null,
    month text collate "C" not null,
    population_group text collate "C" not null,
    indicator text collate "C" not null,
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
    primary key (country, adm1, unit, id)
);
comment on column report_fact.adm1 is 'The country where a report names no governorate.';
comment on column report_fact.unit is 'Hash of country, path, unit_key, sector, month and population_group.';
comment on column report_fact.path is 'P-codes from the country down to the reported area, joined by a slash.';
comment on column report_fact.indicator is 'Empty where the report names none.';
comment on column report_fact.implementer_id is 'Who did the work: the reporting organisation where no implementer is named.';
create index report_fact_id on report_fact (id);

-- Base cells: what the reports of one unit say, per indicator. Which unit that is, its facts tell.
create table unit_cell (
    country text collate "C" not null,
    adm1 text collate "C" not null,
    unit uuid not null,
    indicator text collate "C" not null,
    rule_code text not null,
    rule_version integer not null,
    counts boolean not null,
    official_counts boolean not null,
    reports integer not null,
    official_reports integer not null,
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
    primary key (country, adm1, unit, indicator)
) with (fillfactor = 80);
comment on column unit_cell.counts is 'Whether this indicator makes the unit''s reach; false where another one of a max rule does.';

-- migrate:down
