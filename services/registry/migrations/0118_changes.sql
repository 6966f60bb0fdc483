-- migrate:up
set local lock_timeout = '5s';

-- Which transaction changed the row last: what stood here before was changed before all that can be asked for.
-- squawk-ignore-file require-concurrent-index-creation
-- Organisations and areas are few: their indexes are made before a writer notices.
alter table organisation add column changed_in xid8 not null default '0';
alter table organisation alter column changed_in set default pg_current_xact_id();
create trigger organisation_changed before update on organisation for each row execute function mark_changed();
create index organisation_by_change on organisation (changed_in, id);

alter table organisation add column hidden_in xid8;
comment on column organisation.hidden_in is
'When it ceased to be verified; null while it is, and of who never was: those who had it in their list are told.';

alter table area add column changed_in xid8 not null default '0';
alter table area alter column changed_in set default pg_current_xact_id();
create trigger area_changed before update on area for each row execute function mark_changed();
create index area_by_change on area (changed_in, country, pcode);

-- migrate:down
