-- migrate:up
set local lock_timeout = '5s';

-- Which indicators the registry knows: one that it does not know is refused by name, not answered by silence.
create table indicator (
    code text collate "C" primary key,
    version bigint not null
);

-- migrate:down
