-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- The few reports whose implementer contests being named.
create index concurrently if not exists report_by_contest on report (implementer_contest, month desc, id)
where implementer_contest is not null;

-- migrate:down
