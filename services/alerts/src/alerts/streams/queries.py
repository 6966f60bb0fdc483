"""Which of those who listen may see an alert and asked for it, and what one of them has missed."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from database import Record, Transaction

from alerts.alerts.visibility import NOT_SUSPENDED, VISIBLE, WANTED
from alerts.streams.domain import Listener

MOST_REPLAYED = 1000
REPLAYED = "24 hours"

_LISTENERS = """jsonb_to_recordset($1::jsonb) as r (place int, role text, organisations uuid[], subject text,
    areas text[], sectors text[], wanted_country text, wanted_areas text[], wanted_sectors text[],
    wanted_severities text[], wanted_statuses text[])"""
_HEARS = f"{WANTED} and {VISIBLE} and {NOT_SUSPENDED}"


async def position(tx: Transaction) -> int:
    """The number of the newest alert that can be seen."""
    number: int = await tx.fetchval("select last from alert_counter")
    return number


async def recipients_of(tx: Transaction, ids: Sequence[UUID], listeners: Sequence[Listener]) -> dict[int, list[int]]:
    """Places of the listeners who are told of each of these alerts, by the alert's number.

    Of one that was superseded before it was handed out nobody is: what took its place follows.
    """
    rows = [listener.as_row(place) for place, listener in enumerate(listeners)]
    found: dict[int, list[int]] = {}
    sql = (
        f"select a.number, r.place from alert as a cross join {_LISTENERS}"
        f" where a.id = any($2::uuid[]) and a.superseded_by is null and {_HEARS}"
    )
    for row in await tx.fetch(sql, rows, list(ids)):
        found.setdefault(row["number"], []).append(row["place"])
    return found


async def missed(tx: Transaction, listener: Listener, number: int) -> tuple[list[dict[str, Any]], bool]:
    """Alerts behind the number, oldest first, with `id` and `recorded_at`; and whether some are too old or too many.

    Not those that were superseded meanwhile: who hears of one hears of what took its place.
    """
    sql = f"""
        select a.id, a.number, a.recorded_at, a.recorded_at > now() - interval '{REPLAYED}' as recent
          from alert as a cross join {_LISTENERS}
         where a.number > $2 and a.superseded_by is null and {_HEARS}
         order by a.number desc limit {MOST_REPLAYED + 1}"""
    rows: list[Record] = await tx.fetch(sql, [listener.as_row(0)], number)
    kept = [dict(row) for row in rows[:MOST_REPLAYED] if row["recent"]]
    return kept[::-1], len(kept) < len(rows)
