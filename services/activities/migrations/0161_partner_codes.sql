-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation
-- Organisations are few: the index is made before a writer notices.
alter table organisation add column codes text [] not null default '{}';
alter table organisation add column issuers text [] not null default '{}';
comment on column organisation.codes is 'Codes by which clusters know it, folded, and in issuers the sector of each.';
create index organisation_codes on organisation using gin (codes);

-- migrate:down
