-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-deletion
-- No question is asked by a client's organisation.
drop index client_organisation;

-- migrate:down
