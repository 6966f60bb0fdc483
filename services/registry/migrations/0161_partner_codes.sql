-- migrate:up
set local lock_timeout = '5s';

-- Codes by which clusters know organisations: of one issuer a code belongs to one organisation.
create table partner_code (
    issuer text collate "C" not null,
    folded text collate "C" not null,
    code text not null,
    organisation_id uuid not null references organisation (id) on delete cascade,
    primary key (issuer, folded)
);
create index partner_code_organisation on partner_code (organisation_id);

-- migrate:down
