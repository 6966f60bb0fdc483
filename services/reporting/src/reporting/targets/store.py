"""Keeping targets: each statement takes a whole batch and only what is newer."""

from collections.abc import Sequence

from contracts.activities import TargetChanged
from contracts.event import newest
from contracts.places import by_level
from database import Transaction

from reporting.counting.domain import ALL_GROUPS


async def keep_targets(tx: Transaction, events: Sequence[TargetChanged]) -> None:
    """A withdrawn target stays with its version, so that an older state that comes late does not bring it back."""
    states = newest(events)
    await tx.execute(
        """
        insert into target as held
               (id, version, country, area, path, sector, indicator, population_group, month_from, month_to, unit,
                value)
        select t.id, t.version, t.country, t.area, string_to_array(t.path, '/'), t.sector, t.indicator,
               t.population_group, t.month_from, t.month_to, t.unit, t.value
          from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                      $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[])
               as t (id, version, country, area, path, sector, indicator, population_group, month_from, month_to,
                     unit, value)
        on conflict (id) do update
        set version = excluded.version, path = excluded.path, unit = excluded.unit, value = excluded.value
        where held.version < excluded.version
        """,
        [state.id for state in states],
        [state.version for state in states],
        [state.country for state in states],
        [state.area for state in states],
        ["/".join(by_level(state.area_path, state.area_levels)) for state in states],
        [state.sector for state in states],
        [state.indicator or "" for state in states],
        [state.population_group.value if state.population_group else ALL_GROUPS for state in states],
        [state.month_from for state in states],
        [state.month_to for state in states],
        [state.unit for state in states],
        [state.value for state in states],
    )
