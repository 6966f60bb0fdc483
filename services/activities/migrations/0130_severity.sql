-- migrate:up
set local lock_timeout = '5s';

-- Who set a report's level by a decision of their own, and why. Until then it is what the row says, or more.
alter table report add column sensitivity_by text;
alter table report add column sensitivity_reason text;

-- How far stored reports have been judged by an edition of the words that make a row severe.
create table judging (
    edition integer primary key,
    behind uuid not null default '00000000-0000-0000-0000-000000000000',
    done boolean not null default false
);

-- migrate:down
