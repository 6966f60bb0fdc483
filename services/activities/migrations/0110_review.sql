-- migrate:up
set local lock_timeout = '5s';

-- A review is a version of its own: the stage it gave the report, by whom, and why. Sending the report again clears it.
alter table report
    add column submitted_by_role text,
    add column submission_comment text,
    add column reviewed_at timestamptz,
    add column reviewed_by text,
    add column reviewed_by_role text,
    add column reviewed_as text,
    add column review_comment text,
    add column override_reason text;
comment on column report.submitted_by_role is 'Null on what was sent before roles were kept.';
comment on column report.submission_comment is 'What its sender answered when a returned report was sent again unchanged.';
comment on column report.reviewed_as is 'working_group, or secretariat where no working group can or it stepped in.';
comment on column report.override_reason is 'Why the secretariat decided what belongs to a working group.';

alter table sector add column has_working_group boolean not null default false;

-- migrate:down
