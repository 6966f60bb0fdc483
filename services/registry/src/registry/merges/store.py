"""What was merged into what."""

from uuid import UUID

from database import Transaction, new_id


async def lock_merging(tx: Transaction) -> None:
    """One at a time merges: two could make a ring."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('organisation merges', 0))")


async def add(tx: Transaction, one: UUID, into: UUID, reason: str) -> None:
    """Note a merge."""
    await tx.execute(
        "insert into organisation_merge (id, from_id, into_id, reason) values ($1, $2, $3, $4)",
        new_id(),
        one,
        into,
        reason,
    )


async def end(tx: Transaction, one: UUID, reason: str) -> bool:
    """Note that a merge was undone; false where there was none."""
    ended = await tx.fetchval(
        """
        update organisation_merge set undone_at = now(), undone_reason = $2
         where from_id = $1 and undone_at is null returning true
        """,
        one,
        reason,
    )
    return bool(ended)


async def count_same(tx: Transaction, id: UUID) -> int:
    """How many ids the organisation has."""
    return int(await tx.fetchval("select cardinality(same_organisations($1))", id))


async def move(tx: Transaction, one: UUID, to: UUID) -> list[UUID]:
    """Let it, and all that was merged into it, stand for another or for itself; their ids."""
    rows = await tx.fetch(
        """
        with recursive below as (
            select $1::uuid as id
             union
            select m.from_id from organisation_merge as m join below on m.into_id = below.id where m.undone_at is null
        )
        update organisation
           set merged_into = nullif($2::uuid, id), version = version + 1, changed_at = now()
         where id in (select id from below) returning id
        """,
        one,
        to,
    )
    moved = [UUID(int=row["id"].int) for row in rows]
    # Pairs of theirs that nobody has settled are of others now.
    await tx.execute(
        """
        delete from organisation_duplicate
         where state = 'open' and (organisation_id = any($1::uuid[]) or other_id = any($1::uuid[]))
        """,
        moved,
    )
    return moved
