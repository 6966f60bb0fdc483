"""Writes of boundaries, and what is read to make them agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from database import Record, Transaction

FULL = "full"


@dataclass(frozen=True)
class Boundary:
    """The boundary of an area in one level of detail, as GeoJSON."""

    pcode: str
    detail: str
    geometry: str

    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        shape = orjson.loads(self.geometry)
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        points = [point for polygon in polygons for point in polygon[0]]
        across, up = [point[0] for point in points], [point[1] for point in points]
        return min(across), min(up), max(across), max(up)


async def write(tx: Transaction, country: str, boundaries: Sequence[Boundary], source: str | None) -> set[str]:
    """Write what differs; the P-codes of areas whose boundary is another now."""
    boxes = [boundary.box() for boundary in boundaries]
    rows = await tx.fetch(
        """
        insert into area_boundary as known
               (country, pcode, detail, geometry, west, south, east, north, source, version)
        select $1, pcode, detail, geometry, west, south, east, north, $9, area.version
          from unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::float8[])
               as sent (pcode, detail, geometry, west, south, east, north)
          join area using (pcode)
         where area.country = $1
         order by detail, pcode
        on conflict (country, detail, pcode) do update
           set geometry = excluded.geometry, west = excluded.west, south = excluded.south, east = excluded.east,
               north = excluded.north, source = coalesce(excluded.source, known.source)
         where known.geometry <> excluded.geometry or excluded.source <> coalesce(known.source, '')
        returning pcode
        """,
        country,
        [boundary.pcode for boundary in boundaries],
        [boundary.detail for boundary in boundaries],
        [boundary.geometry for boundary in boundaries],
        *([box[side] for box in boxes] for side in range(4)),
        source,
    )
    return {row["pcode"] for row in rows}


async def digests(tx: Transaction, country: str) -> Mapping[str, str]:
    """What tells the boundaries of an area from others, by its P-code."""
    rows = await tx.fetch(
        """
        select pcode, md5(string_agg(md5(geometry) || coalesce(source, ''), '' order by detail)) as digest
          from area_boundary where country = $1 group by pcode
        """,
        country,
    )
    return {row["pcode"]: row["digest"] for row in rows}


async def note_versions(tx: Transaction, country: str, pcodes: Sequence[str]) -> None:
    """Keep these boundaries as those of their area's present version."""
    await tx.execute(
        """
        update area_boundary set version = area.version from area
         where area.country = $1 and area.pcode = any($2::text[])
           and (area_boundary.country, area_boundary.pcode) = (area.country, area.pcode)
        """,
        country,
        pcodes,
    )


async def add(tx: Transaction, country: str, boundaries: Sequence[Boundary], source: str) -> None:
    """Write those of areas that have none."""
    known = await tx.fetch("select pcode from area_boundary where country = $1", country)
    missing = {boundary.pcode for boundary in boundaries} - {row["pcode"] for row in known}
    await write(tx, country, [boundary for boundary in boundaries if boundary.pcode in missing], source)


async def families(tx: Transaction, country: str, pcodes: Sequence[str]) -> Sequence[Record]:
    """Of these areas and of what they stand under, those with a boundary whose children have one, the deepest first."""
    return await tx.fetch(
        """
        select a.level, a.pcode, own.geometry, array_agg(below.geometry order by child.pcode) as children
          from area as a
          join area_boundary as own on (own.country, own.pcode, own.detail) = (a.country, a.pcode, 'full')
          join area as child on (child.country, child.parent) = (a.country, a.pcode)
          join area_boundary as below on (below.country, below.pcode, below.detail) = (a.country, child.pcode, 'full')
         where a.country = $1 and a.pcode in (
               select unnest(path) from area where country = $1 and pcode = any($2::text[]))
         group by a.level, a.pcode, own.geometry order by a.level desc, a.pcode
        """,
        country,
        pcodes,
    )


async def of_level(tx: Transaction, country: str, level: int) -> Mapping[str, str]:
    """The full boundaries of a level."""
    rows = await tx.fetch(
        """
        select pcode, geometry from area_boundary join area using (country, pcode)
         where country = $1 and detail = 'full' and level = $2 order by pcode
        """,
        country,
        level,
    )
    return {row["pcode"]: row["geometry"] for row in rows}
