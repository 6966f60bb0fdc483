-- migrate:up
set local lock_timeout = '5s';

-- Somebody who is signed in, under one of their grants: it ends with that grant.
create table session (
    id uuid primary key,
    secret_hash bytea not null unique,
    person_id uuid not null references person (id) on delete cascade,
    grant_id uuid not null references person_grant (id) on delete cascade,
    created_at timestamptz not null,
    used_at timestamptz not null,
    expires_at timestamptz not null
);
comment on column session.secret_hash is 'SHA-256 of 256 random bits; the secret itself is in the person''s cookie alone.';
comment on column session.used_at is 'Written at most once a minute.';

create index session_person on session (person_id, used_at);
create index session_grant on session (grant_id);
create index session_expires_at on session (expires_at);
create index session_used_at on session (used_at);

-- Tries to sign in, by account and by address they came from; a day without any and they are forgotten.
create table sign_in_attempt (
    key bytea primary key,
    failures int not null,
    last_at timestamptz not null,
    free_at timestamptz not null
);
comment on column sign_in_attempt.key is 'HMAC of the account or the network address, neither of which stands here.';
comment on column sign_in_attempt.free_at is 'When the next try is taken.';

create index sign_in_attempt_last_at on sign_in_attempt (last_at);

-- migrate:down
