-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation
-- Organisations are few: the index is made before a writer notices.
alter table organisation add column merged_into uuid;
comment on column organisation.merged_into is 'The organisation it is now; alerts and subscriptions keep the id they have.';
create index organisation_same on organisation (coalesce(merged_into, id));

-- All ids of one organisation, its own at least; none of nobody. Its text is read when it is called, for the table is
-- exchanged for another by a rebuild.
create function same_organisations(asked uuid) returns uuid []
language sql stable
as $$
    select array_remove((
        select array_agg(o.id) from organisation as o
         where coalesce(o.merged_into, o.id) = (
             select coalesce(own.merged_into, own.id) from organisation as own where own.id = asked)) || asked, null)
$$;

-- migrate:down
