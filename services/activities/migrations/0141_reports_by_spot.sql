-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Reports of one organisation at one place, in one month: among them a row without an id of its own is looked for.
-- Begun with the month: with the organisation first it would be taken for finding reports by their key, too, which
-- reads all of an organisation's for each row.
create index concurrently if not exists report_by_spot on report (month, sector, organisation_id, country, area);

-- migrate:down
