-- migrate:up
set local lock_timeout = '5s';

-- How files of one shape are read, as the last confirmation of its owner's said.
create table mapping (
    id uuid primary key,
    version bigint not null default 1,
    country text not null,
    name text not null,
    fingerprint text not null,
    side text not null,
    organisation_id uuid,
    sector text,
    scope text,
    profile jsonb not null,
    made_at timestamptz not null default now(),
    made_by text not null,
    check ((sector is null) = (scope is null))
);
comment on column mapping.side is 'Whose it is, as of uploads: the secretariat, an organisation, or else a client.';
comment on column mapping.fingerprint is 'Of the headings of the files it is for.';
create unique index mapping_by_shape on mapping (fingerprint, country, side);
create index mapping_by_side on mapping (side, made_at desc, id desc);
create index mapping_listed on mapping (made_at desc, id desc);

-- All versions of mappings, of those too that were withdrawn: which one a file was read by is told by its number.
create table mapping_version (
    mapping_id uuid not null,
    version bigint not null,
    name text not null,
    profile jsonb not null,
    made_at timestamptz not null default now(),
    made_by text not null,
    primary key (mapping_id, version)
);

-- migrate:down
