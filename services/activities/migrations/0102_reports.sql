-- migrate:up
set local lock_timeout = '5s';

-- A report as it stands now, with who sent this version and when; earlier versions are in report_version.
create table report (
    country text not null,
    organisation_id uuid not null,
    id uuid not null,
    identity text not null,
    version bigint not null,
    content bytea not null,
    stage text not null,
    sensitivity text not null,
    external_id text,
    organisation_name text,
    organisation_resolved boolean not null,
    implementer_id uuid,
    implementer_name text,
    implementer_resolved boolean,
    donors text [],
    un_funded boolean,
    sector text not null,
    activity text,
    activity_description text,
    indicator text,
    unit text,
    output_value numeric,
    in_response_plan boolean,
    hub text,
    cross_line boolean,
    modality text,
    conditionality text,
    transfer_value_usd numeric,
    transfer_mechanism text,
    area text not null,
    area_path text [] not null,
    adm1 text,
    adm2 text,
    adm3 text,
    area_as_sent text,
    community text,
    neighbourhood text,
    site_name text,
    site_type text,
    latitude double precision,
    longitude double precision,
    unit_key text not null,
    month text not null,
    start_date date,
    end_date date,
    status text not null,
    population_group text,
    households integer,
    people_total integer,
    people_men integer,
    people_women integer,
    people_boys integer,
    people_girls integer,
    people_age_0_4 integer,
    people_age_5_11 integer,
    people_age_12_17 integer,
    people_age_18_59 integer,
    people_age_60_plus integer,
    people_with_disability integer,
    newly_reached boolean,
    previously_assisted boolean,
    reported_elsewhere boolean,
    disaggregation_method text,
    budget_required numeric,
    budget_received numeric,
    currency text,
    measured_outputs jsonb,
    comments text,
    exact_repeat boolean not null,
    flags text [] not null,
    upload_id uuid,
    upload_row integer,
    submitted_by text not null,
    submitted_at timestamptz not null default now(),
    primary key (country, organisation_id, identity)
) with (fillfactor = 90);
comment on column report.identity is 'e: and the organisation''s external_id, or n: and natural key with ordinal.';
comment on column report.content is 'Hash of what was sent: the same content again is no new version.';

create index report_id on report (id);
create index report_newest on report (month desc, id);
create index report_by_governorate on report (adm1, sector, month desc, id);
create index report_by_district on report (adm2, sector, month desc, id);
create index report_by_organisation on report (organisation_id, month desc, id);
create index report_changed on report using brin (submitted_at);

-- Versions that were replaced, each with who had sent it and when.
create table report_version (
    country text not null,
    organisation_id uuid not null,
    report_id uuid not null,
    version bigint not null,
    submitted_by text not null,
    submitted_at timestamptz not null,
    replaced_by text not null,
    replaced_at timestamptz not null default now(),
    row jsonb not null,
    primary key (country, organisation_id, report_id, version)
);

-- migrate:down
