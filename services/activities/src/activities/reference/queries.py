"""Looking up the registry's facts for a batch of reports, and for a list's filter."""

from collections.abc import Iterable
from uuid import UUID

from database import Transaction

from activities.reference.domain import Area, Organisation, Reference, Wanting


async def reference_for(tx: Transaction, wanting: Wanting) -> Reference:
    """All a batch names, one statement a noun."""
    return Reference(
        areas=await _areas(tx, wanting),
        sectors=await _sectors(tx),
        indicators=await _indicators(tx, wanting),
        organisations=await _organisations(tx, wanting),
        providers=await _known_providers(tx, wanting),
    )


async def _areas(tx: Transaction, wanting: Wanting) -> list[Area]:
    codes, names = sorted(wanting.pcodes), sorted(wanting.area_names)
    rows = await tx.fetch(
        """
        select country, pcode, level, path, spellings from area
        where (country, pcode) in (select * from unnest($1::text[], $2::text[]))
        union
        select country, pcode, level, path, spellings from area
        where spellings && $3::text[] and country = any($4::text[])
        """,
        [country for country, _ in codes],
        [pcode for _, pcode in codes],
        [name for _, name in names],
        sorted({country for country, _ in names}),
    )
    return [
        Area(row["country"], row["pcode"], row["level"], tuple(row["path"]), frozenset(row["spellings"]))
        for row in rows
    ]


async def _sectors(tx: Transaction) -> dict[str, list[str]]:
    return {row["code"]: row["spellings"] for row in await tx.fetch("select code, spellings from sector")}


async def _indicators(tx: Transaction, wanting: Wanting) -> dict[str, str]:
    if not wanting.indicators:
        return {}
    rows = await tx.fetch("select code, sector from indicator where code = any($1)", sorted(wanting.indicators))
    return {row["code"]: row["sector"] for row in rows}


async def _organisations(tx: Transaction, wanting: Wanting) -> list[Organisation]:
    names = sorted(wanting.organisation_names)
    rows = await tx.fetch(
        """
        select id, status, spellings, acronyms from organisation
        where id = any($1::uuid[]) or spellings && $2::text[] or acronyms && $2::text[]
        """,
        sorted(wanting.organisation_ids),
        names,
    )
    return [
        Organisation(row["id"], row["status"], frozenset(row["spellings"]), frozenset(row["acronyms"])) for row in rows
    ]


async def _known_providers(tx: Transaction, wanting: Wanting) -> frozenset[UUID]:
    if not wanting.provider_ids:
        return frozenset()
    rows = await tx.fetch(
        "select id from provider_organisation where id = any($1::uuid[])", sorted(wanting.provider_ids)
    )
    return frozenset(row["id"] for row in rows)


async def areas_of(tx: Transaction, pcodes: Iterable[str], country: str | None = None) -> list[Area]:
    """Areas by P-code, in whatever country unless one is named."""
    rows = await tx.fetch(
        """
        select country, pcode, level, path from area
        where pcode = any($1::text[]) and ($2::text is null or country = $2)
        """,
        sorted(pcodes),
        country,
    )
    return [Area(row["country"], row["pcode"], row["level"], tuple(row["path"]), frozenset()) for row in rows]


async def sectors_below(tx: Transaction, code: str) -> list[str]:
    """The sector and the areas of responsibility below it."""
    rows = await tx.fetch("select code from sector where parent = $1 order by code", code)
    return [code, *(row["code"] for row in rows)]
