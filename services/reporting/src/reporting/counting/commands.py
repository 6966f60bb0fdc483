"""Counting reports: their facts, the cells they touch, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from contracts.activities import ReportSubmitted
from database import Transaction

from reporting.counting import store
from reporting.counting.domain import Change, Fact, changes, units, unresolved


async def count_reports(tx: Transaction, reports: Sequence[ReportSubmitted]) -> None:
    """Take the newest state of each report into the cells. Repeats and older states change nothing."""
    await store.lock_reports(tx, [report.id for report in reports])
    held = await store.facts_of(tx, [report.id for report in reports])
    await store.keep_provider_names(tx, unresolved(reports))
    await _apply(tx, changes(map(Fact.of, reports), held))


async def forget_reports(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Take reports out of the cells."""
    await store.lock_reports(tx, ids)
    await _apply(tx, [Change(-1, fact) for fact in await store.facts_of(tx, ids)])


async def _apply(tx: Transaction, changed: Sequence[Change]) -> None:
    if not changed:
        return
    await store.adopt_presets(tx)
    # The facts of a unit are read by a later statement than its lock is taken by: another consumer may be counting
    # the same unit, and what it committed must be seen.
    await store.lock_units(tx, units(changed))
    await store.remove_facts(tx, [change.fact for change in changed if change.sign < 0])
    await store.insert_facts(tx, [change.fact for change in changed if change.sign > 0])
    await store.recount(tx, changed)
