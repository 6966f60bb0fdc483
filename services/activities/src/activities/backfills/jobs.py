"""Mending what is stored by rules that came later, a batch at a time beside all other work.

The others are told again where reports lie, where a level of the place is skipped; what the words of
severity find in reports that were taken before those words is severe from then on; where people are counted once is
keyed by the site's community too; names nobody has resolved are one where they fold to one; and what is sent again is
found, and what it said before is gone back to, by names as they fold now.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog
from contracts.codes import belongs_to
from contracts.folding import EDITION as FOLDING
from contracts.reports import ReportChanged
from database import Record, Transaction
from jobs import AtStart, Attempt, Queue, Work
from messaging import events
from runtime.service import Worker

from activities.backfills import store
from activities.backfills.store import ReportKeys
from activities.reports.domain import UNIT_EDITION, provider_id, unit_key_of
from activities.reports.event_state import stored_state
from activities.reports.pairing import content_in
from activities.reports.sectors import PROTECTION
from activities.reports.severity import EDITION, meaning_of
from activities.settings import Settings

log = structlog.get_logger("mending")
BETWEEN_SECONDS = 1.0


async def tell_places_again(_: Worker[Settings], attempt: Attempt) -> None:
    """Topics keep the last state of each, so that the wrong one goes with compaction."""
    await _until_done(attempt, tell_next)


async def judge_severity_again(_: Worker[Settings], attempt: Attempt) -> None:
    """Reports that were taken before this edition of the words are judged by it, each once."""
    await _until_done(attempt, judge_next)


async def key_units_again(worker: Worker[Settings], attempt: Attempt) -> None:
    """Units that were keyed by an older rule are keyed by this one, each once, and told again."""
    await _until_done(attempt, identify_next)  # it leaves versions with the ids of before
    secret = worker.settings.unit_key.get_secret_value().encode()
    await _until_done(attempt, partial(key_next, secret=secret))


async def identify_providers_again(_: Worker[Settings], attempt: Attempt) -> None:
    """Names nobody has resolved get the id that follows from how they fold now, and their reports too."""
    await _until_done(attempt, identify_next)


async def _until_done(attempt: Attempt, step: Callable[[Transaction], Awaitable[int]]) -> None:
    while await attempt.commit(step):  # noqa: ASYNC110  room for all other work
        await asyncio.sleep(BETWEEN_SECONDS)


JOBS: tuple[Work[Worker[Settings]], ...] = tuple(
    Work(Queue(function.__name__), function, schedule=AtStart())
    for function in (identify_providers_again, tell_places_again, judge_severity_again, key_units_again)
)


async def identify_next(tx: Transaction) -> int:
    """Identify the next names anew; how many there were."""
    rows = await store.lock_next(tx, store.IDENTIFYING, FOLDING)
    for row in rows:
        if (id := provider_id(row["acronym"], row["name"])) != row["id"]:
            await store.keep_provider(tx, row["id"], id)
            moved = await store.move_reports(tx, row["id"], id)
            await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(dict(row)) for row in moved})
    await store.note_done(tx, store.IDENTIFYING, FOLDING, rows[-1]["id"] if rows else None)
    return len(rows)


async def key_next(tx: Transaction, secret: bytes) -> int:
    """Key the units and contents of the next reports, and of what they said before; how many reports there were."""
    rows = await store.lock_next(tx, store.KEYING, UNIT_EDITION)
    keyed = {row["id"]: (row, _keyed(secret, dict(row))) for row in rows}
    units = {id: to.unit_key for id, (row, to) in keyed.items() if to.unit_key != row["unit_key"]}
    told = await store.give_keys(tx, units) if units else []
    await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(dict(row)) for row in told})
    await store.give_contents(tx, {id: to.content for id, (row, to) in keyed.items() if to.content != row["content"]})
    before = await store.versions_of(tx, list(keyed))
    await store.key_versions(tx, [(row, to) for row in before if (to := _keyed(secret, dict(row))) != _keys_in(row)])
    await store.note_done(tx, store.KEYING, UNIT_EDITION, rows[-1]["id"] if rows else None)
    return len(rows)


def _keys_in(row: Record) -> ReportKeys:
    return ReportKeys(*(row[name] for name in ReportKeys._fields))


def _keyed(secret: bytes, row: dict[str, Any]) -> ReportKeys:
    if row["implementer_resolved"] is False:
        row["implementer_id"] = provider_id(None, row["implementer_name"])
    site = row["site_name"] or (row["as_written"] or {}).get("site_name")
    unit_key = unit_key_of(secret, row["country"], row["area"], row["community"], site)
    return ReportKeys(unit_key, content_in(row), row["implementer_id"])


async def judge_next(tx: Transaction) -> int:
    """Judge the next reports; how many there were."""
    rows = await store.lock_next(tx, store.JUDGING, EDITION)
    severe = [row["id"] for row in rows if is_severe(dict(row))]
    raised = await store.raise_to_severe(tx, severe) if severe else []
    await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(dict(row)) for row in raised})
    await store.note_done(tx, store.JUDGING, EDITION, rows[-1]["id"] if rows else None)
    if severe:
        log.info("mending.raised", reports=len(severe), edition=EDITION)
    return len(rows)


def is_severe(row: Mapping[str, Any]) -> bool:
    """Whether the words of a stored report say so."""
    texts = [*(row[name] for name in store.SPEAKING), *(row.get("measured") or ()), *(row.get("written") or ())]
    return meaning_of(texts, protection=belongs_to(row["sector"], PROTECTION)).severe


async def tell_next(tx: Transaction) -> int:
    """Tell the next ones again; how many."""
    reports = await store.take_reports(tx)
    await events.append_states(tx, ReportChanged, {str(row["id"]): stored_state(dict(row)) for row in reports})
    return len(reports)
