-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- A stage or status that few reports have, or none, does not read the table. Two words a row, most of them alike: a
-- tenth of the size of the others.
create index concurrently if not exists report_by_stage_and_status on report (stage, status);

-- migrate:down
