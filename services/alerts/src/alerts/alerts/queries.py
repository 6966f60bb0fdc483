"""Reading alerts, as far as the reader may: which rows, and which fields of a row, is decided in the SQL."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from contracts.alerts import ALERTS, AlertFilter
from database import Record, Transaction
from runtime.access import Reader, Role
from runtime.changes import CHANGED_IN, GONE, ChangeWindow, changed
from runtime.listing import Page, PageRequest
from runtime.looks import RELATION, is_high
from runtime.visibility import RowConditions, conditions_for, numbered, values_of

from alerts.alerts.visibility import CHAIN_MEETS_HUB, OWN_WITHOUT_ORGANISATION, VISIBILITY, concerns

COLUMNS = ALERTS.columns


async def alerts(
    tx: Transaction,
    reader: Reader,
    filter: AlertFilter,
    now: datetime,
    part: PageRequest,
) -> Page:
    """The alerts that match, newest first."""
    sent, id = part.after or (None, None)
    arguments = (
        *_arguments(filter, now),
        datetime.fromisoformat(str(sent)) if sent else None,
        UUID(str(id)) if id else None,
        part.first + 1,
    )
    text, names = _list(reader.role)
    statement, given = part.statement_for(text, (*arguments, *values_of(reader, names)), {"country": 3, "area": 4})
    return part.page([dict(row) for row in await tx.fetch(statement, *given)], ALERTS.sort)


async def changed_alerts(
    tx: Transaction, reader: Reader, filter: AlertFilter, now: datetime, span: ChangeWindow
) -> list[Mapping[str, Any]]:
    """Alerts of a span that match: issued in it, or superseded. One that is no longer as active as was asked for is
    gone; that time runs out is no change, but stands in `expires`.
    """
    statement, names = _changed(reader.role)
    arguments = (*_arguments(filter, now), *span.arguments, span.first + 1, span.from_the_start)
    rows = await tx.fetch(statement, *arguments, *values_of(reader, names))
    return [dict(row) for row in rows]


def _arguments(filter: AlertFilter, now: datetime) -> tuple[object, ...]:
    """The first arguments of both questions."""
    return (
        now,
        filter.id,
        filter.country,
        filter.area,
        *([value] if value else [] for value in (filter.sector, filter.severity)),
        filter.status or "",
        filter.active,
        filter.sent_since,
    )


async def alert(tx: Transaction, reader: Reader, id: UUID, now: datetime) -> Mapping[str, Any] | None:
    statement, names = _one(reader.role)
    row = await tx.fetchrow(statement, now, id, *values_of(reader, names))
    return dict(row) if row else None


async def ends_of(tx: Transaction, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Identifier of the last message of the chain of each of these alerts, which are not last themselves."""
    return {row["id"]: row["identifier"] for row in await tx.fetch(ENDS, list(ids))}


async def alert_by_identifier(tx: Transaction, identifier: str) -> Record | None:
    """The alert of this identifier, whoever may see it."""
    return await tx.fetchrow("select id, sender, content from alert where identifier = $1", identifier)


async def visible_among(tx: Transaction, reader: Reader, ids: Sequence[UUID]) -> set[UUID]:
    statement, names = _among(reader.role)
    rows = await tx.fetch(statement, list(ids), *values_of(reader, names))
    return {row["id"] for row in rows}


async def published_alerts(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is told of these alerts, to those who may see them, by id."""
    rows = await tx.fetch(f"{_PUBLISHED} where a.id = any($1::uuid[])", list(ids))
    return {row["id"]: dict(row) for row in rows}


async def published_after(tx: Transaction, number: int, *, most: int) -> list[dict[str, Any]]:
    """What is told of the published alerts behind this number, whoever may see them, in their order."""
    rows = await tx.fetch(f"{_PUBLISHED} where a.number > $1 order by a.number limit $2", number, most)
    return [dict(row) for row in rows]


_ACTIVE = """(a.status <> 'Draft' and a.message_type <> 'Cancel' and a.superseded_by is null
             and (a.expires is null or a.expires > $1::timestamptz))"""

_SHOWN = f"""
select a.country, a.id, a.identifier, a.version, a.sender, a.organisation_id, o.names as organisation_names, a.sent,
       a.status, a.status in ('Exercise', 'Test') as drill, a.message_type, a.scope, a.restriction, a.addresses,
       a.cap_references as references, a.supersedes, a.superseded_by, {_ACTIVE} as active, a.categories,
       a.response_types, a.urgency, a.severity, a.certainty, a.effective, a.onset, a.expires, a.info, a.sectors,
       a.areas"""
_GUARDED = tuple(name for name, level in ALERTS.levels.items() if is_high(level))


def _shown(seen: RowConditions) -> str:
    guarded = ", ".join(f"case when guard.whole then a.{name} end as {name}" for name in _GUARDED)
    return f'{_SHOWN}, {guarded}, {seen.relation} as "{RELATION}"'


def _from(seen: RowConditions) -> str:
    return f"""
  from alert as a
  left join organisation as o on o.id = a.organisation_id
 cross join lateral (select {seen.high} as whole) as guard"""


_AREAS = "case when $4::text is null then '{}' else array[$4::text] end"
_MATCHING = f"""
   case when $7::text = 'Draft' then a.status = 'Draft' else a.status <> 'Draft' end
   and ($7::text <> '' or $2::uuid is not null or a.status not in ('Exercise', 'Test'))
   and ($7::text = '' or a.status = $7)
   and ($2::uuid is null or a.id = $2)
   and {concerns("a", country="$3::text", areas=_AREAS, sectors="$5::text[]", severities="$6::text[]")}
   and ($9::timestamptz is null or a.sent >= $9)"""
_AS_ACTIVE = f"($8::bool is null or {_ACTIVE} = $8)"


def _matching(seen: RowConditions, role: Role) -> str:
    # What indexes find, which is all that a hub without an organisation sees.
    found = f"cardinality({{organisations}}) > 0 or {CHAIN_MEETS_HUB} or {OWN_WITHOUT_ORGANISATION}"
    of_hub = f"({found}) and " if role is Role.HUB else ""
    return f"{seen.visible} and {of_hub}{_MATCHING}"


@cache
def _list(role: Role) -> tuple[str, tuple[str, ...]]:
    """The statement for this role, and what it takes of its reader."""
    seen = conditions_for(VISIBILITY, role)
    statement = f"""
{_shown(seen)}
{_from(seen)}
 where {_matching(seen, role)}
   and {_AS_ACTIVE}
   and ($10::timestamptz is null or (a.sent, a.id) < ($10, $11::uuid))
 order by a.sent desc, a.id desc
 limit $12
"""
    return numbered(statement, behind=12)


@cache
def _changed(role: Role) -> tuple[str, tuple[str, ...]]:
    seen = conditions_for(VISIBILITY, role)
    statement = f"""
{_shown(seen)}, a.changed_in::text as "{CHANGED_IN}", {_AS_ACTIVE} is not true as "{GONE}"
{_from(seen)}
 where {changed("a", "$10", "$11", "$12")}
   and {_matching(seen, role)}
   and (not $14::bool or {_AS_ACTIVE})
 order by a.changed_in, a.id
 limit $13
"""
    return numbered(statement, behind=14)


@cache
def _one(role: Role) -> tuple[str, tuple[str, ...]]:
    seen = conditions_for(VISIBILITY, role)
    return numbered(f"{_shown(seen)} {_from(seen)} where a.id = $2 and {seen.visible}", behind=2)


@cache
def _among(role: Role) -> tuple[str, tuple[str, ...]]:
    seen = conditions_for(VISIBILITY, role)
    return numbered(f"select a.id from alert as a where a.id = any($1::uuid[]) and {seen.visible}", behind=1)


ENDS = """
select one.id, last.identifier
  from unnest($1::uuid[]) as one (id)
  join alert as last on last.supersedes @> array[one.id] and last.superseded_by is null and last.status <> 'Draft'
 order by last.message_type <> 'Cancel'
"""
# Nothing above moderate, and nothing that is another thing when it is told again.
_PUBLISHED = """
select a.number, a.recorded_at, a.country, a.id, a.identifier, a.sender, a.organisation_id, a.sent, a.status,
       a.status in ('Exercise', 'Test') as drill, a.message_type, a.scope, a.restriction, a.addresses,
       a.cap_references as references, a.supersedes, a.categories, a.response_types, a.urgency, a.severity,
       a.certainty, a.effective,
       a.onset, a.expires, a.info, a.sectors, a.areas
  from alert as a"""
