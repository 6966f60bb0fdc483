-- migrate:up transaction:false

-- squawk-ignore-file require-lock-timeout
-- Built beside the running writers: it waits for older transactions, and nobody waits for it.
-- Broken off it leaves an invalid index behind, which the next run of the migrations drops first.
-- Alerts of who issued them for no organisation, for the list of whom no other index finds them.
create index concurrently if not exists alert_by_issuer on alert (issued_by) where organisation_id is null;

-- migrate:down
