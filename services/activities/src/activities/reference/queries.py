"""Looking up the registry's facts for a batch of reports, and for a list's filter."""

from collections.abc import Iterable
from uuid import UUID

from database import Record, Transaction

from activities.reference.domain import Area, LookupKeys, Organisation, Reference

LEVELS = """case when cardinality(a.path) <> a.level + 1 then array(
    select coalesce(up.level, p.step - 1)::smallint
      from unnest(a.path) with ordinality as p (pcode, step)
      left join area as up on up.country = a.country and up.pcode = p.pcode
     order by p.step) end"""
"""Level of each area on the path of an area `a`, where one is skipped."""


async def reference_for(tx: Transaction, lookup: LookupKeys) -> Reference:
    """All a batch names, one statement a noun."""
    return Reference(
        areas=await _areas(tx, lookup),
        sectors=await _sectors(tx),
        indicators=await _indicators(tx, lookup),
        organisations=await _organisations(tx, lookup),
        providers=await _known_providers(tx, lookup),
    )


async def _areas(tx: Transaction, lookup: LookupKeys) -> list[Area]:
    codes, names = sorted(lookup.pcodes), sorted(lookup.area_names)
    rows = await tx.fetch(
        f"""
        select country, pcode, level, path, spellings, {LEVELS} as levels from area as a
        where (country, pcode) in (select * from unnest($1::text[], $2::text[]))
        union
        select country, pcode, level, path, spellings, {LEVELS} from area as a
        where spellings && $3::text[] and country = any($4::text[])
        """,  # noqa: S608  a constant of this module
        [country for country, _ in codes],
        [pcode for _, pcode in codes],
        [name for _, name in names],
        sorted({country for country, _ in names}),
    )
    return [_area(row) for row in rows]


def _area(row: Record) -> Area:
    levels = tuple(row["levels"]) if row["levels"] else None
    return Area(row["country"], row["pcode"], row["level"], tuple(row["path"]), frozenset(row["spellings"]), levels)


async def _sectors(tx: Transaction) -> dict[str, list[str]]:
    return {row["code"]: row["spellings"] for row in await tx.fetch("select code, spellings from sector")}


async def _indicators(tx: Transaction, lookup: LookupKeys) -> dict[str, str]:
    if not lookup.indicators:
        return {}
    rows = await tx.fetch("select code, sector from indicator where code = any($1)", sorted(lookup.indicators))
    return {row["code"]: row["sector"] for row in rows}


async def _organisations(tx: Transaction, lookup: LookupKeys) -> list[Organisation]:
    names = sorted(lookup.organisation_names)
    rows = await tx.fetch(
        """
        select id, status, spellings, acronyms from organisation
        where id = any($1::uuid[]) or spellings && $2::text[] or acronyms && $2::text[]
        """,
        sorted(lookup.organisation_ids),
        names,
    )
    return [
        Organisation(row["id"], row["status"], frozenset(row["spellings"]), frozenset(row["acronyms"])) for row in rows
    ]


async def _known_providers(tx: Transaction, lookup: LookupKeys) -> frozenset[UUID]:
    if not lookup.provider_ids:
        return frozenset()
    rows = await tx.fetch(
        "select id from provider_organisation where id = any($1::uuid[])", sorted(lookup.provider_ids)
    )
    return frozenset(row["id"] for row in rows)


async def areas_of(tx: Transaction, pcodes: Iterable[str], country: str | None = None) -> list[Area]:
    """Areas by P-code, in whatever country unless one is named."""
    rows = await tx.fetch(
        f"""
        select country, pcode, level, path, '{{}}'::text[] as spellings, {LEVELS} as levels from area as a
        where pcode = any($1::text[]) and ($2::text is null or country = $2)
        """,  # noqa: S608  a constant of this module
        sorted(pcodes),
        country,
    )
    return [_area(row) for row in rows]


async def sectors_below(tx: Transaction, code: str) -> list[str]:
    """The sector and the areas of responsibility below it."""
    rows = await tx.fetch("select code from sector where parent = $1 order by code", code)
    return [code, *(row["code"] for row in rows)]
