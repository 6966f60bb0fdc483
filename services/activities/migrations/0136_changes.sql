-- migrate:up
set local lock_timeout = '5s';

-- Which transaction changed the row last: what stood here before was changed before all that can be asked for.
-- squawk-ignore-file require-concurrent-index-creation
-- Targets and uploads are few: their indexes are made before a writer notices.
alter table report add column changed_in xid8 not null default '0';
alter table report alter column changed_in set default pg_current_xact_id();
-- The upsert of many rows says it itself: a call for each row costs more than the index.
create trigger report_changed before update on report for each row
when (old.changed_in = new.changed_in) execute function mark_changed();

alter table target add column changed_in xid8 not null default '0';
alter table target alter column changed_in set default pg_current_xact_id();
create trigger target_changed before update on target for each row execute function mark_changed();
create index target_by_change on target (changed_in, id);

alter table upload add column changed_in xid8 not null default '0';
alter table upload alter column changed_in set default pg_current_xact_id();
-- Not by its lease and its place in the file, which only its reader needs.
create trigger upload_changed before update of state, kind, failure, counts, sheets, finished_at on upload
for each row execute function mark_changed();
create index upload_by_change on upload (changed_in, id);

-- When a version ceased to be what the report says: tells who had it in their list that it left.
alter table report_version add column replaced_in xid8 not null default '0';
alter table report_version alter column replaced_in set default pg_current_xact_id();

-- migrate:down
