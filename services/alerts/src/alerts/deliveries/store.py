"""Writing deliveries: made with the alert, taken by a worker, settled in batches."""

# ruff: noqa: S608  composed of constants of this module only

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from database import Record, Transaction
from messaging.tracing import traceparent

from alerts.alerts.visibility import NOT_SUSPENDED, VISIBLE, WANTED
from alerts.deliveries.domain import SUPERSEDED, UNSENT, AttemptOutcome, Delivery, DeliveryState
from alerts.subscriptions.queries import LIVE

LEASE = "45 seconds"
"""When another worker may take over what one has taken: longer than any attempt."""
CHANNEL = "deliveries"


async def make_deliveries(tx: Transaction, alert_id: UUID) -> int:
    """One for each subscription that asked for this alert and whose holder may see it, in the issuing transaction.

    One that was sent an earlier message of the chain is sent this one too, whatever it asks for by now, and when it
    goes on if it is paused.
    """
    made = await tx.execute(
        f"""
        insert into delivery (subscription_id, alert_id, number, issued_at, state, due_at, traceparent, languages)
        select r.id, a.id, a.number, a.recorded_at, 'due', now(), $2, r.languages
          from alert as a cross join ({LIVE}) as r
         where a.id = $1 and (r.state = 'active' and {WANTED} or r.state in ('active', 'paused') and {SENT_EARLIER})
           and {VISIBLE} and {NOT_SUSPENDED}
        on conflict do nothing
        """,
        alert_id,
        traceparent(),
    )
    return int(made.rpartition(" ")[2])


SENT_EARLIER = """(a.supersedes <> '{}' and exists (
    select from delivery as earlier
     where earlier.subscription_id = r.id and earlier.alert_id = any(a.supersedes)
       and (earlier.state <> 'dropped' or earlier.attempts > 0 or earlier.last_failure = 'superseded')))"""
"""One that waited and was superseded counts as sent: what took its place is all that is left to tell."""


async def drop_superseded(tx: Transaction, alert_ids: Sequence[UUID]) -> None:
    """What waits for an attempt is not delivered as new any more. What is under way is settled by its outcome; what a
    worker is taking this moment is looked at there: nobody who issues waits for a subscription.
    """
    await tx.execute(
        """
        update delivery set state = 'dropped', last_failure = $2
         where id in (select id from delivery
                       where alert_id = any($1::uuid[]) and state = 'due' and not (under_way and due_at > now())
                         for update skip locked)
        """,
        list(alert_ids),
        SUPERSEDED.failure,
    )


async def make_ping(tx: Transaction, subscription_id: UUID, now: datetime) -> UUID:
    """A delivery without an alert, to try the address."""
    id: UUID = await tx.fetchval(
        """
        insert into delivery (subscription_id, issued_at, state, due_at, traceparent) values ($1, $2, 'due', $2, $3)
        returning id
        """,
        subscription_id,
        now,
        traceparent(),
    )
    await tx.execute("select pg_notify($1, '')", CHANNEL)
    return id


async def count_pings(tx: Transaction, subscription_id: UUID, since: datetime) -> int:
    count: int = await tx.fetchval(
        "select count(*) from delivery where subscription_id = $1 and issued_at > $2 and alert_id is null",
        subscription_id,
        since,
    )
    return count


async def take_due(tx: Transaction, full: Collection[UUID], *, most: int, each: int) -> list[Delivery]:
    """Take what is due, the oldest alerts of each subscription first, and no more than `each` of one subscription.

    An Update or a Cancel is not taken while an earlier message of its chain is still to be settled there: it never
    overtakes it, and nothing else waits for that. Each with where it goes and whether its holder may be told now.
    `full` have all they may have under way. What is taken falls due again with the lease, should this process die.
    """
    return [_delivery(row) for row in await tx.fetch(TAKE, list(full), most, each)]


# One statement: while hundreds are sent, every question to the database waits for its turn in the event loop.
TAKE = f"""
with waiting as (
    select d.id, d.subscription_id, d.number, d.due_at, s.failing_since from delivery as d
      join subscription as s on s.id = d.subscription_id
      left join alert as a on a.id = d.alert_id
     where d.state = 'due' and d.due_at <= now() and d.subscription_id <> all($1::uuid[])
       and (s.state = 'active' or d.alert_id is null and s.state = 'paused')
       and (a.supersedes is null or a.supersedes = '{{}}' or not exists (
           select from delivery as earlier
            where earlier.subscription_id = d.subscription_id and earlier.alert_id = any(a.supersedes)
              and earlier.state = 'due' and (earlier.under_way or earlier.due_at <= now())))
     order by d.due_at limit 5000
), ranked as (
    select id, due_at, failing_since,
           row_number() over (partition by subscription_id order by number nulls first, due_at) as place
      from waiting
), chosen as (
    select d.id from delivery as d
     where d.state = 'due' and d.due_at <= now()
       and d.id in (select id from ranked where place <= case when failing_since is null then $3::int else 1 end
                     order by failing_since is not null, due_at limit $2)
       for update of d skip locked
), taken as (
    update delivery as d set attempts = d.attempts + 1, attempted_at = now(), due_at = now() + interval '{LEASE}',
           under_way = true
      from chosen where d.id = chosen.id
    returning d.id, d.subscription_id, d.alert_id, d.number, d.issued_at, d.attempts, d.traceparent, d.languages
)
select d.id, d.subscription_id, d.alert_id, d.issued_at, d.attempts, d.traceparent, s.url,
       coalesce(d.languages, s.languages) as languages, a.superseded_by is not null as superseded,
       array_remove(array[s.secret, case when s.earlier_secret_until > now() then s.earlier_secret end], null) as secrets,
       s.failing_since is not null as failing,
       exists (select from ({LIVE}) as r where r.id = s.id and {NOT_SUSPENDED} and (a.id is null or {VISIBLE}))
           as permitted
  from taken as d
  join subscription as s on s.id = d.subscription_id
  left join alert as a on a.id = d.alert_id
 order by d.number nulls first
"""  # noqa: E501


def _delivery(row: Record) -> Delivery:
    lists = {name: tuple(row[name]) for name in ("languages", "secrets")}
    return Delivery(**{**dict(row), **lists})


async def settle(tx: Transaction, outcomes: Sequence[AttemptOutcome]) -> list[tuple[UUID, str]]:
    """Write what became of attempts; the subscriptions that are stopped by it, each with the reason."""
    ordered = sorted(outcomes, key=lambda one: one.delivery.id)
    await tx.execute(
        SETTLE,
        [one.delivery.id for one in ordered],
        [one.state.value for one in ordered],
        [one.due_at for one in ordered],
        [one.at for one in ordered],
        [one.answer.status for one in ordered],
        [one.answer.failure for one in ordered],
    )
    return await _note_health(tx, ordered)


SETTLE = """
update delivery as d
   set state = case when o.fate = 'due' and a.superseded_by is not null then 'dropped' else o.fate end,
       due_at = o.due_at, under_way = false, last_status = o.status, last_failure = o.failure, attempted_at = o.at,
       delivered_at = case when o.fate = 'delivered' then o.at end
  from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::smallint[], $6::text[])
       as o (id, fate, due_at, at, status, failure)
  join delivery as held on held.id = o.id
  left join alert as a on a.id = held.alert_id
 where d.id = o.id and d.state = 'due'
"""


async def _note_health(tx: Transaction, outcomes: Sequence[AttemptOutcome]) -> list[tuple[UUID, str]]:
    # Judged by the last attempt of each; locked in order of ids, so that two workers can't deadlock.
    last = {one.delivery.subscription_id: one for one in sorted(outcomes, key=lambda one: one.at)}
    judged = [last[id] for id in sorted(last) if _has_news(last[id])]
    if not judged:
        return []
    locked = [one.delivery.subscription_id for one in judged]
    await tx.fetch("select from subscription where id = any($1::uuid[]) order by id for no key update", locked)
    stopped = await tx.fetch(
        HEALTH,
        locked,
        [one.answer.arrived for one in judged],
        [one.answer.gone for one in judged],
        [one.state is DeliveryState.FAILED for one in judged],
        [one.at for one in judged],
    )
    gone = [one.delivery.subscription_id for one in judged if one.answer.gone]
    if gone:
        await tx.execute(
            "update delivery set state = 'dropped' where subscription_id = any($1::uuid[]) and state = 'due'", gone
        )
    return [(row["id"], row["reason"]) for row in stopped if row["stopped"]]


def _has_news(one: AttemptOutcome) -> bool:
    return one.answer not in UNSENT and (one.delivery.failing or not one.answer.arrived)


# Paused only where nothing has arrived for days: one message that is never taken does not stop the others.
HEALTH = """
update subscription as s
   set failing_since = case when not o.arrived then coalesce(s.failing_since, o.at) end,
       state = case when o.gone then 'ended' when stop.failing then 'paused' else s.state end,
       reason = case when o.gone then 'gone' when stop.failing then 'failing' else s.reason end,
       version = s.version + (o.gone or stop.failing)::int,
       changed_at = case when o.gone or stop.failing then o.at else s.changed_at end
  from unnest($1::uuid[], $2::bool[], $3::bool[], $4::bool[], $5::timestamptz[])
       as o (id, arrived, gone, given_up, at)
  join subscription as now_held on now_held.id = o.id
 cross join lateral (
       select o.given_up and now_held.state = 'active'
              and coalesce(now_held.failing_since < o.at - interval '2 days', false) as failing
  ) as stop
 where s.id = o.id and s.state <> 'ended'
returning s.id, s.reason, o.gone or stop.failing as stopped
"""


async def forget_old(tx: Transaction, before: datetime) -> None:
    """Forget what became of deliveries of before; what still waits is dropped first, and forgotten the next time."""
    await tx.execute("delete from delivery where issued_at < $1 and state <> 'due'", before)
    await tx.execute("update delivery set state = 'dropped' where state = 'due' and issued_at < $1", before)
