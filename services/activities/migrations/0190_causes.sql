-- migrate:up
set local lock_timeout = '5s';

alter table upload add column problem_causes jsonb not null default '[]';
comment on column upload.problem_causes is 'Problems of its rows by cause, with values rows hold: kept as long as problems are.';

-- migrate:down
