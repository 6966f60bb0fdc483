-- migrate:up
set local lock_timeout = '5s';

-- Scopes, for their time zones: a month ends where its work is done.
create table scope (
    code text collate "C" primary key,
    version bigint not null,
    country text collate "C" not null,
    areas text [] not null,
    time_zone text not null
);

-- Protection's closed months as they were frozen: what each organisation contributed by approved reports. Written once,
-- and no part of the projection: made anew it would differ, and the difference would tell.
create table closed_figure (
    country text collate "C" not null,
    adm1 text collate "C" not null,
    sector text collate "C" not null,
    month text collate "C" not null,
    population_group text collate "C" not null,
    organisation_id uuid not null,
    implementer_id uuid not null,
    resolved boolean not null,
    implementer_resolved boolean not null,
    total bigint not null,
    men bigint,
    women bigint,
    boys bigint,
    girls bigint,
    not_disaggregated bigint not null,
    with_disability bigint,
    frozen_at timestamptz not null default now(),
    primary key (country, adm1, sector, month, population_group, organisation_id, implementer_id)
);
comment on column closed_figure.resolved is 'The registry had verified the reporting organisation when this was frozen.';

-- Serves the freezing of a month. It is small, and the table was emptied with the projection.
-- squawk-ignore require-concurrent-index-creation
create index report_fact_protection on report_fact (
    country, adm1, sector, month
) where split_part(sector, '-', 1) = 'PRO';

-- migrate:down
