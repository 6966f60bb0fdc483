"""What changes reports: submitting them, many at once."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from contracts.activities import ReportSubmitted
from database import Transaction
from messaging import events

from activities.reference.domain import Reference, Wanting
from activities.reference.queries import reference_for
from activities.reports import store
from activities.reports.domain import Identified, Origin, Report, Seen, Sender, Whose, identity_of, natural_key
from activities.reports.errors import OutsideYourScope
from activities.reports.published import state_as_sent
from activities.reports.resolution import provider_of, resolve, want
from activities.reports.shape import NewReport
from activities.rows.domain import Outcome, Refused, refused_row

Made = TypeVar("Made")

CHANGED = frozenset({"created", "updated"})
MANY = 300
"""Rows from which resolving happens beside the event loop."""
CHUNK = 1000
"""Rows of one statement."""
NO_FILE = Origin()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a request or a file, with what was assumed while reading it."""

    number: int
    sent: NewReport
    flags: tuple[str, ...] = ()
    letter: bytes = b""
    """Hash of the row as it stood in its file."""


class Memory(Protocol):
    """What is remembered of the earlier rows of a file."""

    async def recall(self, tx: Transaction, keys: Iterable[bytes]) -> Seen: ...

    async def remember(self, tx: Transaction, seen: Seen) -> None: ...


class OneRequest:
    """A request is read whole: nothing came before it."""

    async def recall(self, tx: Transaction, keys: Iterable[bytes]) -> Seen:
        return Seen()

    async def remember(self, tx: Transaction, seen: Seen) -> None: ...


ONE_REQUEST = OneRequest()


async def submit_reports(
    tx: Transaction,
    rows: Sequence[Row],
    sender: Sender,
    secret: bytes,
    memory: Memory = ONE_REQUEST,
    origin: Origin = NO_FILE,
) -> list[Outcome]:
    """Take the rows that can be taken, each with its event, and say of each row what became of it."""
    reference = await reference_for(tx, await _beside(len(rows), _wanting, rows, sender))
    read, refused = await _beside(len(rows), _read, rows, sender, reference, secret)
    seen = await memory.recall(tx, {key for _, _, key in read if key})
    reports = [_identified(row, report, key, seen, reference) for row, report, key in read]
    await memory.remember(tx, seen)
    reports = await _where_they_were(tx, reports, reference)
    latest, superseded = _latest(reports)
    written = await _write(tx, latest, sender, origin)
    return sorted([*refused, *_outcomes(written), *_superseded(superseded, written)], key=lambda o: o.row)


async def _beside(size: int, work: Callable[..., Made], *facts: object) -> Made:
    """Work on many rows must not hold up the other requests of the process."""
    return await asyncio.to_thread(work, *facts) if size > MANY else work(*facts)


def _wanting(rows: Sequence[Row], sender: Sender) -> Wanting:
    wanting = Wanting()
    for row in rows:
        want(wanting, row.sent, sender)
    return wanting


def _read(
    rows: Sequence[Row], sender: Sender, reference: Reference, secret: bytes
) -> tuple[list[tuple[Row, Report, bytes]], list[Outcome]]:
    taken, refused = [], []
    for row in rows:
        try:
            report = resolve(row.sent, sender, reference, secret)
        except Refused as reasons:
            refused.append(refused_row(row.number, reasons.faults))
        else:
            if row.flags:
                report = replace(report, flags=tuple(dict.fromkeys((*report.flags, *row.flags))))
            named = report.sent.external_id is not None
            taken.append((row, report, b"" if named else natural_key(report)))
    return taken, refused


def _identified(row: Row, report: Report, key: bytes, seen: Seen, reference: Reference) -> Identified:
    ordinal, repeats = seen.meet(key, row.letter or report.content) if key else (1, False)
    provider = provider_of(report.sent)
    known = provider if report.whose.resolved and provider in reference.providers else None
    identity = identity_of(report.sent.external_id, key, ordinal)
    return Identified(row.number, report, identity, repeats, known)


async def _where_they_were(tx: Transaction, reports: list[Identified], reference: Reference) -> list[Identified]:
    """A report taken while nobody knew its organisation stays under that name until somebody resolves the name."""
    moved = {
        (report.report.sent.country, report.provider_id, report.identity): report
        for report in reports
        if report.provider_id
    }
    if not moved:
        return reports
    stay = {id(moved[key]) for key in await store.keys_that_exist(tx, moved)}
    return [_under_provider(report) if id(report) in stay else report for report in reports]


def _under_provider(identified: Identified) -> Identified:
    sent = identified.report.sent
    assert identified.provider_id is not None
    whose = Whose(identified.provider_id, sent.organisation_acronym, sent.organisation, resolved=False)
    flags = (*identified.report.flags, "organisation_unresolved")
    return replace(identified, report=replace(identified.report, whose=whose, flags=flags))


def _latest(reports: Iterable[Identified]) -> tuple[list[Identified], list[Identified]]:
    """Each identity once, in key order: where one came twice in a request the later row wins."""
    latest: dict[tuple[str, str, str], Identified] = {}
    superseded = []
    for report in reports:
        key = report.key
        if earlier := latest.get(key):
            superseded.append(earlier)
        latest[key] = report
    return [latest[key] for key in sorted(latest)], superseded


async def _write(
    tx: Transaction, reports: Sequence[Identified], sender: Sender, origin: Origin
) -> list[tuple[Identified, store.Written]]:
    """Each report with what was done with it."""
    named = (whose for r in reports for whose in (r.report.whose, r.report.implementer) if whose)
    await store.keep_providers(tx, named)
    written: list[tuple[Identified, store.Written]] = []
    for start in range(0, len(reports), CHUNK):
        chunk = reports[start : start + CHUNK]
        done = await store.upsert_reports(tx, chunk, origin, sender)
        states = {
            str(now.id): state_as_sent(report, now.id, now.version, now.sensitivity, now.contest)
            for report, now in done
            if now.status in CHANGED
        }
        await events.append_states(tx, ReportSubmitted, states)
        written += done
    return written


def _outcomes(written: Iterable[tuple[Identified, store.Written]]) -> list[Outcome]:
    return [
        _outside(report)
        if now.status == "outside"
        else Outcome(
            report.row,
            now.status,
            now.id,
            now.version,
            report.flags,
            exact_repeat=report.exact_repeat,
            not_understood=report.report.sent.as_written or {},
        )
        for report, now in written
    ]


def _outside(report: Identified) -> Outcome:
    """A row whose `external_id` is that of a report in another scope, of which nothing more is told."""
    return Outcome(report.row, "refused", errors=[OutsideYourScope("external_id", row=report.row)])


def _superseded(earlier: Sequence[Identified], written: Iterable[tuple[Identified, store.Written]]) -> list[Outcome]:
    """What became of the rows that a later row of the same request replaced."""
    by_key = {report.key: now for report, now in written} if earlier else {}
    return [
        _outside(report)
        if now.status == "outside"
        else Outcome(report.row, "superseded", now.id, now.version, [*report.flags, "superseded_by_later_row"])
        for report in earlier
        for now in (by_key[report.key],)
    ]
