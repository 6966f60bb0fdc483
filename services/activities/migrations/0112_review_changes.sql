-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- What changed since: by a review too.
create index concurrently if not exists report_reviewed on report using brin (reviewed_at);

-- migrate:down
