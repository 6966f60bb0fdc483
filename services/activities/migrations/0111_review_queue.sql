-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- The queue of a working group: its sectors and governorates, newest month first.
create index concurrently if not exists report_to_review
on report (sector, adm1, month desc, id) where stage = 'submitted';

-- migrate:down
