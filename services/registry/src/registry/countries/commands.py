"""Changes of countries."""

from collections.abc import Sequence

from contracts.areas import AreaChanged
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal

from registry.areas import store as areas
from registry.areas.domain import AreaRow, PlacedArea
from registry.countries import store
from registry.countries.domain import Country, PcodePattern
from registry.countries.errors import LevelRepeated


async def add_missing_countries(tx: Transaction, countries: Sequence[Country]) -> None:
    """Add the shipped countries that are not here yet. They are announced once they have areas."""
    await store.add_missing(tx, countries)


async def put_country(tx: Transaction, principal: Principal, country: Country) -> None:
    """Set a country's names, levels and patterns. Raises `MalformedPattern`, `LevelRepeated`."""
    _check_levels(country)
    await areas.lock_loading(tx)
    await store.replace(tx, country)
    await events.append_all(tx, await _renamed(tx, country))
    await audit.record(tx, principal, "country.put", f"country:{country.code}")


def _check_levels(country: Country) -> None:
    seen: set[int] = set()
    for place, level in enumerate(country.levels):
        if level.level in seen:
            raise LevelRepeated(f"levels.{place}.level")
        seen.add(level.level)
        if level.pattern:
            PcodePattern(level.pattern, field=f"levels.{place}.pattern")


async def _renamed(tx: Transaction, country: Country) -> list[AreaChanged]:
    """The country's own area under its new names, where it has one."""
    if not await areas.exists(tx, country.code, country.code):
        return []
    row = AreaRow(row=None, level=0, pcode=country.code, names=country.names)
    written = await areas.upsert_areas(tx, [PlacedArea(row, (country.code,))])
    await areas.write_spellings(tx, written)
    return [area.changed() for area in written]
