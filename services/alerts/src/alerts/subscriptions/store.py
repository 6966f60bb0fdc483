"""Writing subscriptions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.subscriptions import SubscriptionReason, SubscriptionState
from database import Record, Transaction, insert_row
from runtime.access import Principal, Reader
from runtime.arguments import Arguments

from alerts.subscriptions.domain import BOTH_SIGN, Subscription
from alerts.subscriptions.visibility import VISIBILITY


async def lock_holder(tx: Transaction, holder: str) -> None:
    """One writer of new subscriptions per holder or organisation, so that they can be counted."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 11))", holder)


async def count_of(tx: Transaction, subject: str) -> int:
    count: int = await tx.fetchval("select count(*) from subscription where subject = $1", subject)
    return count


async def count_of_organisation(tx: Transaction, id: UUID) -> int:
    count: int = await tx.fetchval("select count(*) from subscription where organisation_id = $1", id)
    return count


async def forget_holders(tx: Transaction, subjects: Sequence[str]) -> None:
    """An address and a description may tell who somebody was."""
    rows = await tx.fetch("delete from subscription where subject = any($1::text[]) returning id", subjects)
    await tx.execute("delete from delivery where subscription_id = any($1::uuid[])", [row["id"] for row in rows])


async def insert(
    tx: Transaction, id: UUID, holder: Principal, new: Subscription, *, secret: str, now: datetime
) -> None:
    row = {
        "id": id,
        "version": 1,
        "created_at": now,
        "changed_at": now,
        "subject": holder.subject,
        "role": holder.role,
        "organisation_id": holder.organisation_id,
        "areas": holder.areas,
        "sectors": holder.sectors,
        "state": "active",
        "secret": secret,
    }
    await insert_row(tx, "subscription", row | dict(zip(CONTENT, _content(new), strict=True)))


CONTENT = (
    "url", "description", "wanted_country", "wanted_areas", "wanted_sectors", "wanted_severities", "wanted_statuses",
    "languages",
)  # fmt: skip


def _content(given: Subscription) -> tuple[object, ...]:
    wish = given.wish
    return (
        given.url,
        given.description,
        wish.country,
        list(wish.areas),
        list(wish.sectors),
        list(wish.severities),
        list(wish.statuses),
        list(wish.languages),
    )


async def change(
    tx: Transaction,
    id: UUID,
    given: Subscription,
    *,
    state: SubscriptionState,
    reason: SubscriptionReason | None,
    now: datetime,
) -> None:
    """Write what it is now. Going on after a pause starts with a clean slate."""
    await tx.execute(
        """
        update subscription
           set version = version + 1, changed_at = $2, state = $3, reason = $4,
               failing_since = case when $3 = 'active' and state <> 'active' or url <> $5 then null
                               else failing_since end,
               url = $5, description = $6, wanted_country = $7, wanted_areas = $8, wanted_sectors = $9,
               wanted_severities = $10, wanted_statuses = $11, languages = $12
         where id = $1
        """,
        id,
        now,
        state,
        reason,
        *_content(given),
    )


async def rotate(tx: Transaction, id: UUID, *, secret: str, now: datetime) -> None:
    await tx.execute(
        """
        update subscription
           set version = version + 1, changed_at = $2::timestamptz, earlier_secret = secret,
               earlier_secret_until = $2::timestamptz + $4::interval, secret = $3
         where id = $1
        """,
        id,
        now,
        secret,
        BOTH_SIGN,
    )


async def delete(tx: Transaction, id: UUID) -> None:
    await tx.execute("delete from subscription where id = $1", id)
    await tx.execute("delete from delivery where subscription_id = $1", id)


async def lock_own(tx: Transaction, reader: Reader, id: UUID) -> Record | None:
    """The subscription, locked, if it is the reader's to change."""
    given = Arguments(reader)
    return await tx.fetchrow(
        f"""select * from subscription as s
        where s.id = {given.put(id)} and {given.visible(VISIBILITY)} for no key update""",  # noqa: S608  constants
        *given.all,
    )
