-- migrate:up
set local lock_timeout = '5s';

-- Where coordination has begun and since when, with the time zone in which its months end.
create table scope (
    country text not null references country (code),
    code text not null,
    version bigint not null default 1,
    names jsonb not null,
    areas text [] not null,
    active_from date,
    time_zone text not null,
    primary key (country, code),
    constraint scope_code unique (code)
);
comment on column scope.active_from is 'Null while the scope is only planned.';

-- migrate:down
