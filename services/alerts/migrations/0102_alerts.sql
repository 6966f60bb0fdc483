-- migrate:up
set local lock_timeout = '5s';

-- CAP 1.2 messages. An alert never changes: an Update or a Cancel is a new one that supersedes it.
create table alert (
    country text collate "C" not null,
    id uuid not null,
    identifier text collate "C" not null,
    version bigint not null,
    content bytea not null,
    sender text not null,
    organisation_id uuid,
    issued_by text not null,
    recorded_at timestamptz not null,
    sent timestamptz not null,
    status text not null,
    message_type text not null,
    scope text not null,
    restriction text,
    addresses uuid [] not null,
    cap_references text [] not null,
    superseded_by uuid,
    categories text [] not null,
    response_types text [] not null,
    urgency text not null,
    severity text not null,
    certainty text not null,
    effective timestamptz not null,
    onset timestamptz,
    expires timestamptz,
    info jsonb not null,
    sectors text [] not null,
    areas text [] not null,
    within text [] not null,
    polygons text [] not null,
    circles text [] not null,
    area_description text,
    override_reason text,
    primary key (country, id),
    constraint alert_identifier unique (country, identifier)
);
comment on column alert.content is 'Hash of what was sent: the same identifier with the same content is a repeat.';
comment on column alert.organisation_id is 'The sender''s; null for the secretariat''s own.';
comment on column alert.within is 'The areas and every area above them.';
comment on column alert.polygons is 'High. CAP strings: lat,lon pairs, closed.';
comment on column alert.circles is 'High. CAP strings: lat,lon and radius in km.';
comment on column alert.area_description is 'High.';

create index alert_id on alert (id);
create index alert_by_identifier on alert (identifier);
-- Serves the list, newest first.
create index alert_sent on alert (sent desc, id desc) where status <> 'Draft';
create index alert_drafts on alert (organisation_id, sent desc, id desc) where status = 'Draft';
create index alert_within on alert using gin (within);

-- migrate:down
