-- migrate:up
set local lock_timeout = '5s';

-- Keeps, in a row that can be followed, which transaction changed it last: every writer's, whoever that is. A question
-- for changes tells rows of transactions before the oldest that is open, so that no commit can come behind it.
create function mark_changed() returns trigger language plpgsql as $$
begin
    new.changed_in := pg_current_xact_id();
    return new;
end
$$;

-- Which history the transaction ids of this database belong to. Positions of another one are refused. Whoever brings
-- the database back to an earlier state gives it a new epoch: update change_history set epoch = default.
create table change_history (
    only_one boolean primary key default true check (only_one),
    epoch uuid not null default gen_random_uuid()
);
insert into change_history default values;

-- migrate:down
