-- migrate:up
set local lock_timeout = '5s';

-- Names are folded further: letters that other languages write in the place of an Arabic one.
insert into area_name (folded, country, pcode)
select
    translate(folded, 'ہھۂۃڪ', 'ههههك'),
    country,
    pcode
from area_name where folded ~ '[ہھۂۃڪ]'
on conflict do nothing;
delete from area_name where folded ~ '[ہھۂۃڪ]';

insert into organisation_name (folded, organisation_id)
select
    translate(folded, 'ہھۂۃڪ', 'ههههك'),
    organisation_id
from organisation_name where folded ~ '[ہھۂۃڪ]'
on conflict do nothing;
delete from organisation_name where folded ~ '[ہھۂۃڪ]';

-- migrate:down
