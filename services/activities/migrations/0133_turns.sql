-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file adding-field-with-default, adding-not-nullable-field, require-concurrent-index-creation, require-concurrent-index-deletion
-- One row a file: small enough to be written anew, and to be indexed, within the pause of a deployment.
alter table upload
    add column side text generated always as (
        case
            when role = 'secretariat' then 'secretariat'
            when role = 'member' then coalesce(organisation_id::text, client)
            else client
        end
    ) stored,
    add column problem_counts jsonb default '{}' not null;
comment on column upload.side is 'Who takes turns with others: the secretariat, an organisation, or else a client.';
comment on column upload.problem_counts is 'Problems by code, the ones that were counted only included.';

update upload set problem_counts = counted.by_code
from (
    select country, upload_id, jsonb_object_agg(code, problems) as by_code
    from (select country, upload_id, code, count(*) as problems from upload_problem group by 1, 2, 3) as each_code
    group by 1, 2
) as counted
where upload.country = counted.country and upload.id = counted.upload_id;

create table upload_turn (
    side text primary key,
    taken_at timestamptz not null
);
comment on table upload_turn is 'When a file of each side was last taken on; who was not heard for longest is next.';

drop index upload_waiting;
create index upload_waiting on upload (side, received_at, id) where state in ('queued', 'running');

-- migrate:down
