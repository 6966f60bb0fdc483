-- migrate:up
set local lock_timeout = '5s';

-- What a rule leaves out or counts apart. What the tables hold is made anew from the topics, for the projection's
-- version is raised with these columns.
truncate report_fact, unit_cell, unit_reach, coverage_cell, presence_cell, projection_complete;

alter table counting_rule add column apart text [] not null default '{}';
alter table counting_rule add column core_only text [] not null default '{}';
alter table counting_rule add column only_units text [] not null default '{}';
alter table counting_rule add column never_units text [] not null default '{}';
comment on column counting_rule.apart is 'Parts of the sector added up by themselves; the greatest makes the reach.';
comment on column counting_rule.core_only is 'Of these parts, only core items reach people.';
comment on column counting_rule.only_units is 'Units that are people; empty for any but those that never are.';

alter table counting_rule drop constraint counting_rule_method;
alter table counting_rule add constraint counting_rule_method check (method in ('sum', 'max', 'mean', 'new_only'));

alter table report_fact add column counted_unit text collate "C" not null default 'people';
alter table report_fact add column component text collate "C" not null default '';
alter table report_fact add column core boolean not null default true;
comment on column report_fact.counted_unit is 'What the numbers of people count, where the report names another unit.';

alter table unit_cell add column component text collate "C" not null default '';
alter table unit_cell add column unflagged integer not null default 0;
alter table unit_cell add column in_other_units integer not null default 0;
alter table unit_cell drop constraint unit_cell_pkey;
alter table unit_cell add primary key (country, adm1, unit, indicator, component);

alter table coverage_cell add column unflagged bigint not null default 0;
alter table coverage_cell add column in_other_units bigint not null default 0;
comment on column coverage_cell.unflagged is 'Reports that do not say whether their people are new, where only new ones reach.';
comment on column coverage_cell.in_other_units is 'Reports whose numbers count something else than people.';

-- migrate:down
