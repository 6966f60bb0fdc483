"""Writing alerts, and the locks on those they supersede."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from database import Record, Transaction, insert_row
from runtime.access import Principal

from alerts.alerts.chain import Chain
from alerts.alerts.domain import Alert, sender_of


async def lock_identifier(tx: Transaction, identifier: str) -> None:
    """One writer per identifier, also across countries."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", identifier)


async def paths_of(tx: Transaction, country: str, areas: Sequence[str]) -> dict[str, list[str]]:
    """P-codes from the country down to each of the areas that are known."""
    rows = await tx.fetch(
        "select pcode, path from area where country = $1 and pcode = any($2::text[])", country, list(areas)
    )
    return {row["pcode"]: row["path"] for row in rows}


async def unknown_sectors(tx: Transaction, sectors: Sequence[str]) -> list[str]:
    rows = await tx.fetch(
        "select s.code from unnest($1::text[]) as s (code) where not exists (select from sector where code = s.code)",
        list(sectors),
    )
    return [row["code"] for row in rows]


async def unknown_organisations(tx: Transaction, ids: Sequence[UUID]) -> list[UUID]:
    rows = await tx.fetch(
        "select o.id from unnest($1::uuid[]) as o (id) where not exists (select from organisation where id = o.id)",
        list(ids),
    )
    return [row["id"] for row in rows]


async def lock_alerts(tx: Transaction, identifiers: Sequence[str]) -> list[Record]:
    """The published alerts of these identifiers, in order of their ids."""
    return await tx.fetch(
        """
        select id, identifier, sender, sent, status, message_type, scope, addresses, organisation_id, superseded_by,
               supersedes, chain_areas, chain_within
          from alert where identifier = any($1::text[]) and status <> 'Draft' order by id for update
        """,
        list(identifiers),
    )


async def supersede(tx: Transaction, ids: Sequence[UUID], by: UUID) -> None:
    """What was superseded before stays so by what did it: from each message the end of its chain can be walked to."""
    await tx.execute(
        "update alert set superseded_by = $2 where id = any($1::uuid[]) and superseded_by is null", list(ids), by
    )


async def next_number(tx: Transaction) -> int:
    """The next number of a published alert. Others who issue wait until `tx` ends: numbers appear in their order."""
    number: int = await tx.fetchval("update alert_counter set last = last + 1 returning last")
    return number


async def notify_waiting(tx: Transaction) -> None:
    """Wake the streams and the worker that sends, once `tx` commits. One notification a transaction."""
    await tx.execute("select pg_notify($1, '')", CHANNEL)


CHANNEL = "alerts"
"""Hints at a new alert. Whoever listens looks by themselves as well: a hint may be lost."""


async def insert_alert(
    tx: Transaction,
    id: UUID,
    alert: Alert,
    sender: Principal,
    *,
    number: int | None,
    content: bytes,
    within: Sequence[str],
    chain: Chain,
    now: datetime,
) -> None:
    row = {name: getattr(alert, name) for name in AS_ISSUED} | {
        "id": id,
        "version": 1,
        "content": content,
        "sender": sender_of(sender),
        "organisation_id": sender.organisation_id,
        "issued_by": sender.subject,
        "recorded_at": now,
        "cap_references": alert.references,
        "info": {language: asdict(text) for language, text in alert.info.items()},
        "within": within,
        "number": number,
        "supersedes": chain.supersedes,
        "chain_areas": sorted({*chain.areas, *alert.areas}),
        "chain_within": sorted({*chain.within, *within}),
    }
    await insert_row(tx, "alert", row)


AS_ISSUED = (
    "country", "identifier", "sent", "status", "message_type", "scope", "restriction", "addresses", "categories",
    "response_types", "urgency", "severity", "certainty", "effective", "onset", "expires", "sectors", "areas",
    "polygons", "circles", "area_description", "override_reason",
)  # fmt: skip
"""Columns that hold what the alert says under the same name."""
