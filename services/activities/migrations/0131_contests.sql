-- migrate:up
set local lock_timeout = '5s';

-- Who is named as implementer by another may contest it: while that is open or upheld, others are not told the name.
alter table report
    add column implementer_contest text,
    add column contested_at timestamptz,
    add column contested_by text,
    add column contest_reason text,
    add column contest_settled_at timestamptz,
    add column contest_settled_by text,
    add column contest_settlement text;
comment on column report.implementer_contest is 'open, upheld or dismissed; null: not contested. It goes with the implementer.';
comment on column report.contest_settlement is 'Why the reviewer upheld or dismissed it.';

-- migrate:down
