-- migrate:up
set local lock_timeout = '5s';

-- Reports that rows of a file without ids were found to be, or became: no other row of it is one of them.
create table upload_met (
    country text not null,
    upload_id uuid not null,
    organisation_id uuid not null,
    identity text not null,
    primary key (country, upload_id, organisation_id, identity)
);

-- Rows of a file that might be a report that stands, and are paired when all its other rows are known.
create table upload_aside (
    country text not null,
    upload_id uuid not null,
    sheet smallint not null,
    spot bytea not null,
    row integer not null,
    sheet_name text,
    sent jsonb not null,
    flags text [] not null,
    letter bytea not null,
    carried text [] not null,
    repeats boolean not null,
    primary key (country, upload_id, sheet, spot, row)
);
comment on column upload_aside.spot is 'Hash of organisation, place, month and sector: rows of one are paired together.';

-- What was met of a file is rows to the letter by their kind; ordinals are no part of who is who any more.
comment on column upload_key.natural_key is 'Hash of what makes rows the same kind of report.';

-- migrate:down
