-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation, adding-foreign-key-constraint
-- Organisations are few: what is made here is made before a writer notices.
alter table organisation add column merged_into uuid references organisation (id);
comment on column organisation.merged_into is
'The organisation it is now, at the end of all merges; null while it stands by itself.';
create index organisation_same on organisation (coalesce(merged_into, id));

-- What was merged into what, by whom and why; what was undone stays written here.
create table organisation_merge (
    id uuid primary key,
    from_id uuid not null references organisation (id),
    into_id uuid not null references organisation (id),
    reason text not null,
    merged_at timestamptz not null default now(),
    undone_at timestamptz,
    undone_reason text
);
create unique index organisation_merge_from on organisation_merge (from_id) where undone_at is null;
create index organisation_merge_into on organisation_merge (into_id) where undone_at is null;

-- All ids of one organisation: its own, what it was merged into, what was merged into that.
create function same_organisations(asked uuid) returns uuid []
language sql stable
return (
    select array_agg(o.id order by o.id) from organisation as o
     where coalesce(o.merged_into, o.id) = (
         select coalesce(own.merged_into, own.id) from organisation as own where own.id = asked));

-- migrate:down
