-- migrate:up
set local lock_timeout = '5s';

-- What was not understood of optional fields, by field, as it was written.
alter table report add column as_written jsonb;
alter table upload add column status text;
alter table upload add column values_not_understood jsonb not null default '[]';

-- Names are folded further: letters that other languages write in the place of an Arabic one.
create function pg_temp.folded_further(spellings text []) returns text [] language sql as $$
    select coalesce(array_agg(distinct translate(spelling, 'ۀەہھۂۃکڪېłđø', 'ههههههككيldo')), '{}')
    from unnest(spellings) as spelling
$$;
update area set spellings = pg_temp.folded_further(spellings)
where array_to_string(spellings, ' ') ~ '[ۀەہھۂۃکڪېłđø]';
update sector set spellings = pg_temp.folded_further(spellings)
where array_to_string(spellings, ' ') ~ '[ۀەہھۂۃکڪېłđø]';
update organisation
set spellings = pg_temp.folded_further(spellings), acronyms = pg_temp.folded_further(acronyms)
where array_to_string(spellings || acronyms, ' ') ~ '[ۀەہھۂۃکڪېłđø]';

-- How far the keys of sites and communities that stand have been made anew.
create table rekeying (
    edition integer primary key,
    behind uuid not null default '00000000-0000-0000-0000-000000000000',
    done boolean not null default false
);

-- migrate:down
