-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind: drop that one, then migrate again.
-- Where one organisation is present, for a list that names it and for what hangs on organisations.
create index concurrently presence_by_organisation on presence_cell (organisation_id, level);

-- migrate:down
