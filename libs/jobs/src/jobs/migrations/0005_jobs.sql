-- migrate:up
set local lock_timeout = '5s';

-- Work that is to be done: a row is there until its effects are, and is removed in the transaction that makes them.
create table job (
    id uuid primary key default uuidv7(),
    queue text not null,
    key text not null,
    lane text not null default '',
    payload jsonb not null default '{}',
    schedule text,
    due_at timestamptz not null default now(),
    edition bigint not null default 1,
    lease uuid,
    held_until timestamptz not null default '-infinity',
    taken integer not null default 0,
    failures integer not null default 0,
    cause text,
    died_at timestamptz,
    traceparent text,
    put_at timestamptz not null default now(),
    constraint job_once unique (queue, key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on column job.key is 'What it is about: of one queue and key there is one job, and putting it again renews it.';
comment on column job.lane is 'Whose it is, in a fair queue: lanes take turns, and each has one job under way, in order.';
comment on column job.schedule is 'When it is due again after it is done; null: it is then removed.';
comment on column job.edition is 'Raised whenever it is put or moved: what was put while it ran is done once more.';
comment on column job.held_until is 'Nobody takes it before: it is under way, or rests after a failure.';
comment on column job.taken is 'How often it was taken without getting on: who kills its worker each time dies, too.';
comment on column job.died_at is 'When it was given up; it waits for an operator, or for its next time.';

create index job_next on job (queue, lane, due_at, id) where died_at is null or schedule is not null;
create index job_dead on job (died_at, id) where died_at is not null;

create table job_turn (
    queue text not null,
    lane text not null,
    taken_at timestamptz not null,
    primary key (queue, lane)
);
comment on table job_turn is 'When each lane of a fair queue had its last turn; who waited longest is next.';

-- migrate:down
