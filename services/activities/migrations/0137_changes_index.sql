-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Reports in the order of their changes, for who follows them.
create index concurrently if not exists report_by_change on report (changed_in, id);

-- migrate:down
