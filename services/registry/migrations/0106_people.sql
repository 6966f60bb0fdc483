-- migrate:up
set local lock_timeout = '5s';

-- Someone who may sign in. Name and address stand apart, so that they can be erased and this id kept.
create table person (
    id uuid primary key,
    version bigint not null default 1,
    state text not null check (state in ('invited', 'active', 'deactivated', 'erased')),
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);

create index person_state on person (state, id);

-- Personal data: never in events, logs or audit entries.
create table person_profile (
    person_id uuid primary key references person (id) on delete cascade,
    name text not null,
    email text not null,
    folded_email text collate "C" not null unique,
    language text not null check (language in ('ar', 'en'))
);
comment on column person_profile.folded_email is 'The address without regard to case or width: one person has it.';

-- The hash of a password, apart from the person: who has none cannot sign in.
create table person_password (
    person_id uuid primary key references person (id) on delete cascade,
    hash text not null,
    set_at timestamptz not null default now()
);
comment on column person_password.hash is 'argon2id, with its own salt and parameters.';

-- A role somebody holds and how far it goes; one of them is acted under at a time.
create table person_grant (
    id uuid primary key,
    person_id uuid not null references person (id) on delete cascade,
    place smallint not null,
    role text not null check (role in ('member', 'coordinator', 'hub', 'secretariat')),
    organisation_id uuid references organisation (id),
    sectors text [] not null default '{}',
    areas text [] not null default '{}',
    constraint person_grant_member_has_organisation check (role <> 'member' or organisation_id is not null)
);

create index person_grant_person on person_grant (person_id, place);
create index person_grant_organisation on person_grant (organisation_id, person_id);

-- A link by which somebody sets a password: to join, or to come back in. One is open at a time.
create table invitation (
    id uuid primary key,
    person_id uuid not null references person (id) on delete cascade,
    token_hash bytea not null unique,
    invited_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
comment on column invitation.token_hash is 'SHA-256 of 256 random bits; the token itself is shown once and kept nowhere.';
comment on column invitation.invited_by is 'Subject of who asked for it.';

create unique index invitation_open on invitation (person_id) where used_at is null and revoked_at is null;
create index invitation_person on invitation (person_id);

-- What a client may do is told to the other services, with a version; 0 was never told.
alter table client add column version bigint not null default 0;

-- migrate:down
