-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind: drop that one, then migrate again.
-- Versions that came in a file and were replaced: what a withdrawal of the file leaves as it is.
create index concurrently report_version_by_upload on report_version ((row ->> 'upload_id'))
where row ->> 'upload_id' is not null;

-- migrate:down
