-- migrate:up
set local lock_timeout = '5s';

-- Who took a report back, when and why. The version before is kept, as of every change.
alter table report
add column withdrawn_at timestamptz,
add column withdrawn_by text,
add column withdrawn_by_role text,
add column withdrawal_reason text,
add column withdrawal_id uuid;
comment on column report.withdrawal_id is 'The withdrawal of a file that made this version, until something else is sent.';

-- Whether the sender declares that the file is the whole of its organisations, sectors and months.
alter table upload add column replaces boolean not null default false;

-- Reports a file says without having changed them, of one that replaces all it says: at which version it met them.
create table upload_report (
    upload_id uuid not null,
    report_id uuid not null,
    version bigint not null,
    primary key (upload_id, report_id)
);
create index upload_report_by_report on upload_report (report_id);

-- What a file that replaces is the whole of.
create table upload_whole (
    upload_id uuid not null,
    country text not null,
    organisation_id uuid not null,
    sector text not null,
    month text not null,
    primary key (upload_id, country, organisation_id, sector, month)
);

-- What was taken back at once: all that a file made, or what a file that replaces did not hold.
create table withdrawal (
    id uuid primary key,
    upload_id uuid not null,
    kind text not null,
    state text not null,
    reason text not null,
    withdrawn_by text not null,
    withdrawn_by_role text not null,
    withdrawn_at timestamptz not null default now(),
    restored_by text,
    restored_by_role text,
    restored_at timestamptz,
    constraint withdrawal_kind check (kind in ('withdrawal', 'replacement')),
    constraint withdrawal_state check (state in ('withdrawing', 'withdrawn', 'restoring', 'restored'))
);
comment on column withdrawal.kind is 'withdrawal: of all the file made; replacement: of what it did not hold.';
create unique index withdrawal_in_force on withdrawal (upload_id) where kind = 'withdrawal' and state <> 'restored';
create index withdrawal_latest on withdrawal (upload_id, withdrawn_at desc);
create index withdrawal_unfinished on withdrawal (withdrawn_at) where state in ('withdrawing', 'restoring');

-- The reports a withdrawal is of, chosen when it began, and what became of each.
create table withdrawn_report (
    withdrawal_id uuid not null,
    report_id uuid not null,
    outcome text not null,
    before bigint,
    primary key (withdrawal_id, report_id),
    constraint withdrawn_report_outcome check (
        outcome in ('open', 'withdrawn', 'put_back', 'left', 'restored')
    )
);
comment on column withdrawn_report.before is 'The version that was replaced: what a restoring goes back to.';
create index withdrawn_report_by_outcome on withdrawn_report (withdrawal_id, outcome, report_id);

-- migrate:down
