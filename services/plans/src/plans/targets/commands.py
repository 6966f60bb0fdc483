"""What changes targets: setting many at once, and withdrawing."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from contracts.targets import TargetChanged
from database import Transaction
from messaging import events
from runtime.access import Principal
from runtime.problems import NotFound, NotYours
from runtime.rows.outcomes import Outcome, RowRejected, rejected_row

from plans.reference.domain import Reference
from plans.reference.queries import reference_for
from plans.targets import store
from plans.targets.domain import Key, Target, may_set, resolve
from plans.targets.errors import UnknownTarget
from plans.targets.schemas import NewTarget

MANY = 300
"""Rows from which resolving happens beside the event loop."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of a request, with what was assumed while reading it."""

    number: int
    sent: NewTarget
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedTarget:
    """A row with the target it means."""

    row: TargetRow
    target: Target

    @property
    def flags(self) -> list[str]:
        return [*self.target.flags, *self.row.flags]


async def set_targets(tx: Transaction, rows: Sequence[TargetRow], sender: Principal) -> list[Outcome]:
    """Take the rows that can be taken, each change with its event, and say of each row what became of it."""
    read, refused = await _read(tx, rows, sender)
    latest, superseded = _latest(read)
    known = await store.lock_targets(tx, [each.target.key for each in latest])
    nothing = [each for each in latest if each.target.value is None and each.target.key not in known]
    taken = [each for each in latest if each.target.value is not None or each.target.key in known]
    written = await _write(tx, [each.target for each in taken], sender)
    outcomes = [_outcome(each, written[each.target.key]) for each in taken]
    outcomes += [_superseded(each, written.get(each.target.key)) for each in superseded]
    outcomes += [rejected_row(each.row.number, [UnknownTarget("people")]) for each in nothing]
    return sorted([*refused, *outcomes], key=lambda outcome: outcome.row)


async def withdraw_target(tx: Transaction, id: UUID, sender: Principal) -> store.WrittenTarget:
    """Withdraw it, once or again. Raises `NotFound`, `NotYours`."""
    target = await store.lock_target(tx, id)
    if target is None:
        raise NotFound
    if not may_set(sender, target.key.sector, target.path):
        raise NotYours().formerly("target_of_others")
    withdrawn = replace(target, value=None)
    return (await _write(tx, [withdrawn], sender))[target.key]


async def _read(
    tx: Transaction, rows: Sequence[TargetRow], sender: Principal
) -> tuple[list[ParsedTarget], list[Outcome]]:
    areas = {(row.sent.country, row.sent.area) for row in rows}
    reference = await reference_for(tx, areas, {row.sent.indicator for row in rows if row.sent.indicator})
    if len(rows) > MANY:
        return await asyncio.to_thread(_resolved, rows, sender, reference)
    return _resolved(rows, sender, reference)


def _resolved(
    rows: Sequence[TargetRow], sender: Principal, reference: Reference
) -> tuple[list[ParsedTarget], list[Outcome]]:
    read, refused = [], []
    for row in rows:
        try:
            read.append(ParsedTarget(row, resolve(row.sent, sender, reference)))
        except RowRejected as reasons:
            refused.append(rejected_row(row.number, reasons.faults))
    return read, refused


def _latest(read: Iterable[ParsedTarget]) -> tuple[list[ParsedTarget], list[ParsedTarget]]:
    """Each target once, in key order: where one came twice in a request the later row wins."""
    latest: dict[Key, ParsedTarget] = {}
    superseded = []
    for each in read:
        if earlier := latest.get(each.target.key):
            superseded.append(earlier)
        latest[each.target.key] = each
    return [latest[key] for key in sorted(latest)], superseded


async def _write(tx: Transaction, targets: Sequence[Target], sender: Principal) -> dict[Key, store.WrittenTarget]:
    if not targets:
        return {}
    written = await store.upsert_targets(tx, targets, sender.subject)
    changed = [(target, now) for target in targets if (now := written[target.key]).status != "unchanged"]
    states = {str(now.id): published_state(target, now.id, now.version) for target, now in changed}
    await events.append_states(tx, TargetChanged, states)
    return written


def published_state(target: Target, id: UUID, version: int) -> dict[str, Any]:
    """The target as others may know it, a `TargetChanged`; what has no value is left out, as each field's default."""
    key = target.key
    state = {
        "version": version,
        "id": id,
        "country": key.country,
        "area": key.area,
        "area_path": target.path,
        "area_levels": target.levels,
        "sector": key.sector,
        "indicator": key.indicator or None,
        "population_group": key.population_group or None,
        "month_from": key.month_from,
        "month_to": key.month_to,
        "unit": target.unit,
        "value": target.value,
    }
    return {name: value for name, value in state.items() if value is not None}


def _outcome(each: ParsedTarget, now: store.WrittenTarget) -> Outcome:
    return Outcome(each.row.number, now.status, now.id, now.version, each.flags)


def _superseded(each: ParsedTarget, now: store.WrittenTarget | None) -> Outcome:
    """A row that a later row of the same request replaced."""
    flags = [*each.flags, "superseded_by_later_row"]
    if now is None:
        return Outcome(each.row.number, "superseded", flags=flags)
    return Outcome(each.row.number, "superseded", now.id, now.version, flags)
