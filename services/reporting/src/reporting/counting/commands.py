"""Counting reports: their facts, the cells they touch, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from contracts.reports import ReportChanged
from database import Transaction

from reporting.counting import store
from reporting.counting.domain import Fact, FactChange, changes, unresolved
from reporting.freshness import store as freshness


async def count_reports(tx: Transaction, reports: Sequence[ReportChanged]) -> None:
    """Take the newest state of each report into the cells. Repeats and older states change nothing."""
    # What another counter committed must be seen: all is read by later statements than the lock is taken by.
    await store.lock_counting(tx)
    held = await store.facts_of(tx, [report.id for report in reports])
    await store.keep_provider_names(tx, unresolved(reports))
    await _apply(tx, changes(map(Fact.of, reports), held))


async def forget_reports(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Take reports out of the cells."""
    await store.lock_counting(tx)
    await _apply(tx, [FactChange(-1, fact) for fact in await store.facts_of(tx, ids)])


async def _apply(tx: Transaction, changed: Sequence[FactChange]) -> None:
    if not changed:
        return
    await store.remove_facts(tx, [change.fact for change in changed if change.sign < 0])
    await store.insert_facts(tx, [change.fact for change in changed if change.sign > 0])
    if await freshness.is_complete(tx):
        await store.adopt_presets(tx)
        await store.recount(tx, changed)


async def complete(tx: Transaction) -> None:
    """End the gathering of a rebuild: until now facts were only kept, now they are counted, all at once."""
    await store.lock_counting(tx)
    if await freshness.is_complete(tx):
        return
    await store.adopt_presets(tx)
    await store.count_all(tx)
    await freshness.note_complete(tx)
