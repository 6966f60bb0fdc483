-- migrate:up
set local lock_timeout = '5s';

-- What of the figures is made of rows that not everybody may see. What the tables hold is made anew from the topics,
-- for the projection's version is raised with these columns.
truncate report_fact, unit_cell, unit_reach, coverage_cell, presence_cell, projection_complete;

alter table report_fact add column parts_withheld boolean not null default false;
alter table report_fact add column disability_withheld boolean not null default false;
comment on column report_fact.parts_withheld is 'A part by sex or age is small: others do not see all of them in the row.';

alter table unit_cell add column restricted integer not null default 0;
alter table unit_cell add column severe integer not null default 0;
alter table unit_cell add column parts_withheld integer not null default 0;
alter table unit_cell add column disability_withheld integer not null default 0;
alter table unit_cell add column open_total bigint;
alter table unit_cell add column open_frequencies bigint;
alter table unit_cell add column open_official_total bigint;
alter table unit_cell add column open_official_frequencies bigint;
comment on column unit_cell.restricted is 'Reports above moderate; of them severe ones. The open figures are without them.';

alter table unit_reach add column open_total bigint;
alter table unit_reach add column open_official_total bigint;

alter table coverage_cell add column restricted bigint not null default 0;
alter table coverage_cell add column severe bigint not null default 0;
alter table coverage_cell add column parts_withheld bigint not null default 0;
alter table coverage_cell add column disability_withheld bigint not null default 0;
alter table coverage_cell add column open_total bigint not null default 0;
alter table coverage_cell add column open_frequencies bigint not null default 0;
alter table coverage_cell add column open_official_total bigint not null default 0;
alter table coverage_cell add column open_official_frequencies bigint not null default 0;
comment on column coverage_cell.parts_withheld is 'Counted reports whose parts others do not all see.';

-- Verified by the registry: only those count towards a threshold.
alter table organisation add column verified boolean not null default false;

-- migrate:down
