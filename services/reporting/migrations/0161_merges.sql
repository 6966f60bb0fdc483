-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation
-- Organisations are few: the index is made before a writer notices.
alter table organisation add column merged_into uuid;
comment on column organisation.merged_into is
'The organisation it is now; facts keep the id they were told with, and are counted as that one.';
create index organisation_merged on organisation (id) where merged_into is not null;

-- migrate:down
