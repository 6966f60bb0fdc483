-- migrate:up
set local lock_timeout = '5s';

-- Each filter of the list has its index. Alerts are few: the indexes are made before a writer notices.
-- squawk-ignore-file require-concurrent-index-creation
create index alert_areas on alert using gin (areas);
create index alert_sectors on alert using gin (sectors);
create index alert_severity on alert (severity, sent desc, id desc) where status <> 'Draft';
create index alert_standing on alert (expires)
where status <> 'Draft' and message_type <> 'Cancel' and superseded_by is null;

-- migrate:down
