-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Reports that name an organisation as their implementer, newest month first.
create index concurrently if not exists report_by_implementer on report (implementer_id, month desc, id)
where implementer_id is not null;

-- migrate:down
