"""Reading subscriptions: one's own and one's organisation's; the secretariat reads all. Secrets are never read here."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from database import Record, Transaction
from runtime.access import Principal
from runtime.listing import Page

from alerts.alerts.visibility import NOT_SUSPENDED
from alerts.subscriptions.store import THEIRS

SORT = ("id",)
FIELDS = (
    "id",
    "version",
    "created_at",
    "changed_at",
    "subject",
    "role",
    "organisation_id",
    "url",
    "description",
    "filter",
    "state",
    "reason",
    "failing_since",
    "rights_ended",
)

_GRANTS = """
  from jsonb_to_recordset(i.grants) as g (role text, organisation_id uuid, areas text[], sectors text[])
 where g.role = s.role and g.organisation_id is not distinct from s.organisation_id"""

LIVE = f"""
select s.id, s.role, s.organisation_id, s.subject, coalesce(held.areas, s.areas) as areas,
       coalesce(held.sectors, s.sectors) as sectors, s.wanted_country, s.wanted_areas, s.wanted_sectors,
       s.wanted_severities, s.wanted_statuses, s.languages, s.state
  from subscription as s
  left join identity as i on i.subject = s.subject
  left join lateral (
       select exists (select {_GRANTS}) as stands, array(select distinct unnest(g.areas) {_GRANTS}) as areas,
              array(select distinct unnest(g.sectors) {_GRANTS}) as sectors
  ) as held on i.subject is not null
 where i.subject is null or held.stands"""
"""Subscriptions whose holder still has the right they were made with, as readers with the rights they have now.

An identity of which the registry has said nothing yet is believed as at creation.
"""

_ONE = f"""
select s.id, s.version, s.created_at, s.changed_at, s.subject, s.role, s.organisation_id, s.url, s.description,
       jsonb_build_object('country', s.wanted_country, 'areas', s.wanted_areas, 'sectors', s.wanted_sectors,
           'severities', s.wanted_severities, 'statuses', s.wanted_statuses, 'languages', s.languages) as filter,
       s.state, s.reason, s.failing_since,
       not exists (select from ({LIVE}) as r where r.id = s.id and {NOT_SUSPENDED}) as rights_ended
  from subscription as s
 where {THEIRS}"""


async def subscriptions(tx: Transaction, reader: Principal, *, first: int, behind: Sequence[object] | None) -> Page:
    """Those the reader may see, in the order they were made."""
    after = UUID(str(behind[0])) if behind else None
    rows = await tx.fetch(
        f"{_ONE} and ($4::uuid is null or s.id > $4) order by s.id limit $5", *_reader(reader), after, first + 1
    )
    return Page.of([dict(row) for row in rows], first=first, sort=SORT)


async def subscription(tx: Transaction, reader: Principal, id: UUID) -> Mapping[str, Any] | None:
    row: Record | None = await tx.fetchrow(f"{_ONE} and s.id = $4", *_reader(reader), id)
    return dict(row) if row else None


def _reader(reader: Principal) -> tuple[object, ...]:
    return reader.role.value, reader.organisation_id, reader.subject
