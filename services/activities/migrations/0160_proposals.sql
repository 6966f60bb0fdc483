-- migrate:up
set local lock_timeout = '5s';

-- A state more is allowed than before, and uploads are few.
-- squawk-ignore-file ban-drop-constraint, constraint-missing-not-valid
alter table upload drop constraint upload_state;
alter table upload add constraint upload_state
check (state in ('queued', 'running', 'proposed', 'done', 'failed'));
alter table upload
add column dry_run boolean not null default false,
add column confirm boolean not null default false,
add column confirmed jsonb,
add column draft jsonb;
comment on column upload.dry_run is 'The sender wants to see how the file is read before any row of it counts.';
comment on column upload.confirm is 'The sender does not look at a proposal: what is uncertain refuses the file.';
comment on column upload.confirmed is 'How a person said each sheet is to be read, by its place in the file.';
comment on column upload.draft is 'What was met of a file that is to be proposed, until its turn comes again.';

-- How a file that was not counted yet would be read, until it is confirmed or the proposal is too old.
create table upload_proposal (
    upload_id uuid primary key,
    made_at timestamptz not null default now(),
    digest text not null,
    told jsonb not null,
    profiles jsonb not null
);
comment on column upload_proposal.digest is 'Of what is told: what was seen is what is confirmed.';
comment on column upload_proposal.told is 'Sheets, columns, sums, problems and values to settle.';
comment on column upload_proposal.profiles is 'How each sheet would be read, by its place in the file.';

-- migrate:down
