-- migrate:up
set local lock_timeout = '5s';

-- What an organisation may be found by that is called alike: words and sounds of its names, acronyms, ids elsewhere.
create table organisation_key (
    key text collate "C" not null,
    organisation_id uuid not null references organisation (id) on delete cascade,
    primary key (key, organisation_id)
);
create index organisation_key_organisation on organisation_key (organisation_id);

-- Two organisations that may be one, with the reasons; a pair that somebody dismissed stays dismissed.
create table organisation_duplicate (
    id uuid primary key,
    version bigint not null default 1,
    organisation_id uuid not null references organisation (id) on delete cascade,
    other_id uuid not null references organisation (id) on delete cascade,
    score smallint not null,
    reasons text [] not null,
    state text not null default 'open' check (state in ('open', 'dismissed')),
    reason text,
    found_at timestamptz not null default now(),
    unique (organisation_id, other_id)
);
create index organisation_duplicate_score on organisation_duplicate (score, id);
create index organisation_duplicate_other on organisation_duplicate (other_id);

-- migrate:down
