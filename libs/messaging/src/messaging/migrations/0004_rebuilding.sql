-- migrate:up
set local lock_timeout = '5s';

alter table consumer_schema add column earlier bigint [] not null default '{}';
comment on column consumer_schema.version is 'Hash of what decides what the projection holds; as it is, or is being rebuilt.';
comment on column consumer_schema.earlier is 'Versions it replaced: a process that has one of them stands back.';
comment on column consumer_offset.schema_version is 'None, 0, while a projection is built beside: nobody moves it then.';

-- migrate:down
