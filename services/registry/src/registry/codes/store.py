"""Writes of the code lists: whole lists at once, and only what differs."""

from collections.abc import Mapping, Sequence

from database import Transaction

from registry.codes.domain import Indicator, OrganisationType, Sector

ALIAS_END = "\x1f"
"""Joins the aliases of a row on their way into SQL; no text a user sends holds it."""

UPSERT_SECTORS = """
    insert into sector as known (code, names, aliases, parent, has_working_group)
    select code, names, coalesce(string_to_array(nullif(aliases, ''), $6), '{}'), parent, has_working_group
      from unnest($1::text[], $2::jsonb[], $3::text[], $4::text[], $5::bool[])
           as sent (code, names, aliases, parent, has_working_group)
     order by code
    on conflict (code) do update
       set names = excluded.names, aliases = excluded.aliases, parent = excluded.parent,
           has_working_group = excluded.has_working_group, version = known.version + 1
     where (known.names, known.aliases, known.parent, known.has_working_group)
           is distinct from (excluded.names, excluded.aliases, excluded.parent, excluded.has_working_group)
    returning code, version
"""


async def upsert_sectors(tx: Transaction, sectors: Sequence[Sector]) -> Mapping[str, int]:
    """Write what differs; the new version of each sector that changed."""
    rows = await tx.fetch(
        UPSERT_SECTORS,
        [sector.code for sector in sectors],
        [dict(sector.names) for sector in sectors],
        [ALIAS_END.join(sector.aliases) for sector in sectors],
        [sector.parent for sector in sectors],
        [sector.has_working_group for sector in sectors],
        ALIAS_END,
    )
    return {row["code"]: row["version"] for row in rows}


UPSERT_INDICATORS = """
    insert into indicator as known (code, sector, names, unit)
    select code, sector, names, unit
      from unnest($1::text[], $2::text[], $3::jsonb[], $4::text[]) as sent (code, sector, names, unit)
     order by code
    on conflict (code) do update
       set sector = excluded.sector, names = excluded.names, unit = excluded.unit, version = known.version + 1
     where (known.sector, known.names, known.unit) is distinct from (excluded.sector, excluded.names, excluded.unit)
    returning code, version
"""


async def upsert_indicators(tx: Transaction, indicators: Sequence[Indicator]) -> Mapping[str, int]:
    """Write what differs; the new version of each indicator that changed."""
    rows = await tx.fetch(
        UPSERT_INDICATORS,
        [indicator.code for indicator in indicators],
        [indicator.sector for indicator in indicators],
        [dict(indicator.names) for indicator in indicators],
        [indicator.unit for indicator in indicators],
    )
    return {row["code"]: row["version"] for row in rows}


UPSERT_TYPES = """
    insert into organisation_type as known (code, names)
    select code, names from unnest($1::text[], $2::jsonb[]) as sent (code, names) order by code
    on conflict (code) do update set names = excluded.names, version = known.version + 1
     where known.names is distinct from excluded.names
"""


async def upsert_organisation_types(tx: Transaction, types: Sequence[OrganisationType]) -> None:
    await tx.execute(UPSERT_TYPES, [kind.code for kind in types], [dict(kind.names) for kind in types])


async def unknown_sectors(tx: Transaction, codes: Sequence[str]) -> list[str]:
    """Those of the codes that are no sector, in their order."""
    rows = await tx.fetch(
        """
        select code from unnest($1::text[]) with ordinality as sent (code, place)
         where not exists (select from sector where sector.code = sent.code) order by place
        """,
        codes,
    )
    return [row["code"] for row in rows]


async def is_organisation_type(tx: Transaction, code: str) -> bool:
    return bool(await tx.fetchval("select exists (select from organisation_type where code = $1)", code))


async def take_shipped(tx: Transaction, name: str, digest: bytes) -> bool:
    """Note that this edition of a shipped list is loaded; false when it already was."""
    taken = await tx.fetchval(
        """
        insert into shipped_list as known (name, digest) values ($1, $2)
        on conflict (name) do update set digest = excluded.digest, loaded_at = now()
         where known.digest <> excluded.digest
        returning true
        """,
        name,
        digest,
    )
    return bool(taken)
