-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Where one organisation is present, for a list that names it and for what hangs on organisations.
create index concurrently if not exists presence_by_organisation on presence_cell (organisation_id, level);

-- migrate:down
