-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file ban-drop-column, require-concurrent-index-deletion
-- after the roll-out of nothing: the API and the workers of before know no jobs and are stopped first. Uploads and
-- withdrawals are few.

-- Who reads a file, and whose turn it is, is kept with its job.
insert into job (queue, key, lane, due_at, traceparent)
select 'upload', id::text, side, received_at, traceparent from upload where state in ('queued', 'running')
order by received_at, id;

insert into job_turn (queue, lane, taken_at) select 'upload', side, taken_at from upload_turn;

insert into job (queue, key)
select 'withdrawal', id::text from withdrawal where state in ('withdrawing', 'restoring');

drop table upload_turn;
drop index upload_waiting;
alter table upload drop column lease, drop column leased_until, drop column traceparent;
drop index withdrawal_unfinished;

-- migrate:down
