"""Reading withdrawals: what a file's were, what one that replaces lacks, and what reports go back to."""

# ruff: noqa: S608  constants of this module

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from database import Record, Transaction
from runtime.access import Reader
from runtime.arguments import Arguments

from activities.withdrawals.domain import MissingReports, Withdrawal
from activities.withdrawals.reach import CHANGEABLE, FIRST_MADE, IS_WITHDRAWN, MISSING

LATEST = 20
LISTED = 20
DONE = "done"
WHOLES = 100


def _missing(reader: Reader, upload: UUID) -> tuple[str, list[object]]:
    """What of the file's whole it does not hold, as far as the reader may take it back, and the arguments of that."""
    given = Arguments(reader)
    given.put(upload)
    return MISSING.format(mine=given.visible(CHANGEABLE)), given.all


async def missing_from(tx: Transaction, reader: Reader, upload: UUID) -> MissingReports:
    """How many reports it does not hold, and a digest of which, in which versions."""
    missing, arguments = _missing(reader, upload)
    row = await tx.fetchrow(
        f"""
        select count(*) as count, md5(coalesce(string_agg(r.id || ':' || r.version, ',' order by r.id), '')) as digest
        from {missing}
        """,
        *arguments,
    )
    assert row is not None, "an aggregate has one row"
    return MissingReports(row["count"], row["digest"])


async def missing_reports(tx: Transaction, reader: Reader, upload: UUID) -> list[dict[str, Any]]:
    """The first of them, newest month first."""
    missing, arguments = _missing(reader, upload)
    rows = await tx.fetch(
        f"""
        select r.id, r.version, r.stage, r.external_id, r.organisation_id, r.sector, r.month, r.area, r.people_total
        from {missing}
        order by r.month desc, r.id limit {LISTED}
        """,
        *arguments,
    )
    return [dict(row) for row in rows]


async def replacing(tx: Transaction, reader: Reader, upload: Mapping[str, Any]) -> dict[str, Any]:
    """What a file that replaces is the whole of, and what stands of that without being in it."""
    counted, wholes = await wholes_of(tx, upload["id"])
    told = {
        "whole_of": wholes,
        "whole_of_count": counted,
        "rejected_rows": upload["counts"].get("rejected", 0),
        "passed_over_sheets": sum("reason" in sheet for sheet in upload["sheets"]),
        "missing": None,
        "digest": None,
        "reports": [],
    }
    if upload["state"] != DONE:
        return told
    missing = await missing_from(tx, reader, upload["id"])
    reports = await missing_reports(tx, reader, upload["id"])
    return {**told, "missing": missing.count, "digest": missing.digest, "reports": reports}


async def wholes_of(tx: Transaction, upload: UUID) -> tuple[int, list[dict[str, Any]]]:
    """Of which organisations, sectors and months it is the whole: how many, and the first of them."""
    rows = await tx.fetch(
        f"""
        select country, organisation_id, sector, month, count(*) over () as counted from upload_whole
        where upload_id = $1 order by month desc, sector, organisation_id, country limit {WHOLES}
        """,
        upload,
    )
    return (rows[0]["counted"] if rows else 0), [
        {name: row[name] for name in ("country", "organisation_id", "sector", "month")} for row in rows
    ]


async def withdrawals_of(tx: Transaction, upload: UUID) -> list[Withdrawal]:
    """Those of a file, the latest first."""
    rows = await tx.fetch("select * from withdrawal where upload_id = $1 order by withdrawn_at desc, id desc", upload)
    return [Withdrawal.of(dict(row)) for row in rows]


async def withdrawals_shown(tx: Transaction, upload: UUID) -> list[dict[str, Any]]:
    """As they are told: what became of how many reports, the latest first."""
    rows = await tx.fetch(
        f"""
        select w.*, (
            select coalesce(jsonb_object_agg(outcome, counted), '{{}}')
            from (select outcome, count(*) as counted from withdrawn_report where withdrawal_id = w.id group by 1) as c
        ) as counts
        from (
            select * from withdrawal where upload_id = $1 order by withdrawn_at desc, id desc limit {LATEST}
        ) as w
        order by w.withdrawn_at desc, w.id desc
        """,
        upload,
    )
    return [_as_object(row) for row in rows]


OUTCOMES = ("withdrawn", "put_back", "left", "restored", "open")


def _as_object(row: Record) -> dict[str, Any]:
    names = ("id", "kind", "state", "reason", "withdrawn_at", "withdrawn_by_role", "restored_at", "restored_by_role")
    counts = {name: row["counts"].get(name, 0) for name in OUTCOMES}
    return {**{name: row[name] for name in names}, "counts": {"reports": sum(counts.values()), **counts}}


async def goes_back(tx: Transaction, withdrawal: Withdrawal, ids: Sequence[UUID]) -> dict[UUID, int | None]:
    """Of locked reports that still say what the file said: the version they go back to, none where it made them."""
    return {row["id"]: row["back"] for row in await tx.fetch(GOES_BACK, withdrawal.upload_id, list(ids))}


# What was sent in a file that is withdrawn by now is nothing to go back to.
GOES_BACK = f"""
select r.id, (
    select v.version from report_version as v
    where (v.country, v.organisation_id, v.report_id) = (r.country, r.organisation_id, r.id)
      and v.version < {FIRST_MADE} and not {IS_WITHDRAWN.format("(v.row ->> 'upload_id')::uuid")}
    order by v.version desc limit 1
) as back
from report as r
where r.id = any($2::uuid[]) and r.stage <> 'withdrawn'
  and (r.upload_id = $1::uuid or {IS_WITHDRAWN.format("r.upload_id")})
"""


async def unchanged_since(tx: Transaction, versions: Mapping[UUID, int]) -> set[UUID]:
    """Of locked reports those that still have these versions and are not withdrawn."""
    rows = await tx.fetch(
        """
        select r.id from unnest($1::uuid[], $2::bigint[]) as g (id, version)
        join report as r on r.id = g.id and r.version = g.version
        where r.stage <> 'withdrawn'
        """,
        list(versions),
        list(versions.values()),
    )
    return {row["id"] for row in rows}


async def still_of(tx: Transaction, withdrawal: Withdrawal, ids: Sequence[UUID]) -> set[UUID]:
    """Of locked reports those that nothing else was sent of since the withdrawal."""
    rows = await tx.fetch(
        "select id from report where id = any($1::uuid[]) and withdrawal_id = $2", list(ids), withdrawal.id
    )
    return {row["id"] for row in rows}
