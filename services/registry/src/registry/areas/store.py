"""Writes of areas: many rows by one statement, and only what differs."""

from collections.abc import Mapping, Sequence, Set

from database import Record, Transaction

from registry.areas.domain import AreaPlace, PlacedArea, WrittenArea

ALIAS_END = "\x1f"
"""Joins the aliases of a row on their way into SQL; no text a user sends holds it."""
Key = tuple[str, str]
"""Country and P-code."""
MOST = 2000
"""Rows of one statement."""


async def lock_loading(tx: Transaction) -> None:
    """One load at a time: two files may name each other's areas."""
    await tx.execute("select pg_advisory_xact_lock(hashtext('areas'))")


async def places(tx: Transaction, pcodes: Sequence[str]) -> Sequence[AreaPlace]:
    """Where areas with these P-codes stand, of any country."""
    rows = await tx.fetch(
        "select level, path, latitude is not null as has_point from area where pcode = any($1::text[])", pcodes
    )
    return [AreaPlace(row["level"], tuple(row["path"]), has_point=row["has_point"]) for row in rows]


async def exists(tx: Transaction, country: str, pcode: str) -> bool:
    return bool(await tx.fetchval("select exists (select from area where country = $1 and pcode = $2)", country, pcode))


UPSERT_AREAS = """
    insert into area as known (country, pcode, level, names, aliases, parent, path, latitude, longitude)
    select country, pcode, level, names, coalesce(string_to_array(nullif(aliases, ''), $10), '{}'), parent,
           string_to_array(path, ' '), latitude, longitude
      from unnest($1::text[], $2::text[], $3::smallint[], $4::jsonb[], $5::text[], $6::text[], $7::text[],
                  $8::float8[], $9::float8[])
           as sent (country, pcode, level, names, aliases, parent, path, latitude, longitude)
     order by level, country, pcode
    on conflict (country, pcode) do update
       set names = known.names || excluded.names,
           aliases = known.aliases || array(
               select alias from unnest(excluded.aliases) as alias where alias <> all (known.aliases)
           ),
           latitude = coalesce(excluded.latitude, known.latitude),
           longitude = coalesce(excluded.longitude, known.longitude),
           version = known.version + 1
     where not (
           known.names @> excluded.names and known.aliases @> excluded.aliases
           and coalesce(excluded.latitude, known.latitude) is not distinct from known.latitude
           and coalesce(excluded.longitude, known.longitude) is not distinct from known.longitude
     )
    returning country, pcode, level, version, names, aliases, parent, path, latitude, longitude
"""


async def upsert_areas(tx: Transaction, areas: Sequence[PlacedArea]) -> list[WrittenArea]:
    """Write what differs; the areas that changed, as they stand now. What a file leaves open stays as it was."""
    rows = await tx.fetch(
        UPSERT_AREAS,
        [placed.country for placed in areas],
        [placed.area.pcode for placed in areas],
        [placed.area.level for placed in areas],
        [dict(placed.area.names) for placed in areas],
        [ALIAS_END.join(placed.area.aliases) for placed in areas],
        [placed.parent for placed in areas],
        [" ".join(placed.path) for placed in areas],
        [placed.area.latitude for placed in areas],
        [placed.area.longitude for placed in areas],
        ALIAS_END,
    )
    return [_written(row) for row in rows]


def _written(row: Record) -> WrittenArea:
    return WrittenArea(**{**dict(row), "aliases": tuple(row["aliases"]), "path": tuple(row["path"])})


async def raise_versions(tx: Transaction, country: str, pcodes: Sequence[str]) -> list[WrittenArea]:
    """Give these areas another version, as something kept beside them changed."""
    rows = await tx.fetch(
        """
        update area set version = version + 1 where country = $1 and pcode = any($2::text[])
        returning country, pcode, level, version, names, aliases, parent, path, latitude, longitude
        """,
        country,
        pcodes,
    )
    return [_written(row) for row in rows]


async def write_spellings(tx: Transaction, areas: Sequence[WrittenArea]) -> None:
    """Let these areas be found by their present names and aliases."""
    found = [(area.country, area.pcode, folded) for area in areas for folded in sorted(area.spellings())]
    countries, pcodes = [area.country for area in areas], [area.pcode for area in areas]
    await tx.execute(
        """
        delete from area_name using unnest($1::text[], $2::text[]) as changed (country, pcode)
         where (area_name.country, area_name.pcode) = (changed.country, changed.pcode)
        """,
        countries,
        pcodes,
    )
    await tx.execute(
        """
        insert into area_name (country, pcode, folded)
        select country, pcode, folded from unnest($1::text[], $2::text[], $3::text[]) as sent (country, pcode, folded)
        """,
        [country for country, _, _ in found],
        [pcode for _, pcode, _ in found],
        [folded for _, _, folded in found],
    )


async def areas_after(tx: Transaction, country: str, pcode: str) -> list[WrittenArea]:
    """The areas that follow this one, so many as one statement takes."""
    rows = await tx.fetch(
        """
        select country, pcode, level, version, names, aliases, parent, path, latitude, longitude from area
         where (country, pcode) > ($1, $2) order by country, pcode limit $3
        """,
        country,
        pcode,
        MOST,
    )
    return [_written(row) for row in rows]


async def states(tx: Transaction, keys: Set[Key]) -> Mapping[Key, Mapping[str, object]]:
    """What is said of these areas, of their boundaries a digest."""
    rows = await tx.fetch(
        """
        select country || ':' || pcode as id, country, pcode, names, aliases, latitude, longitude,
               (select md5(string_agg(md5(geometry), '' order by detail)) from area_boundary as b
                 where (b.country, b.pcode) = (area.country, area.pcode)) as boundary
          from area where (country, pcode) in (select * from unnest($1::text[], $2::text[]))
        """,
        [country for country, _ in keys],
        [pcode for _, pcode in keys],
    )
    return {(row["country"], row["pcode"]): dict(row) for row in rows}


async def versions(tx: Transaction, areas: Sequence[PlacedArea]) -> Mapping[Key, int]:
    rows = await tx.fetch(
        """
        select area.country, area.pcode, area.version
          from unnest($1::text[], $2::text[]) as sent (country, pcode)
          join area on (area.country, area.pcode) = (sent.country, sent.pcode)
        """,
        [placed.country for placed in areas],
        [placed.area.pcode for placed in areas],
    )
    return {(row["country"], row["pcode"]): row["version"] for row in rows}


async def unknown(tx: Transaction, pcodes: Sequence[str], *, levels: tuple[int, int] = (0, 9)) -> list[str]:
    """Those of the P-codes that are no area of these levels, in their order."""
    rows = await tx.fetch(
        """
        select pcode from unnest($1::text[]) with ordinality as sent (pcode, place)
         where not exists (select from area where area.pcode = sent.pcode and area.level between $2 and $3)
         order by place
        """,
        pcodes,
        *levels,
    )
    return [row["pcode"] for row in rows]
