"""The counters that all replicas add to."""

from collections.abc import Sequence

from database import Transaction

from registry.allowances.schemas import SentSpending

SWEPT = 2000
"""Old counters that one exchange clears away."""
MOST_SPENT = 10**15

EXCHANGE = """
    with gone as (
        delete from allowance_spent where (key, window_number) in (
            select key, window_number from allowance_spent
             where ends_at < now() - interval '1 minute' limit $5 for update skip locked
        )
    ), sent as (
        select decode(key, 'hex') as key, window_number, seconds, spent, place
          from unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[])
               with ordinality as row (key, window_number, seconds, spent, place)
    ), held as (
        insert into allowance_spent as held (key, window_number, spent, ends_at)
        select key, window_number, sum(spent)::bigint, now() + max(seconds) * interval '1 second'
          from sent group by key, window_number order by key, window_number
        on conflict (key, window_number) do update
           set spent = least(held.spent + excluded.spent, $6), ends_at = greatest(held.ends_at, excluded.ends_at)
        returning key, window_number, spent
    )
    select held.spent from sent join held using (key, window_number) order by place
"""


async def exchange(tx: Transaction, sent: SentSpending) -> Sequence[int]:
    """Add what one replica tells; what all have spent by now, in the same order. Locks are taken in key order."""
    rows = await tx.fetch(EXCHANGE, sent.keys, sent.windows, sent.lasting, sent.spent, SWEPT, MOST_SPENT)
    return [row["spent"] for row in rows]
