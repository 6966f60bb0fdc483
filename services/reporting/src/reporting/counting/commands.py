"""Counting reports: their facts, the cells they touch, in one transaction."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from contracts.reports import ReportChanged
from database import Transaction

from reporting.counting import store
from reporting.counting.domain import Fact, FactChange, changes, unresolved
from reporting.freshness import store as freshness

AT_ONCE = 8000
"""Facts that are counted anew together."""


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


@asynccontextmanager
async def counted_as_merged(tx: Transaction, organisations: Collection[UUID]) -> AsyncIterator[None]:
    """Count what these organisations did anew where, within, they are merged into others or parted from them."""
    await store.lock_counting(tx)
    before = await store.merged(tx)
    yield
    after = await store.merged(tx)
    moved = [id for id in organisations if before.get(id) != after.get(id)]
    if not moved or not await freshness.is_complete(tx):
        return
    await store.adopt_presets(tx)
    facts = await store.facts_of_organisations(tx, moved)
    for start in range(0, len(facts), AT_ONCE):
        some = facts[start : start + AT_ONCE]
        going = [FactChange(-1, fact, before.get(fact.implementer_id, fact.implementer_id)) for fact in some]
        coming = [FactChange(1, fact, after.get(fact.implementer_id, fact.implementer_id)) for fact in some]
        await store.recount(tx, [*going, *coming])


async def _apply(tx: Transaction, changed: Sequence[FactChange]) -> None:
    if not changed:
        return
    await store.remove_facts(tx, [change.fact for change in changed if change.sign < 0])
    await store.insert_facts(tx, [change.fact for change in changed if change.sign > 0])
    if await freshness.is_complete(tx):
        await store.adopt_presets(tx)
        merged = await store.merged(tx)
        await store.recount(tx, [change.counted_as(merged) for change in changed] if merged else changed)


async def complete(tx: Transaction) -> None:
    """End the gathering of a rebuild: until now facts were only kept, now they are counted, all at once."""
    await store.lock_counting(tx)
    if await freshness.is_complete(tx):
        return
    await store.adopt_presets(tx)
    await store.count_all(tx)
    await freshness.note_complete(tx)
