-- migrate:up
set local lock_timeout = '5s';

-- An organisation, from its application on; contacts and spellings stand apart.
create table organisation (
    id uuid primary key,
    version bigint not null default 1,
    status text not null check (status in ('applied', 'verified', 'suspended')),
    names jsonb not null,
    acronyms jsonb not null default '{}',
    aliases text [] not null default '{}',
    type_code text not null references organisation_type (code),
    external_ids jsonb not null default '{}',
    sectors text [] not null default '{}',
    areas text [] not null default '{}',
    sort_name text collate "C" not null,
    applied_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);
comment on column organisation.sort_name is 'Folded name the list is ordered by, the Arabic one first.';

create index organisation_sort on organisation (sort_name, id);
create index organisation_status on organisation (status, sort_name, id);
create index organisation_type_code on organisation (type_code, sort_name, id);
create index organisation_sectors on organisation using gin (sectors);
create index organisation_areas on organisation using gin (areas);

-- Each spelling of an organisation, folded, and what stands behind each of its spaces.
create table organisation_name (
    folded text collate "C" not null,
    organisation_id uuid not null references organisation (id) on delete cascade,
    primary key (folded, organisation_id)
);

create index organisation_name_organisation on organisation_name (organisation_id);

-- Personal data, apart from everything else: erased without touching the organisation or its events.
create table organisation_contact (
    organisation_id uuid not null references organisation (id) on delete cascade,
    place smallint not null,
    name text not null,
    email text,
    phone text,
    primary key (organisation_id, place)
);

-- migrate:down
