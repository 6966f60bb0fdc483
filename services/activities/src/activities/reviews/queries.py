"""Reading reports as their review needs them: how they stand, and which versions they had."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from database import Transaction
from runtime.access import Principal
from runtime.listing import Page

from activities.reports.columns import COLUMNS, selected
from activities.reports.queries import RELATION, VISIBLE, Found, reader_of, sensitive
from activities.reports.reviewing import BELONGS, OF_THEIR_OWN, SENT_BY_THEM
from activities.reviews.domain import Standing

SORT = ("version",)

STANDINGS = f"""
select r.country, r.organisation_id, r.identity, r.id, r.version, r.stage, r.sensitivity, relation,
       {OF_THEIR_OWN.format("$1")} as of_their_own, {SENT_BY_THEM.format("$8")} as sent_by_them, {BELONGS} as belongs
from report as r
cross join lateral (select {RELATION}) as stands (relation)
where r.id = any($9::uuid[]) and $3::text[] is not null and {VISIBLE}
"""  # noqa: S608  constants of this module and of reports

# The report as it stands must be seen, and each version by what it said itself: one may have been severe.
VERSIONS = f"""
with standing as (
    select r.* from report as r cross join lateral (select {RELATION}) as stands (relation)
    where r.id = $8::uuid and {VISIBLE}
)
select {selected(tuple(COLUMNS))}, relation as "_relation", r.sensitivity as "_sensitivity"
from (
    select * from standing
    union all
    select replaced.* from standing
    join report_version as v
      on (v.country, v.organisation_id, v.report_id) = (standing.country, standing.organisation_id, standing.id)
    cross join lateral jsonb_populate_record(null::report, v.row) as replaced
) as r
cross join lateral (select {RELATION}) as stands (relation)
cross join lateral (select relation = any($3::text[])) as may (see_high)
where ($9::bigint is null or r.version < $9) and {VISIBLE}
order by r.version desc
limit $10
"""  # noqa: S608  names of the table of columns, constants of reports


async def standings(tx: Transaction, principal: Principal, ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """How the reports stand to this caller: those they may see at all."""
    rows = await tx.fetch(STANDINGS, *reader_of(principal), principal.subject, sorted(set(ids)))
    return {
        row["id"]: Standing(
            key=(row["country"], row["organisation_id"], row["identity"]),
            id=row["id"],
            version=row["version"],
            stage=row["stage"],
            sensitivity=row["sensitivity"],
            relation=row["relation"],
            of_their_own=row["of_their_own"],
            sent_by_them=row["sent_by_them"],
            belongs=row["belongs"],
        )
        for row in rows
    }


async def versions_page(tx: Transaction, principal: Principal, id: UUID, *, first: int, before: int | None) -> Found:
    """Versions of a report, newest first; each is masked by what it said itself, as the report was then."""
    rows: Sequence[Any] = await tx.fetch(VERSIONS, *reader_of(principal), id, before, first + 1)
    return Found(Page.of(rows, first=first, sort=SORT), sensitive(rows[:first], tuple(COLUMNS), principal))
