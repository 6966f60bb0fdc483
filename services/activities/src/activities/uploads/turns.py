"""Whose file is read next: sides take turns, and each has its own files read one after the other.

A side is an organisation, the secretariat, or another client. In the order they came, for a corrected file must not
overtake the one it corrects.
"""

from uuid import UUID

from database import Record, Transaction

LEASE = "10 seconds"

_WAITING = "state in ('queued', 'running')"
_IN_WORK = f"""exists (
    select 1 from upload as one where one.side = {{side}} and {_WAITING} and one.leased_until >= now()
)"""  # noqa: S608  constants
# Each side of those that wait by one step through the index, however many files it has.
_SIDES = f"""
    sides as (
        (select side from upload where {_WAITING} order by side limit 1)
        union all
        select (select one.side from upload as one where {_WAITING} and one.side > sides.side order by one.side limit 1)
        from sides where sides.side is not null
    )
"""  # noqa: S608  constants


async def take_next(tx: Transaction, lease: UUID) -> Record | None:
    """Lease the oldest file of the side that was not heard for longest; a worker that died loses its lease in seconds.

    Of two workers that see the same turn one moves it on, and the other finds nothing this time.
    """
    return await tx.fetchrow(
        f"""
        with recursive {_SIDES},
        next as (
            select oldest.country, oldest.id, sides.side, turn.taken_at
            from sides
            left join upload_turn as turn on turn.side = sides.side
            cross join lateral (
                select country, id, received_at from upload
                where upload.side = sides.side and {_WAITING} order by received_at, id limit 1
            ) as oldest
            where sides.side is not null and not {_IN_WORK.format(side="sides.side")}
            order by turn.taken_at nulls first, oldest.received_at
            limit 1
        ),
        turn as (
            insert into upload_turn as turn (side, taken_at) select side, clock_timestamp() from next
            on conflict (side) do update set taken_at = excluded.taken_at
            where turn.taken_at = (select taken_at from next)
            returning side
        )
        update upload set state = 'running', lease = $1, leased_until = now() + interval '{LEASE}'
        from next, turn
        where upload.country = next.country and upload.id = next.id and upload.{_WAITING}
        returning upload.*
        """,  # noqa: S608  constants
        lease,
    )


async def others_wait(tx: Transaction, side: str) -> bool:
    """Whether another side has a file that nobody reads."""
    waits: bool = await tx.fetchval(
        f"""
        with recursive {_SIDES}
        select exists (
            select 1 from sides where side <> $1 and not {_IN_WORK.format(side="sides.side")}
        )
        """,  # noqa: S608  constants
        side,
    )
    return waits
