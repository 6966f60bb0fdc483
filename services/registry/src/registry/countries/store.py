"""Writes and locks of countries."""

from collections.abc import Mapping, Sequence

from database import Transaction

from registry.countries.domain import Country, Level
from registry.names import NamesByLanguage


async def patterns(tx: Transaction) -> Mapping[tuple[str, int], str]:
    rows = await tx.fetch("select country, level, pattern from country_level where pattern is not null")
    return {(row["country"], row["level"]): row["pattern"] for row in rows}


async def codes_by_iso3(tx: Transaction) -> Mapping[str, str]:
    """P-codes of countries by their ISO codes of three letters, but those that are a P-code themselves."""
    rows = await tx.fetch(
        "select iso3, code from country where iso3 is not null and iso3 not in (select code from country)"
    )
    return {row["iso3"]: row["code"] for row in rows}


async def add_countries(tx: Transaction, codes: Sequence[str]) -> Mapping[str, NamesByLanguage]:
    """Names of these countries; one that is new is called by its code until somebody names it."""
    await tx.execute(
        """
        insert into country (code, names)
        select code, jsonb_build_object('en', code) from unnest($1::text[]) as sent (code) order by code
        on conflict do nothing
        """,
        codes,
    )
    rows = await tx.fetch("select code, names from country where code = any($1::text[])", codes)
    return {row["code"]: row["names"] for row in rows}


async def add_missing(tx: Transaction, countries: Sequence[Country]) -> None:
    """Add the countries and levels that are not here yet; what somebody has changed stays."""
    await tx.execute(
        """
        insert into country (code, iso3, names)
        select code, iso3, names from unnest($1::text[], $2::text[], $3::jsonb[]) as sent (code, iso3, names)
         order by code
        on conflict do nothing
        """,
        [country.code for country in countries],
        [country.iso3 for country in countries],
        [dict(country.names) for country in countries],
    )
    await _insert_levels(tx, [(country.code, level) for country in countries for level in country.levels])


async def _insert_levels(tx: Transaction, levels: Sequence[tuple[str, Level]]) -> None:
    await tx.execute(
        """
        insert into country_level (country, level, pattern, names)
        select country, level, pattern, names
          from unnest($1::text[], $2::smallint[], $3::text[], $4::jsonb[]) as sent (country, level, pattern, names)
         order by country, level
        on conflict do nothing
        """,
        [country for country, _ in levels],
        [level.level for _, level in levels],
        [level.pattern for _, level in levels],
        [dict(level.names) for _, level in levels],
    )


async def replace(tx: Transaction, country: Country) -> None:
    """Write the country and its levels in place of what was there."""
    await tx.execute(
        """
        insert into country as known (code, iso3, names) values ($1, $2, $3)
        on conflict (code) do update
           set iso3 = excluded.iso3, names = excluded.names, version = known.version + 1
        """,
        country.code,
        country.iso3,
        dict(country.names),
    )
    await tx.execute("delete from country_level where country = $1", country.code)
    await _insert_levels(tx, [(country.code, level) for level in country.levels])
