-- migrate:up
set local lock_timeout = '5s';

-- How far the ids of names nobody has resolved have been made anew, for each edition of the folding they follow from.
create table provider_rekeying (
    edition integer primary key,
    behind uuid not null default '00000000-0000-0000-0000-000000000000',
    done boolean not null default false
);

-- migrate:down
