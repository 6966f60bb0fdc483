-- migrate:up
set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- The log of what this service told the others. `number` is taken while the aggregate's row is locked, so the numbers
-- of one aggregate rise with its version; between aggregates a late committer may come with an earlier number.
-- id, aggregatetype, aggregateid, type and payload are the columns Debezium's outbox router reads.
create table event (
    number bigint generated always as identity primary key,
    id uuid not null,
    aggregatetype text not null,
    aggregateid text not null,
    type text not null,
    version bigint,
    payload bytea,
    header_names text [],
    header_values bytea [],
    traceparent text,
    time timestamptz not null default now()
);
comment on column event.aggregatetype is 'Noun of the topic, such as activities.reports.';
comment on column event.aggregateid is 'Key on the topic.';
comment on column event.payload is 'What travels, byte for byte; null is a tombstone.';
comment on column event.header_names is 'Headers kept from another event, when this is the copy of a dead letter.';

-- What has not been published yet: a queue that is nearly always empty.
create table outbox (
    event bigint primary key,
    slot bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
comment on column outbox.slot is 'Stable hash of the key; slot % shards says which relay publishes it.';

-- Who publishes. It is the database's clock that counts, and every change of holder raises the term.
create table relay_lease (
    shard bigint primary key,
    shards bigint not null,
    holder uuid not null,
    term bigint not null,
    expires_at timestamptz not null,
    asleep boolean not null default false
) with (fillfactor = 50);
comment on column relay_lease.asleep is 'The relay sleeps long between its looks: wake it with a NOTIFY.';

-- By which version of its declaration each consumer has filled its tables.
create table consumer_schema (
    consumer text primary key,
    version bigint not null,
    rebuilt_at timestamptz not null default now()
);

-- Where each consumer stands, moved in the transaction that holds the effects.
create table consumer_offset (
    consumer text not null,
    topic text not null,
    partition bigint not null,
    next_offset bigint not null,
    schema_version bigint not null,
    moved_at timestamptz not null default now(),
    primary key (consumer, topic, partition)
) with (fillfactor = 50);

-- Events a consumer could not take, kept until an operator tries them again.
create table dead_letter (
    number bigint generated always as identity primary key,
    consumer text not null,
    topic text not null,
    partition bigint not null,
    record_offset bigint not null,
    key bytea,
    type text,
    version bigint,
    header_names text [] not null,
    header_values bytea [] not null,
    payload bytea,
    cause text not null,
    attempts bigint not null default 1,
    died_at timestamptz not null default now(),
    resolved_at timestamptz,
    resolution text,
    constraint dead_letter_once unique (consumer, topic, partition, record_offset),
    constraint dead_letter_resolution check ((resolved_at is null) = (resolution is null))
);
comment on column dead_letter.resolution is 'retried, superseded or dropped.';

-- Serves the resolution by a newer version, and the count of open ones.
create index dead_letter_open on dead_letter (consumer, topic, partition, key) where resolved_at is null;
-- Serves the operator's list, oldest first.
create index dead_letter_oldest on dead_letter (number) where resolved_at is null;

-- migrate:down
