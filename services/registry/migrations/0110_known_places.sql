-- migrate:up
set local lock_timeout = '5s';

-- Browsers and networks an account was signed in from: strangers' guesses do not slow them down.
create table known_place (
    person_id uuid not null references person (id) on delete cascade,
    kind text not null check (kind in ('device', 'network')),
    key bytea not null,
    seen_at timestamptz not null,
    primary key (person_id, kind, key)
);
comment on column known_place.key is 'HMAC of the person and the browser''s token or the network prefix; neither stands here.';

create index known_place_seen_at on known_place (seen_at);

-- Keys are other ones from here on; tries of before are forgotten.
delete from sign_in_attempt;

-- migrate:down
