"""Looking up the registry's facts for a batch of reports, and for a list's filter."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from database import Transaction

from activities.reference.domain import Area, LookupKeys, Organisation, Reference

LEVELS = """case when cardinality(a.path) <> a.level + 1 then array(
    select coalesce(up.level, p.step - 1)::smallint
      from unnest(a.path) with ordinality as p (pcode, step)
      left join area as up on up.country = a.country and up.pcode = p.pcode
     order by p.step) end"""
"""Level of each area on the path of an area `a`, where one is skipped."""


REFERENCE = f"""
    select (select json_agg(json_build_array(country, pcode, level, path, spellings, {LEVELS}))
              from (select area.* from unnest($1::text[], $2::text[]) as asked (country, pcode)
                      join area using (country, pcode)
                     union all
                    select * from area where spellings && $3::text[] and country = any($4::text[])) as a) as areas,
           (select json_object_agg(code, spellings) from sector) as sectors,
           (select json_object_agg(code, sector) from indicator where code = any($5::text[])) as indicators,
           (select json_agg(json_build_array(id, status, spellings, acronyms, issuers, codes, merged_into))
              from organisation
             where id = any($6::uuid[]) or spellings && $7::text[] or acronyms && $7::text[] or codes && $7::text[]
           ) as organisations,
           array(select id from provider_organisation where id = any($8::uuid[])) as providers
"""  # noqa: S608  a constant of this module


async def reference_for(tx: Transaction, lookup: LookupKeys) -> Reference:
    """All a batch names, with one statement."""
    codes, names = sorted(lookup.pcodes), sorted(lookup.area_names)
    row = await tx.fetchrow(
        REFERENCE,
        [country for country, _ in codes],
        [pcode for _, pcode in codes],
        [name for _, name in names],
        sorted({country for country, _ in names}),
        sorted(lookup.indicators),
        sorted(lookup.organisation_ids),
        sorted(lookup.organisation_names),
        sorted(lookup.provider_ids),
    )
    assert row is not None
    return Reference(
        areas=[_area(*each) for each in row["areas"] or ()],
        sectors=row["sectors"] or {},
        indicators=row["indicators"] or {},
        organisations=[
            Organisation(
                UUID(id),
                status,
                frozenset(spellings),
                frozenset(acronyms),
                frozenset(zip(issuers, codes, strict=True)),
                UUID(merged_into) if merged_into else None,
            )
            for id, status, spellings, acronyms, issuers, codes, merged_into in row["organisations"] or ()
        ],
        providers=frozenset(row["providers"]),
    )


def _area(
    country: str, pcode: str, level: int, path: Sequence[str], spellings: Sequence[str], levels: Sequence[int] | None
) -> Area:
    return Area(country, pcode, level, tuple(path), frozenset(spellings), tuple(levels) if levels else None)


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
    return [_area(*row) for row in rows]


async def sectors_below(tx: Transaction, code: str) -> list[str]:
    """The sector and the areas of responsibility below it."""
    rows = await tx.fetch("select code from sector where parent = $1 order by code", code)
    return [code, *(row["code"] for row in rows)]
