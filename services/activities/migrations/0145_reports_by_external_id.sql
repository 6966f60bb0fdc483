-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Reports by the id their sender gave them.
create index concurrently if not exists report_by_external_id on report (external_id, month desc, id)
where external_id is not null;

-- migrate:down
