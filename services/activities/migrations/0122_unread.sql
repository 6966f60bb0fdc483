-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file ban-drop-column
-- Kept of what the registry says, and read by nobody: spellings say how things are called.
alter table organisation drop column names;
alter table area drop column parent;
alter table sector drop column names;
alter table indicator drop column names;
alter table scope drop column names;

-- migrate:down
