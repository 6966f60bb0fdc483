-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation, ban-drop-column
-- Alerts are few: the index is made before a writer notices.
-- Serves the list by status: exercises, tests and the system's own, which are few among many.
create index alert_unusual on alert (status, sent desc, id desc) where status not in ('Draft', 'Actual');

-- Kept of what the registry says, and read by nobody.
alter table area drop column level;
alter table identity drop column kind;

-- migrate:down
