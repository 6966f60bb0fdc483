-- migrate:up
set local lock_timeout = '5s';

-- A search finds any part of a name, as the graph does: in Arabic the article and prepositions are written in front of
-- a word. All runs of three letters are indexed, so that a part is found without looking at every name.
create function grams(folded text) returns text []
language sql immutable strict parallel safe
return array(select substr(folded, n, 3) from generate_series(1, length(folded) - 2) as n);

create function holds(folded text, sought text) returns boolean
language sql immutable parallel safe
return sought <> '' and grams(folded) @> grams(sought) and position(sought in folded) > 0;

-- squawk-ignore-file require-concurrent-index-creation
-- Names are few: their indexes are made before a writer notices.
create index area_name_grams on area_name using gin (grams(folded));
create index organisation_name_grams on organisation_name using gin (grams(folded));

-- Areas are found by their P-code, too.
insert into area_name (folded, country, pcode)
select
    regexp_replace(lower(pcode), '[-_]', ' ', 'g'),
    country,
    pcode
from area
on conflict do nothing;

-- migrate:down
