-- migrate:up
set local lock_timeout = '5s';

-- squawk-ignore-file require-concurrent-index-creation, adding-required-field
-- Alerts are few: what is made here is made before a writer notices.

-- A message with all earlier ones it updates or ends is a chain. Whom any of them concerned, its later ones concern.
alter table alert add column supersedes uuid [] not null default '{}';
alter table alert add column chain_areas text [] not null default '{}';
alter table alert add column chain_within text [] not null default '{}';
comment on column alert.supersedes is 'All earlier messages of its chain.';
comment on column alert.chain_areas is 'Its areas and those of the earlier messages of its chain.';
comment on column alert.chain_within is 'Those areas and every area above them.';

with recursive named as (
    select
        a.id,
        earlier.id as earlier
    from alert as a
    cross join lateral unnest(a.cap_references) as reference (words)
    inner join alert as earlier on earlier.identifier = split_part(reference.words, ',', 2)
    where a.status <> 'Draft' and earlier.status <> 'Draft'
), chain as (
    select
        n.id,
        n.earlier
    from named as n
    union
    select
        c.id,
        n.earlier
    from chain as c
    inner join named as n on c.earlier = n.id
)

update alert set supersedes = found.earlier
from (select c.id, array_agg(c.earlier order by c.earlier) as earlier from chain as c group by c.id) as found
where alert.id = found.id;

update alert set
    chain_areas = array(
        select distinct unnest(one.areas) from alert as one
        where one.id = alert.id or one.id = any(alert.supersedes)
    ),
    chain_within = array(
        select distinct unnest(one.within) from alert as one
        where one.id = alert.id or one.id = any(alert.supersedes)
    );

create index alert_supersedes on alert using gin (supersedes);
create index alert_chain_areas on alert using gin (chain_areas);
create index alert_chain_within on alert using gin (chain_within);

-- What is sent again under one id is sent in the same languages, whatever the subscription asks for by then.
alter table delivery add column languages text [];
alter table delivery add column under_way boolean not null default false;
comment on column delivery.under_way is 'An attempt is being made, until due_at at the longest.';
comment on column delivery.languages is 'Asked for when it was made; null: made before this was kept.';

create index delivery_waiting on delivery (alert_id) where state = 'due';

-- migrate:down
