-- migrate:up
set local lock_timeout = '5s';

-- What callers have spent of their allowances at all replicas of the gateway. Unlogged: after a crash counting
-- begins anew, which costs nobody anything.
create unlogged table allowance_spent (
    key bytea not null,
    window_number bigint not null,
    spent bigint not null,
    ends_at timestamptz not null,
    primary key (key, window_number)
);
comment on column allowance_spent.key is 'Keyed hash of the policy and the client, person or network; the key is the gateway''s.';
comment on column allowance_spent.ends_at is 'From when on it no longer counts, and is cleared away.';

create index allowance_spent_ends_at on allowance_spent (ends_at);

-- migrate:down
