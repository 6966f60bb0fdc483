-- migrate:up
set local lock_timeout = '5s';

-- What a rule leaves out or counts apart. What the tables hold is made anew from the topics, for the projection's
-- version is raised with these columns.
truncate report_fact, unit_reach, coverage_cell, presence_cell, projection_complete;

drop table counting_rule;
create table counting_rule (
    code text not null,
    version integer not null,
    sector text collate "C" not null,
    method text not null,
    counts_people boolean not null,
    statuses text [] not null,
    presence_statuses text [] not null,
    provisional boolean not null,
    apart text [] not null,
    core_only text [] not null,
    only_units text [] not null,
    never_units text [] not null,
    primary key (code, version),
    constraint counting_rule_method check (method in ('sum', 'max', 'mean', 'new_only'))
);
comment on column counting_rule.sector is 'Exact code; empty for the rule of all sectors without their own.';
comment on column counting_rule.counts_people is 'False: services only, unique people are null.';
comment on column counting_rule.apart is 'Parts of the sector added up by themselves; the greatest makes the reach.';
comment on column counting_rule.core_only is 'Of these parts, only core items reach people.';
comment on column counting_rule.only_units is 'Units that are people; empty for any but those that never are.';
create index counting_rule_sector on counting_rule (sector, version);

alter table report_fact add column counted_unit text collate "C" not null default 'people';
alter table report_fact add column component text collate "C" not null default '';
alter table report_fact add column core boolean not null default true;
comment on column report_fact.counted_unit is 'What the numbers of people count, where the report names another unit.';

drop table unit_cell;
create table unit_cell (
    country text collate "C" not null,
    adm1 text collate "C" not null,
    unit uuid not null,
    indicator text collate "C" not null,
    component text collate "C" not null,
    rule_code text not null,
    rule_version integer not null,
    counts boolean not null,
    official_counts boolean not null,
    reports integer not null,
    official_reports integer not null,
    restricted integer not null,
    severe integer not null,
    parts_withheld integer not null,
    disability_withheld integer not null,
    unflagged integer not null,
    in_other_units integer not null,
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
    open_total bigint,
    open_frequencies bigint,
    open_official_total bigint,
    open_official_frequencies bigint,
    primary key (country, adm1, unit, indicator, component)
) with (fillfactor = 80);
comment on column unit_cell.component is 'Part of the sector that is counted apart; empty where the rule knows none.';
comment on column unit_cell.restricted is 'Reports above moderate; of them severe ones. The open figures are without them.';
comment on column unit_cell.counts is
'Whether this makes the unit''s reach; false where another indicator of a max rule, or another part, does.';

alter table coverage_cell add column unflagged bigint not null default 0;
alter table coverage_cell add column in_other_units bigint not null default 0;
comment on column coverage_cell.unflagged is 'Reports that do not say whether their people are new, where only new ones reach.';
comment on column coverage_cell.in_other_units is 'Reports whose numbers count something else than people.';

-- migrate:down
