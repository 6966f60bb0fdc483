-- migrate:up
set local lock_timeout = '5s';

-- An area's level is its own, not its place in the path: a settlement may lie right under its district.
alter table report add column area_levels smallint [];
comment on column report.area_levels is 'Level of each area of the path where one is skipped; null: none is.';
alter table target add column area_levels smallint [];
comment on column target.area_levels is 'Level of each area of the path where one is skipped; null: none is.';

-- What was told with a place in the path for a level: told again, by a job, until none is left.
create table mislevelled (
    noun text not null,
    id uuid not null,
    primary key (noun, id)
);

create temporary table skipping on commit drop as
select
    a.country,
    a.pcode,
    l.levels,
    (select p.pcode from unnest(a.path, l.levels) as p (pcode, level) where p.level = 1) as adm1,
    (select p.pcode from unnest(a.path, l.levels) as p (pcode, level) where p.level = 2) as adm2,
    (select p.pcode from unnest(a.path, l.levels) as p (pcode, level) where p.level = 3) as adm3
from area as a
cross join lateral (
    select array_agg(coalesce(up.level, p.step - 1)::smallint order by p.step) as levels
    from unnest(a.path) with ordinality as p (pcode, step)
    left join area as up on a.country = up.country and p.pcode = up.pcode
) as l
where cardinality(a.path) <> a.level + 1;

with mended as (
    update report as r set area_levels = s.levels, adm1 = s.adm1, adm2 = s.adm2, adm3 = s.adm3
    from skipping as s where r.country = s.country and r.area = s.pcode
    returning r.id
)

insert into mislevelled (noun, id) select 'report', m.id from mended as m;

with mended as (
    update target as t set area_levels = s.levels
    from skipping as s where t.country = s.country and t.area = s.pcode
    returning t.id
)

insert into mislevelled (noun, id) select 'target', m.id from mended as m;

update report_version as v
set row = v.row || jsonb_build_object('area_levels', s.levels, 'adm1', s.adm1, 'adm2', s.adm2, 'adm3', s.adm3)
from skipping as s
where v.row ->> 'country' = s.country and v.row ->> 'area' = s.pcode;

-- migrate:down
