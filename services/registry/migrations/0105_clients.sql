-- migrate:up
set local lock_timeout = '5s';

-- A program that may ask, with what it may; of its secret the hash.
create table client (
    id text collate "C" primary key,
    name text not null,
    role text not null check (role in ('member', 'coordinator', 'hub', 'secretariat')),
    organisation_id uuid references organisation (id),
    sectors text [] not null default '{}',
    areas text [] not null default '{}',
    secret_hash bytea not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    constraint client_member_has_organisation check (role <> 'member' or organisation_id is not null)
);
comment on column client.secret_hash is 'SHA-256 of 256 random bits; the secret itself is shown once and kept nowhere.';

create index client_organisation on client (organisation_id);

-- Keys that sign tokens. The private half is encrypted under a secret that never stands in the database.
create table signing_key (
    kid text primary key,
    public_key jsonb not null,
    private_key text not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz
);

-- One key signs at a time, also where two processes start at once.
create unique index signing_key_active on signing_key ((true)) where retired_at is null;

-- migrate:down
