-- migrate:up
set local lock_timeout = '5s';

-- Which transaction changed the row last: what stood here before was changed before all that can be asked for.
-- squawk-ignore-file require-concurrent-index-creation
-- Alerts are few: the index is made before a writer notices.
alter table alert add column changed_in xid8 not null default '0';
alter table alert alter column changed_in set default pg_current_xact_id();
create trigger alert_changed before update on alert for each row execute function mark_changed();
create index alert_by_change on alert (changed_in, id);

-- migrate:down
