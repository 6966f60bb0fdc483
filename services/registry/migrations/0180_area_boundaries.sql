-- migrate:up
set local lock_timeout = '5s';

-- The boundary of an area, as the last map that named it said, made to agree with its neighbours.
create table area_boundary (
    country text not null,
    detail text not null check (detail in ('full', 'medium', 'coarse')),
    pcode text not null,
    version bigint not null,
    source text,
    geometry text not null,
    west double precision not null,
    south double precision not null,
    east double precision not null,
    north double precision not null,
    primary key (country, detail, pcode),
    foreign key (country, pcode) references area (country, pcode) on delete cascade
);
comment on column area_boundary.version is 'Version of the area with which it came.';
comment on column area_boundary.source is 'Whom a map that shows it is to name.';
comment on column area_boundary.geometry is 'GeoJSON, degrees of WGS 84.';
create index area_boundary_area on area_boundary (country, pcode);

-- migrate:down
