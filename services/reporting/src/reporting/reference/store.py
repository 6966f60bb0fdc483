"""Keeping what the registry says; each statement takes a whole batch and only what is newer."""

from collections.abc import Sequence

from contracts.event import newest
from contracts.registry import (
    AreaChanged,
    IndicatorChanged,
    OrganisationChanged,
    OrganisationStatus,
    ScopeChanged,
    SectorChanged,
)
from contracts.values import Names
from database import Transaction


async def keep_organisations(tx: Transaction, events: Sequence[OrganisationChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into organisation as held (id, version, names, verified)
        select * from unnest($1::uuid[], $2::bigint[], $3::jsonb[], $4::bool[])
        on conflict (id) do update
        set version = excluded.version, names = excluded.names, verified = excluded.verified
        where held.version < excluded.version
        """,
        [state.id for state in states],
        [state.version for state in states],
        [_said(state.names) for state in states],
        [state.status == OrganisationStatus.VERIFIED for state in states],
    )


async def keep_areas(tx: Transaction, events: Sequence[AreaChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into area as held (country, pcode, version, level, path, names)
        select a.country, a.pcode, a.version, a.level, string_to_array(a.path, '/'), a.names
          from unnest($1::text[], $2::text[], $3::bigint[], $4::smallint[], $5::text[], $6::jsonb[])
               as a (country, pcode, version, level, path, names)
        on conflict (country, pcode) do update
        set version = excluded.version, level = excluded.level, path = excluded.path, names = excluded.names
        where held.version < excluded.version
        """,
        [state.country for state in states],
        [state.pcode for state in states],
        [state.version for state in states],
        [state.level for state in states],
        ["/".join(state.path) for state in states],
        [_said(state.names) for state in states],
    )


async def keep_sectors(tx: Transaction, events: Sequence[SectorChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into sector as held (code, version, parent)
        select * from unnest($1::text[], $2::bigint[], $3::text[])
        on conflict (code) do update set version = excluded.version, parent = excluded.parent
        where held.version < excluded.version
        """,
        [state.code for state in states],
        [state.version for state in states],
        [state.parent for state in states],
    )


async def keep_indicators(tx: Transaction, events: Sequence[IndicatorChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into indicator as held (code, version) select * from unnest($1::text[], $2::bigint[])
        on conflict (code) do update set version = excluded.version where held.version < excluded.version
        """,
        [state.code for state in states],
        [state.version for state in states],
    )


async def keep_scopes(tx: Transaction, events: Sequence[ScopeChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into scope as held (code, version, country, areas, time_zone)
        select s.code, s.version, s.country, string_to_array(s.areas, ' '), s.time_zone
          from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])
               as s (code, version, country, areas, time_zone)
        on conflict (code) do update
        set version = excluded.version, country = excluded.country, areas = excluded.areas,
            time_zone = excluded.time_zone
        where held.version < excluded.version
        """,
        [state.code for state in states],
        [state.version for state in states],
        [state.country for state in states],
        [" ".join(state.areas) for state in states],
        [state.time_zone for state in states],
    )


def _said(names: Names) -> dict[str, str]:
    return names.model_dump(exclude_none=True)
