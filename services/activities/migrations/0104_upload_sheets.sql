-- migrate:up
set local lock_timeout = '5s';

-- Uploads are few and their problems are read seldom: both are changed before a writer notices.
-- squawk-ignore-file require-concurrent-index-creation, ban-drop-constraint, constraint-missing-not-valid
-- squawk-ignore-file adding-serial-primary-key-field
alter table upload add column file_name text;
alter table upload add column kind text;
alter table upload add column sheets jsonb not null default '[]';
alter table upload add column sheet_counts jsonb not null default '{}';
alter table upload add column failure_facts jsonb not null default '{}';
comment on column upload.file_name is 'As the sender calls it: shown, never used to tell what the file is.';
comment on column upload.sheets is 'Each sheet with its place in the file, its name, and why it was passed over.';
comment on column upload.sheet_counts is 'What became of the rows, by the sheet''s place in the file.';

-- The lists of uploads, newest first: one's own, one's organisation's, all.
create index upload_by_client on upload (client, received_at desc, id desc);
create index upload_by_organisation on upload (organisation_id, received_at desc, id desc)
where organisation_id is not null;
create index upload_newest on upload (received_at desc, id desc);
create index area_country on area (country) where level = 0;

alter table upload_problem add column sheet integer not null default 1;
comment on column upload_problem.sheet is 'The sheet''s place in the file, from 1; row numbers are the sheet''s own.';
alter table upload_problem drop constraint upload_problem_pkey;
alter table upload_problem add primary key (country, upload_id, sheet, row, number);

alter table report add column upload_sheet text;
comment on column report.upload_sheet is 'Name of the sheet it stood in; upload_row is the row of that sheet.';

-- migrate:down
