"""Reports that are mended: raised by a version, told again, and struck off."""

# ruff: noqa: S608  names of the tables of columns

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from database import Record, Transaction

from activities.reports.sectors import SPEAKING_FIELDS
from activities.reviews.store import KEPT

AT_ONCE = 500


async def take_reports(tx: Transaction) -> list[Record]:
    """The next reports as they stand from now on."""
    return await tx.fetch(REPORTS, MENDED_BY, AT_ONCE)


MENDED_BY = "tansiq"
"""Who replaced the version before, as the history says it: nobody, the platform did."""

REPORTS = f"""
with taken as (
    delete from mislevelled as m
     using (select noun, id from mislevelled where noun = 'report' order by id limit $2 for update skip locked) as next
     where (m.noun, m.id) = (next.noun, next.id)
    returning m.id
), moved as (
    update report as held set version = held.version + 1
      from taken where held.id = taken.id
{KEPT}
"""

NOT_KEPT = frozenset({"adm4", "adm4_name", "sector_name", "area_of_responsibility"})
"""Fields that are read and not stored as they were sent."""
SPEAKING = tuple(name for name in SPEAKING_FIELDS if name not in NOT_KEPT)
"""Columns whose text may say what makes a report severe."""


@dataclass(frozen=True)
class EditionPass:
    """Reports that are gone through once for each edition of a rule: where that is noted, and which are next."""

    table: str
    next: str


async def lock_next(tx: Transaction, work: EditionPass, edition: int) -> list[Record]:
    """The next reports that this edition has not gone through, by id."""
    await tx.execute(f"insert into {work.table} (edition) values ($1) on conflict do nothing", edition)
    behind = await tx.fetchval(f"select behind from {work.table} where edition = $1 and not done for update", edition)
    return [] if behind is None else await tx.fetch(work.next, behind, AT_ONCE)


async def note_done(tx: Transaction, work: EditionPass, edition: int, last: UUID | None) -> None:
    """Where it goes on; all is done when there was no more."""
    await tx.execute(
        f"update {work.table} set behind = coalesce($2, behind), done = $2 is null where edition = $1 and not done",
        edition,
        last,
    )


async def give_keys(tx: Transaction, keys: Mapping[UUID, str]) -> list[Record]:
    """These reports as they stand from now on."""
    return await tx.fetch(KEYED, MENDED_BY, list(keys), list(keys.values()))


class ReportKeys(NamedTuple):
    """What of a report follows from its names, by the columns it stands in."""

    unit_key: str
    content: bytes
    implementer_id: UUID | None


async def give_contents(tx: Transaction, contents: Mapping[UUID, bytes]) -> None:
    """Have these reports found by what they say; nothing else is said."""
    await tx.execute(
        "update report set content = g.content from unnest($1::uuid[], $2::bytea[]) as g (id, content)"
        " where report.id = g.id",
        list(contents),
        list(contents.values()),
    )


async def versions_of(tx: Transaction, reports: Sequence[UUID]) -> list[Record]:
    """What these reports said before, and whose they are now."""
    return await tx.fetch(BEFORE, reports)


async def key_versions(tx: Transaction, keyed: Sequence[tuple[Record, ReportKeys]]) -> None:
    """Keep the versions under these keys."""
    names = ("country", "kept_under", "id", "version")
    rows = [[row[name] for row, _ in keyed] for name in names]
    keys = [[getattr(keys, name) for _, keys in keyed] for name in ReportKeys._fields]
    await tx.execute(KEYED_BEFORE, *rows, *keys)


async def keep_provider(tx: Transaction, old: UUID, new: UUID) -> None:
    """The name of a provider under another id too."""
    await tx.execute(
        """
        insert into provider_organisation (id, acronym, name)
        select $2, acronym, name from provider_organisation where id = $1
        on conflict do nothing
        """,
        old,
        new,
    )


async def move_reports(tx: Transaction, old: UUID, new: UUID) -> list[Record]:
    """The reports of this provider, and those that name it as the implementer, as they stand under its other id.

    One whose organisation's own id stands there already stays where it is.
    """
    moved = await tx.fetch(MOVED, MENDED_BY, old, new)
    ids = [row["id"] for row in moved]
    await tx.execute(
        "update report_version set organisation_id = $2 where report_id = any($3) and organisation_id = $1",
        old,
        new,
        ids,
    )
    for table, key in MET.items():
        await tx.execute(UNMET.format(table=table, key=key), old, new)
    implemented = await tx.fetch(IMPLEMENTED, MENDED_BY, old, new)
    return list({row["id"]: row for row in (*moved, *implemented)}.values())


async def raise_to_severe(tx: Transaction, ids: Sequence[UUID]) -> list[Record]:
    """These reports as they stand from now on."""
    return await tx.fetch(SEVERE, MENDED_BY, list(ids))


UNJUDGED = f"""
select id, {", ".join(SPEAKING)},
       array(select jsonb_object_keys(measured_outputs)) as measured,
       array(select value from jsonb_each_text(as_written)) as written from report
 where id > $1 and sensitivity <> 'severe' and sensitivity_by is null
 order by id limit $2
   for no key update
"""
SEVERE = f"""
with moved as (
    update report as held
       set version = held.version + 1, sensitivity = 'severe', flags = held.flags || '{{severe_by_meaning}}'::text[]
     where held.id = any($2::uuid[])
{KEPT}
"""
MOVED = f"""
with moved as (
    update report as held set version = held.version + 1, organisation_id = $3
     where held.organisation_id = $2
       and not exists (
           select from report as other
            where (other.country, other.organisation_id, other.identity) = (held.country, $3, held.identity)
       )
{KEPT}
"""
IMPLEMENTED = f"""
with moved as (
    update report as held set version = held.version + 1, implementer_id = $3 where held.implementer_id = $2
{KEPT}
"""
MET = {"upload_met": "country, upload_id, identity", "upload_whole": "country, upload_id, sector, month"}
"""What files that are being read have met, by the rest of its key."""
UNMET = """
update {table} as met set organisation_id = $2
 where organisation_id = $1 and ({key}) not in (select {key} from {table} where organisation_id = $2)
"""
UNKEYED = "select * from report where id > $1 order by id limit $2 for no key update"
BEFORE = """
select v.organisation_id as kept_under, was.*
  from unnest($1::uuid[]) as r (id)
  join report using (id)
  join report_version as v
    on (v.country, v.organisation_id, v.report_id) = (report.country, report.organisation_id, report.id)
 cross join lateral jsonb_populate_record(null::report, v.row) as was
"""
KEYED_BEFORE = """
update report_version as v
   set row = row || jsonb_build_object('unit_key', k.unit_key, 'content', k.content, 'implementer_id', k.implementer_id)
  from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::bytea[], $7::uuid[])
    as k (country, organisation_id, report_id, version, unit_key, content, implementer_id)
 where (v.country, v.organisation_id, v.report_id, v.version) = (k.country, k.organisation_id, k.report_id, k.version)
"""
KEYED = f"""
with moved as (
    update report as held set version = held.version + 1, unit_key = given.unit_key
      from unnest($2::uuid[], $3::text[]) as given (id, unit_key) where held.id = given.id
{KEPT}
"""

JUDGING = EditionPass("judging", UNJUDGED)
"""Whether what a report says makes it severe, unless somebody set its level."""
IDENTIFYING = EditionPass(
    "provider_rekeying", "select id, acronym, name from provider_organisation where id > $1 order by id limit $2"
)
"""The id of a name nobody has resolved."""
KEYING = EditionPass("rekeying", UNKEYED)
"""What of a report follows from how its names fold."""
