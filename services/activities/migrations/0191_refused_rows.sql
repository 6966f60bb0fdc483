-- migrate:up
set local lock_timeout = '5s';

-- The rows of the sheets that were read, compressed, of a file with refused ones: what its error workbook is made of.
create table upload_rows (
    upload_id uuid not null,
    number integer not null,
    content bytea not null,
    primary key (upload_id, number)
);
alter table upload_rows alter column content set storage external;

alter table upload add column holds_severe boolean not null default false;
comment on column upload.holds_severe is 'Its rows were not kept, for some of them are severe.';

-- migrate:down
