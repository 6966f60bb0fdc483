-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file adding-field-with-default, adding-not-nullable-field
alter table upload add column accept_ignored boolean default false not null;
comment on column upload.accept_ignored is 'The sender takes it that columns which are not understood are left out.';

-- migrate:down
