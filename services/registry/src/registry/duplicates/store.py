"""Pairs of organisations that may be one, and what organisations are found by."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from database import Transaction, new_id

from registry.duplicates.domain import Known, Pair, known
from registry.organisations.domain import Organisation
from registry.organisations.store import READ, organisation_of

MOST_COMPARED = 100
"""Organisations one is compared with: those it shares most with."""


async def lock_finding(tx: Transaction) -> None:
    """One at a time finds: two that apply at once would not meet."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('organisation duplicates', 0))")


async def near(tx: Transaction, one: Known) -> list[Organisation]:
    """Those that share something with it, so many as are worth comparing, and last those that stand by themselves."""
    rows = await tx.fetch(
        f"""
        select {READ} from organisation as o
          join (select organisation_id, count(*) as shared from organisation_key
                 where key = any($1::text[]) and organisation_id <> $2
                 group by 1 order by 2 desc, 1 limit $3) as k on k.organisation_id = o.id
         order by o.merged_into is null
        """,  # noqa: S608  names of columns
        list(one.keys),
        one.id,
        MOST_COMPARED,
    )
    return [organisation_of(row) for row in rows]


async def all_known(tx: Transaction) -> list[Known]:
    """All organisations as they are compared, those that were merged under the id of the one they became."""
    rows = await tx.fetch(f"select {READ} from organisation as o order by id")  # noqa: S608  names of columns
    return [known(found.standing_id, found.profile) for found in map(organisation_of, rows)]


async def keep(tx: Transaction, pairs: Mapping[Pair, tuple[int, Sequence[str]]], of: Collection[UUID] | None) -> None:
    """Keep these pairs of the organisations `of` (all, where none are named), and no others that nobody settled."""
    ordered = sorted(pairs)
    await tx.execute(
        """
        delete from organisation_duplicate
         where state = 'open' and ($3::uuid[] is null or organisation_id = any($3) or other_id = any($3))
           and (organisation_id, other_id) not in (select * from unnest($1::uuid[], $2::uuid[]))
        """,
        [one for one, _ in ordered],
        [other for _, other in ordered],
        None if of is None else list(of),
    )
    await tx.execute(
        """
        insert into organisation_duplicate as held (id, organisation_id, other_id, score, reasons)
        select s.id, s.one, s.other, s.score, string_to_array(s.reasons, ' ')
          from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[])
               as s (id, one, other, score, reasons)
        on conflict (organisation_id, other_id) do update
        set score = excluded.score, reasons = excluded.reasons, version = held.version + 1
        where (held.score, held.reasons) is distinct from (excluded.score, excluded.reasons) and held.state = 'open'
        """,
        [new_id() for _ in ordered],
        [one for one, _ in ordered],
        [other for _, other in ordered],
        [pairs[pair][0] for pair in ordered],
        [" ".join(pairs[pair][1]) for pair in ordered],
    )


async def dismiss(tx: Transaction, id: UUID, reason: str) -> int | None:
    """Dismiss a pair; its version, or none where there is no such pair or it is dismissed."""
    version: int | None = await tx.fetchval(
        """
        update organisation_duplicate set state = 'dismissed', reason = $2, version = version + 1
         where id = $1 and state = 'open' returning version
        """,
        id,
        reason,
    )
    return version


async def count_open(tx: Transaction) -> int:
    """How many pairs nobody has settled."""
    return int(await tx.fetchval("select count(*) from organisation_duplicate where state = 'open'"))
