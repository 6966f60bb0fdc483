-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file ban-drop-column
-- Kept of what the registry says, and read by nobody.
alter table sector drop column names;

-- migrate:down
