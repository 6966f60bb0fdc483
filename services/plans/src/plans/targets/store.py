"""Writing targets: one upsert for all rows of a batch, in key order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database import Record, Transaction, new_id

from plans.targets.domain import Key, Target

KEY = ", ".join(Key._fields)


@dataclass(frozen=True, slots=True)
class WrittenTarget:
    """A target as it stands now, and what was done with it."""

    id: UUID
    version: int
    status: str


async def lock_targets(tx: Transaction, keys: Sequence[Key]) -> set[Key]:
    """Those that exist, locked in key order, so that two loaders never wait for each other in a ring."""
    rows = await tx.fetch(
        f"""
        select {KEY} from target
        where ({KEY}) in (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                                               $7::text[]))
        order by {KEY}
        for update
        """,  # noqa: S608  names of the key
        *_apart(keys),
    )
    return {_key(row) for row in rows}


async def lock_target(tx: Transaction, id: UUID) -> Target | None:
    """The target of this id, withdrawn or not."""
    row = await tx.fetchrow(
        f"select {KEY}, area_path, area_levels, unit, value from target where id = $1 for update",  # noqa: S608  names of the key
        id,
    )
    return target_of(row) if row else None


async def upsert_targets(tx: Transaction, targets: Sequence[Target], set_by: str) -> dict[Key, WrittenTarget]:
    """Create and change what differs; `targets` are in key order, and each key is there once."""
    keys = [target.key for target in targets]
    rows = await tx.fetch(
        UPSERT,
        *_apart(keys),
        [new_id() for _ in targets],
        ["/".join(target.path) for target in targets],
        ["/".join(map(str, target.levels)) if target.levels else None for target in targets],
        [target.unit for target in targets],
        [target.value for target in targets],
        set_by,
    )
    written = {_key(row): WrittenTarget(row["id"], row["version"], row["status"]) for row in rows}
    unchanged = [key for key in keys if key not in written]
    return written | await _as_they_are(tx, unchanged) if unchanged else written


async def _as_they_are(tx: Transaction, keys: Sequence[Key]) -> dict[Key, WrittenTarget]:
    rows = await tx.fetch(
        f"""
        select {KEY}, id, version from target
        where ({KEY}) in (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                                               $7::text[]))
        """,  # noqa: S608  names of the key
        *_apart(keys),
    )
    return {_key(row): WrittenTarget(row["id"], row["version"], "unchanged") for row in rows}


async def adopt(tx: Transaction, document: str) -> list[Record]:
    """Targets of `document` that were not here, or in an older version, as they stand now; their versions with them."""
    return await tx.fetch(ADOPT, document)


def target_of(row: Any) -> Target:
    levels = tuple(row["area_levels"]) if row["area_levels"] else None
    return Target(_key(row), tuple(row["area_path"]), row["unit"], row["value"], levels=levels)


def _key(row: Record) -> Key:
    return Key(*(row[name] for name in Key._fields))


def _apart(keys: Sequence[Key]) -> list[list[str]]:
    return [[key[place] for key in keys] for place in range(len(Key._fields))]


UPSERT = f"""
with upserted as (
    insert into target as held ({KEY}, id, version, area_path, area_levels, unit, value, set_by)
    select {", ".join(f"s.{name}" for name in Key._fields)}, s.id, 1, string_to_array(s.path, '/'),
           string_to_array(s.levels, '/')::smallint[], s.unit, s.value, $13
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                  $9::text[], $10::text[], $11::text[], $12::bigint[]) as s ({KEY}, id, path, levels, unit, value)
    on conflict ({KEY}) do update
    set version = held.version + 1, area_path = excluded.area_path, area_levels = excluded.area_levels,
        unit = excluded.unit, value = excluded.value, set_by = excluded.set_by, set_at = now()
    where (held.value, held.unit, held.area_path, held.area_levels)
          is distinct from (excluded.value, excluded.unit, excluded.area_path, excluded.area_levels)
    returning {", ".join(f"new.{name}" for name in Key._fields)}, new.id, new.version, new.value,
              old.id as replaced, old.version as replaced_version, old.value as replaced_value,
              old.unit as replaced_unit, old.set_by as replaced_set_by, old.set_at as replaced_set_at
), kept as (
    insert into target_version (country, target_id, version, value, unit, set_by, set_at, replaced_by)
    select country, replaced, replaced_version, replaced_value, replaced_unit, replaced_set_by, replaced_set_at, $13
      from upserted where replaced is not null
)
select {KEY}, id, version,
       case when replaced is null then 'created' when value is null then 'withdrawn' else 'updated' end as status
  from upserted
"""  # noqa: S608  names of the key
_ROW = f"{KEY}, id, version, area_path, area_levels, unit, value, set_by, set_at"
_VERSION = "country, target_id, version, value, unit, set_by, set_at, replaced_by, replaced_at"
ADOPT = f"""
with adopted as (
    insert into target as held ({_ROW})
    select {_ROW} from jsonb_populate_recordset(null::target, $1::text::jsonb -> 'target')
    on conflict ({KEY}) do update
    set version = excluded.version, area_path = excluded.area_path, area_levels = excluded.area_levels,
        unit = excluded.unit, value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at
    where held.id = excluded.id and held.version < excluded.version
    returning *
), kept as (
    insert into target_version ({_VERSION})
    select {_VERSION} from jsonb_populate_recordset(null::target_version, $1::text::jsonb -> 'target_version')
     where target_id in (select id from adopted)
    on conflict do nothing
)
select * from adopted
"""  # noqa: S608  names of columns
