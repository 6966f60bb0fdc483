"""Reports and targets whose place was told wrongly: raised by a version, told again, and struck off."""

# ruff: noqa: S608  names of the tables of columns

from database import Record, Transaction

from activities.reviews.store import KEPT
from activities.targets.domain import Key

AT_ONCE = 500


async def take_reports(tx: Transaction) -> list[Record]:
    """The next reports as they stand from now on."""
    return await tx.fetch(REPORTS, MENDED_BY, AT_ONCE)


async def take_targets(tx: Transaction) -> list[Record]:
    """The next targets as they stand from now on."""
    return await tx.fetch(TARGETS, MENDED_BY, AT_ONCE)


MENDED_BY = "tansiq"
"""Who replaced the version before, as the history says it: nobody, the platform did."""

_TAKEN = """
with taken as (
    delete from mislevelled as m
     using (select noun, id from mislevelled where noun = '{noun}' order by id limit $2 for update skip locked) as next
     where (m.noun, m.id) = (next.noun, next.id)
    returning m.id
)"""

REPORTS = f"""{_TAKEN.format(noun="report")}, moved as (
    update report as held set version = held.version + 1
      from taken where held.id = taken.id
{KEPT}
"""

_KEY = ", ".join(f"new.{name}" for name in Key._fields)
TARGETS = f"""{_TAKEN.format(noun="target")}, raised as (
    update target as held set version = held.version + 1
      from taken where held.id = taken.id
    returning {_KEY}, new.id, new.version, new.area_path, new.area_levels, new.unit, new.value,
              old.version as replaced_version, old.value as replaced_value, old.unit as replaced_unit,
              old.set_by as replaced_set_by, old.set_at as replaced_set_at
), kept as (
    insert into target_version (country, target_id, version, value, unit, set_by, set_at, replaced_by)
    select country, id, replaced_version, replaced_value, replaced_unit, replaced_set_by, replaced_set_at, $1
      from raised
)
select {", ".join(Key._fields)}, id, version, area_path, area_levels, unit, value from raised
"""
