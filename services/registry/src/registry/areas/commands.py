"""Changes of areas."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.problems import Refusal
from runtime.rows.outcomes import Outcome

from registry.areas import store
from registry.areas.domain import AreaChange, AreaRow, LoadPlan, PlacedArea, Placing
from registry.areas.store import Key
from registry.boundaries.commands import put_boundaries
from registry.boundaries.store import note_versions
from registry.countries import store as countries
from registry.countries.domain import PcodePatterns


@dataclass(frozen=True)
class LoadedFile:
    """What became of a file."""

    placed: Sequence[PlacedArea]
    refused: Sequence[Refusal]
    versions: Mapping[Key, int]
    changed: set[Key] = field(default_factory=set)

    def outcome(self, placed: PlacedArea) -> Outcome:
        """What became of the row of an area that found its place."""
        key = placed.country, placed.area.pcode
        version = self.versions[key]
        status = "unchanged" if key not in self.changed else "created" if version == 1 else "updated"
        return Outcome(placed.area.row or 0, status, ":".join(key), version)


async def load_areas(
    tx: Transaction,
    principal: Principal,
    rows: Sequence[AreaRow],
    country: str | None = None,
    source: str | None = None,
) -> LoadedFile:
    """Write the rows that find their place; refuse the others one by one. A second load changes nothing."""
    await store.lock_loading(tx)
    codes = await countries.codes_by_iso3(tx)
    country = codes.get(country or "", country)
    plan = await _plan(tx, [row.as_country(codes) for row in rows], country)
    await _add_roots(tx, plan)
    changed: set[Key] = set()
    for some in _portions(plan.placed):
        written = await store.upsert_areas(tx, some)
        await store.write_spellings(tx, written)
        await events.append_all(tx, [area.changed() for area in written])
        changed |= {(area.country, area.pcode) for area in written}
    changed |= await _put_boundaries(tx, plan.placed, source, changed)
    versions = await store.versions(tx, plan.placed)
    if changed:
        await audit.record(tx, principal, "areas.load", f"areas:{country or ''}", {"changed": len(changed)})
    return LoadedFile(
        [placed for placed in plan.placed if placed.area.row is not None], plan.refused, versions, changed
    )


async def preview_areas(
    tx: Transaction, principal: Principal, rows: Sequence[AreaRow], country: str | None = None
) -> tuple[LoadedFile, list[AreaChange]]:
    """What a load would come to, and what it would change field by field: it is done, and undone."""
    savepoint = tx.transaction()
    await savepoint.start()
    try:
        loaded = await load_areas(tx, principal, rows, country)
        after = await store.states(tx, loaded.changed)
    finally:
        await savepoint.rollback()
    before = await store.states(tx, loaded.changed)
    return loaded, [change for key in sorted(after) if key in before for change in _changes(before[key], after[key])]


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[AreaChange]:
    """The fields that differ of an area that was there before."""
    for name, value in after.items():
        if before[name] != value:
            is_shape = name == "boundary"
            yield AreaChange(str(after["id"]), name, *((None, None) if is_shape else (before[name], value)))


async def _put_boundaries(
    tx: Transaction, placed: Sequence[PlacedArea], source: str | None, changed: Set[Key]
) -> set[Key]:
    """Write the boundaries of a map. An area whose boundary alone is another has a version of its own by that."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for each in placed:
        if each.area.boundary:
            found.setdefault(each.country, {})[each.area.pcode] = each.area.boundary
    for country, boundaries in found.items():
        bounded = await put_boundaries(tx, country, boundaries, source)
        raised = sorted(pcode for pcode in bounded if (country, pcode) not in changed)
        written = await store.raise_versions(tx, country, raised)
        await events.append_all(tx, [area.changed() for area in written])
        await note_versions(tx, country, sorted(bounded))
        changed = {*changed, *((country, pcode) for pcode in bounded)}
    return set(changed)


async def fold_names_again(tx: Transaction) -> None:
    """Let all areas be found by their names as they fold now."""
    await store.lock_loading(tx)
    last = "", ""
    while some := await store.areas_after(tx, *last):
        await store.write_spellings(tx, some)
        last = some[-1].country, some[-1].pcode


async def _plan(tx: Transaction, rows: Sequence[AreaRow], country: str | None) -> LoadPlan:
    named = {row.pcode for row in rows} | {row.parent for row in rows if row.parent}
    named |= {begun for row in rows if row.is_nested for begun in row.beginnings}
    known = await store.places(tx, sorted(named))
    patterns = PcodePatterns(await countries.patterns(tx))
    return await asyncio.to_thread(Placing(known, patterns, country).plan, rows)


async def _add_roots(tx: Transaction, plan: LoadPlan) -> None:
    """Countries the file's areas stand under; a country area named by the file itself goes the same way."""
    named = [placed.country for placed in plan.placed if len(placed.path) == 1]
    names = await countries.add_countries(tx, sorted({*plan.roots, *named}))
    roots = [AreaRow(row=None, level=0, pcode=code, names=names[code]) for code in plan.roots]
    plan.placed[:0] = [PlacedArea(root, (root.pcode,)) for root in roots]


def _portions(placed: list[PlacedArea]) -> list[list[PlacedArea]]:
    """Parents before their children, so many as one statement takes."""
    return [placed[start : start + store.MOST] for start in range(0, len(placed), store.MOST)]
