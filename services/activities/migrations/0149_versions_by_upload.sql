-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Versions that came in a file and were replaced: what a withdrawal of the file leaves as it is.
create index concurrently if not exists report_version_by_upload on report_version ((row ->> 'upload_id'))
where row ->> 'upload_id' is not null;

-- migrate:down
