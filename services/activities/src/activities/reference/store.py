"""Keeping what the registry says: upserts where the stored version is lower, in key order."""

from collections.abc import Sequence

from contracts.registry import AreaChanged, IndicatorChanged, OrganisationChanged, ScopeChanged, SectorChanged
from contracts.values import Names
from database import Transaction

from activities.spelling import folded


def _folded(*spellings: str | None) -> list[str]:
    return sorted({form for text in spellings if text and (form := folded(text))})


def _all(names: Names) -> list[str | None]:
    return [names.ar, names.en, names.tr, names.ku]


async def _upsert(tx: Transaction, statement: str, rows: dict[object, tuple[object, ...]]) -> None:
    # One row a key, the newest, and in key order: two consumers never wait for each other in a ring.
    await tx.executemany(statement, [rows[key] for key in sorted(rows, key=str)])


async def keep_organisations(tx: Transaction, events: Sequence[OrganisationChanged]) -> None:
    await _upsert(
        tx,
        """
        insert into organisation as held (id, version, status, spellings, acronyms) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set version = $2, status = $3, spellings = $4, acronyms = $5
        where held.version < $2
        """,
        {
            event.id: (
                event.id,
                event.version,
                event.status,
                _folded(*_all(event.names), *event.aliases),
                _folded(*_all(event.acronyms)),
            )
            for event in sorted(events, key=lambda event: event.version)
        },
    )


async def keep_areas(tx: Transaction, events: Sequence[AreaChanged]) -> None:
    await _upsert(
        tx,
        """
        insert into area as held (country, pcode, version, level, path, names, spellings)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (country, pcode) do update
        set version = $3, level = $4, path = $5, names = $6, spellings = $7
        where held.version < $3
        """,
        {
            event.key: (
                event.country,
                event.pcode,
                event.version,
                event.level,
                list(event.path),
                event.names.model_dump(exclude_none=True),
                _folded(*_all(event.names), *event.aliases),
            )
            for event in sorted(events, key=lambda event: event.version)
        },
    )


async def keep_sectors(tx: Transaction, events: Sequence[SectorChanged]) -> None:
    await _upsert(
        tx,
        """
        insert into sector as held (code, version, parent, spellings, has_working_group) values ($1, $2, $3, $4, $5)
        on conflict (code) do update set version = $2, parent = $3, spellings = $4, has_working_group = $5
        where held.version < $2
        """,
        {
            event.code: (
                event.code,
                event.version,
                event.parent,
                _folded(*_all(event.names), *event.aliases),
                event.has_working_group,
            )
            for event in sorted(events, key=lambda event: event.version)
        },
    )


async def keep_indicators(tx: Transaction, events: Sequence[IndicatorChanged]) -> None:
    await _upsert(
        tx,
        """
        insert into indicator as held (code, version, sector, unit) values ($1, $2, $3, $4)
        on conflict (code) do update set version = $2, sector = $3, unit = $4
        where held.version < $2
        """,
        {
            event.code: (event.code, event.version, event.sector, event.unit)
            for event in sorted(events, key=lambda event: event.version)
        },
    )


async def keep_scopes(tx: Transaction, events: Sequence[ScopeChanged]) -> None:
    await _upsert(
        tx,
        """
        insert into scope as held (code, version, country, areas, active_from, time_zone)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (code) do update set version = $2, country = $3, areas = $4, active_from = $5, time_zone = $6
        where held.version < $2
        """,
        {
            event.code: (
                event.code,
                event.version,
                event.country,
                list(event.areas),
                event.active_from,
                event.time_zone,
            )
            for event in sorted(events, key=lambda event: event.version)
        },
    )
