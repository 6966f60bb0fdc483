-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind: drop that one, then migrate again.
-- Reports of one organisation at one place, in one month: among them a row without an id of its own is looked for.
create index concurrently report_by_spot on report (country, organisation_id, month, sector, area);

-- migrate:down
