-- migrate:up
set local lock_timeout = '5s';

-- Files that hold rows which are no longer in their table; noted in the transaction that removes the rows.
create table archive_file (
    name text primary key,
    source text not null,
    partition text not null,
    month text not null,
    rows integer not null,
    bytes bigint not null,
    first_number bigint not null,
    last_number bigint not null,
    written_at timestamptz not null default now()
);
comment on column archive_file.name is 'In the object store; it contains the SHA-256 of the file.';
comment on column archive_file.source is 'The table the rows were in.';

create index archive_file_rows on archive_file (source, partition, first_number);

-- migrate:down
