"""Writes of scopes."""

from collections.abc import Mapping, Sequence

from database import Transaction

from registry.scopes.domain import Scope

UPSERT = """
    insert into scope as known (country, code, names, areas, active_from, time_zone)
    select country, code, names, string_to_array(areas, ' '), active_from, time_zone
      from unnest($1::text[], $2::text[], $3::jsonb[], $4::text[], $5::date[], $6::text[])
           as sent (country, code, names, areas, active_from, time_zone)
     order by country, code
    on conflict (country, code) do update
       set names = excluded.names, areas = excluded.areas, active_from = excluded.active_from,
           time_zone = excluded.time_zone, version = known.version + 1
     where (known.names, known.areas, known.active_from, known.time_zone)
           is distinct from (excluded.names, excluded.areas, excluded.active_from, excluded.time_zone)
    returning code, version
"""


async def upsert_scopes(tx: Transaction, scopes: Sequence[Scope]) -> Mapping[str, int]:
    """Write what differs; the new version of each scope that changed."""
    rows = await tx.fetch(
        UPSERT,
        [scope.country for scope in scopes],
        [scope.code for scope in scopes],
        [dict(scope.names) for scope in scopes],
        [" ".join(scope.areas) for scope in scopes],
        [scope.active_from for scope in scopes],
        [scope.time_zone for scope in scopes],
    )
    return {row["code"]: row["version"] for row in rows}
