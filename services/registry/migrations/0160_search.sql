-- migrate:up
set local lock_timeout = '5s';

-- A search finds any part of a name, as the graph does: in Arabic the article and prepositions are written in front of
-- a word. So what stands behind the spaces of a name need not be kept beside it.
delete from area_name using area_name as whole
where (whole.country, whole.pcode) = (area_name.country, area_name.pcode) and whole.folded like '% ' || area_name.folded;
delete from organisation_name using organisation_name as whole
where whole.organisation_id = organisation_name.organisation_id and whole.folded like '% ' || organisation_name.folded;

-- Areas are found by their P-code, too.
insert into area_name (folded, country, pcode)
select
    regexp_replace(lower(pcode), '[-_]', ' ', 'g'),
    country,
    pcode
from area
on conflict do nothing;

-- migrate:down
