"""Reading alerts, as far as the reader may: which rows, and which fields of a row, is decided in the SQL."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.alerts import ALERT_ROWS, AlertFilter
from contracts.sensitivity import Sensitivity
from database import Record, Transaction
from runtime.access import Principal, Role
from runtime.changes import CHANGED_IN, GONE, Span, changed
from runtime.listing import Page, Part

from alerts.alerts.domain import sender_of
from alerts.alerts.visibility import CHAIN_MEETS_HUB, READER, VISIBLE, concerns
from alerts.alerts.visibility import GUARDED as _GUARDED

COLUMNS = ALERT_ROWS.columns
GUARDED = tuple(name for name, level in ALERT_ROWS.levels.items() if not Sensitivity.MODERATE.allows(level))
"""Fields above moderate: only for the sender, a coordinator in whose scope the alert lies, and the secretariat."""


async def alerts(
    tx: Transaction,
    reader: Principal,
    asked: AlertFilter,
    now: datetime,
    part: Part,
) -> Page:
    """The alerts that match, newest first."""
    sent, id = part.behind or (None, None)
    arguments = (
        *_asked(reader, asked, now),
        datetime.fromisoformat(str(sent)) if sent else None,
        UUID(str(id)) if id else None,
        part.first + 1,
    )
    statement, given = part.asked(LIST, arguments, {"country": 8, "area": 9})
    return part.page([dict(row) for row in await tx.fetch(statement, *given)], ALERT_ROWS.sort)


async def changed_alerts(
    tx: Transaction, reader: Principal, asked: AlertFilter, now: datetime, span: Span
) -> list[Mapping[str, Any]]:
    """Alerts of a span that match: issued in it, or superseded. One that is no longer as active as was asked for is
    gone; that time runs out is no change, but stands in `expires`.
    """
    rows = await tx.fetch(CHANGED, *_asked(reader, asked, now), *span.arguments, span.first + 1, span.from_the_start)
    return [dict(row) for row in rows]


def _asked(reader: Principal, asked: AlertFilter, now: datetime) -> tuple[object, ...]:
    """The first arguments of both questions."""
    return (
        *_reader(reader),
        now,
        asked.id,
        asked.country,
        asked.area,
        *([value] if value else [] for value in (asked.sector, asked.severity)),
        asked.status or "",
        asked.active,
        asked.sent_since,
    )


async def alert(tx: Transaction, reader: Principal, id: UUID, now: datetime) -> Mapping[str, Any] | None:
    row = await tx.fetchrow(ONE, *_reader(reader), now, id)
    return dict(row) if row else None


async def ends_of(tx: Transaction, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Identifier of the last message of the chain of each of these alerts, which are not last themselves."""
    return {row["id"]: row["identifier"] for row in await tx.fetch(ENDS, list(ids))}


async def alert_by_identifier(tx: Transaction, identifier: str) -> Record | None:
    """The alert of this identifier, whoever may see it."""
    return await tx.fetchrow("select id, sender, content from alert where identifier = $1", identifier)


async def visible_among(tx: Transaction, reader: Principal, ids: Sequence[UUID]) -> set[UUID]:
    rows = await tx.fetch(AMONG, *_reader(reader), list(ids))
    return {row["id"] for row in rows}


async def told(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is told of these alerts, to those who may see them, by id."""
    rows = await tx.fetch(f"{_TOLD} where a.id = any($1::uuid[])", list(ids))
    return {row["id"]: dict(row) for row in rows}


async def told_behind(tx: Transaction, number: int, *, most: int) -> list[dict[str, Any]]:
    """What is told of the published alerts behind this number, whoever may see them, in their order."""
    rows = await tx.fetch(f"{_TOLD} where a.number > $1 order by a.number limit $2", number, most)
    return [dict(row) for row in rows]


def looked_at(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], reader: Principal) -> list[UUID]:
    """Others' alerts of which these rows show a guarded field."""
    guarded, own = [name for name in columns if name in GUARDED], sender_of(reader)
    return [row["id"] for row in rows if row["sender"] != own and any(row[name] not in (None, []) for name in guarded)]


def _reader(reader: Principal) -> tuple[object, ...]:
    return reader.role.value, reader.organisation_id, reader.subject, list(reader.areas), list(reader.sectors)


_ACTIVE = """(a.status <> 'Draft' and a.message_type <> 'Cancel' and a.superseded_by is null
             and (a.expires is null or a.expires > $6::timestamptz))"""

_SHOWN = f"""
select a.country, a.id, a.identifier, a.version, a.sender, a.organisation_id, o.names as organisation_names, a.sent,
       a.status, a.status in ('Exercise', 'Test') as drill, a.message_type, a.scope, a.restriction, a.addresses,
       a.cap_references as references, a.supersedes, a.superseded_by, {_ACTIVE} as active, a.categories,
       a.response_types, a.urgency, a.severity, a.certainty, a.effective, a.onset, a.expires, a.info, a.sectors,
       a.areas,
       case when guard.whole then a.polygons end as polygons, case when guard.whole then a.circles end as circles,
       case when guard.whole then a.area_description end as area_description,
       case when guard.whole then a.override_reason end as override_reason"""
_FROM = f"""
  from alert as a
  left join organisation as o on o.id = a.organisation_id
 cross join {READER} as r
 cross join lateral (select {_GUARDED} as whole) as guard"""
_ROW = _SHOWN + _FROM

_AREAS = "case when $9::text is null then '{}' else array[$9::text] end"
_MATCHING = f"""
   {VISIBLE}
   and (r.role <> '{Role.HUB}' or r.organisation_id is not null or {CHAIN_MEETS_HUB})
   and case when $12::text = 'Draft' then a.status = 'Draft' else a.status <> 'Draft' end
   and ($12::text <> '' or $7::uuid is not null or a.status not in ('Exercise', 'Test'))
   and ($12::text = '' or a.status = $12)
   and ($7::uuid is null or a.id = $7)
   and {concerns("a", country="$8::text", areas=_AREAS, sectors="$10::text[]", severities="$11::text[]")}
   and ($14::timestamptz is null or a.sent >= $14)"""
_AS_ACTIVE = f"($13::bool is null or {_ACTIVE} = $13)"

LIST = f"""
{_ROW}
 where {_MATCHING}
   and {_AS_ACTIVE}
   and ($15::timestamptz is null or (a.sent, a.id) < ($15, $16::uuid))
 order by a.sent desc, a.id desc
 limit $17
"""
CHANGED = f"""
{_SHOWN}, a.changed_in::text as "{CHANGED_IN}", {_AS_ACTIVE} is not true as "{GONE}"
{_FROM}
 where {changed("a", "$15", "$16", "$17")}
   and {_MATCHING}
   and (not $19::bool or {_AS_ACTIVE})
 order by a.changed_in, a.id
 limit $18
"""
ONE = f"{_ROW} where a.id = $7 and {VISIBLE}"
AMONG = f"select a.id from alert as a cross join {READER} as r where a.id = any($6::uuid[]) and {VISIBLE}"
ENDS = """
select one.id, last.identifier
  from unnest($1::uuid[]) as one (id)
  join alert as last on last.supersedes @> array[one.id] and last.superseded_by is null and last.status <> 'Draft'
 order by last.message_type <> 'Cancel'
"""
# Nothing above moderate, and nothing that is another thing when it is told again.
_TOLD = """
select a.number, a.recorded_at, a.country, a.id, a.identifier, a.sender, a.organisation_id, a.sent, a.status,
       a.status in ('Exercise', 'Test') as drill, a.message_type, a.scope, a.restriction, a.addresses,
       a.cap_references as references, a.supersedes, a.categories, a.response_types, a.urgency, a.severity,
       a.certainty, a.effective,
       a.onset, a.expires, a.info, a.sectors, a.areas
  from alert as a"""
