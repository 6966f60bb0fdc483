"""Changes of boundaries."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby

from database import Transaction

from registry.boundaries import store
from registry.boundaries.store import FULL, Boundary
from registry.maps import coverage


async def put_boundaries(
    tx: Transaction, country: str, boundaries: Mapping[str, Mapping[str, str]], source: str | None
) -> set[str]:
    """Write the boundaries of areas and let those above cover them; P-codes of the areas that have another now."""
    before = await store.digests(tx, country)
    sent = [Boundary(pcode, *each) for pcode, by_detail in boundaries.items() for each in by_detail.items()]
    written = sorted(await store.write(tx, country, sent, source))
    for level in await _levels(tx, country, written):
        written = sorted({*written, *await _cover(tx, country, level, written)})
    # What was sent may be covered by what stands below it, as it was before.
    return {pcode for pcode, digest in (await store.digests(tx, country)).items() if before.get(pcode) != digest}


async def _levels(tx: Transaction, country: str, pcodes: Sequence[str]) -> list[int]:
    """Levels of the areas that have something below them, the deepest first."""
    return [level for level, _ in groupby(await store.families(tx, country, pcodes), key=lambda row: row["level"])]


async def _cover(tx: Transaction, country: str, level: int, pcodes: Sequence[str]) -> set[str]:
    """Let the areas of a level be what stands below them: a border is drawn once, by who knows it best."""
    families = [row for row in await store.families(tx, country, pcodes) if row["level"] == level]
    found = await asyncio.to_thread(
        lambda: {row["pcode"]: coverage.of_children(row["geometry"], row["children"]) for row in families}
    )
    covering = [Boundary(pcode, FULL, geometry) for pcode, geometry in found.items() if geometry]
    if not await store.write(tx, country, covering, None):
        return set()
    whole = await store.of_level(tx, country, level)
    made = await asyncio.to_thread(coverage.simplified_again, list(whole.values()))
    again = [
        Boundary(pcode, detail, geometry)
        for detail, geometries in made.items()
        for pcode, geometry in zip(whole, geometries, strict=True)
    ]
    await store.write(tx, country, again, None)
    return {boundary.pcode for boundary in covering}
