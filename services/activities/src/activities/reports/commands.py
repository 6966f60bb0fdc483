"""What changes reports: submitting them, many at once."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from contracts.reports import ReportChanged
from database import Record, Transaction, new_id
from messaging import events
from runtime.problems import OutsideYourScope
from runtime.rows.outcomes import Outcome, RowRejected, rejected_row

from activities.reference.domain import LookupKeys, Reference
from activities.reference.queries import reference_for
from activities.reports import candidates, store
from activities.reports.candidates import Spot, spot_of
from activities.reports.domain import (
    NAMED,
    Identified,
    OrganisationRef,
    Origin,
    RepeatCounter,
    Report,
    Sender,
    digest,
    named_identity,
    unnamed_identity,
)
from activities.reports.event_state import sent_state
from activities.reports.pairing import ReportContent, StoredReport, kind_of, mask_of, pair, stored_content
from activities.reports.resolution import note_lookups, provider_of, resolve
from activities.reports.schemas import NewReport

Made = TypeVar("Made")

CHANGED = frozenset({"created", "updated"})
MANY = 300
"""Rows from which resolving happens beside the event loop."""
CHUNK = 1000
"""Rows of one statement."""
NO_FILE = Origin()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of a request or a file, with what was assumed while reading it."""

    number: int
    sent: NewReport
    flags: tuple[str, ...] = ()
    row_hash: bytes = b""
    """Hash of the row as it stood in its file."""
    carried: frozenset[str] | None = None
    """Fields its file was understood to carry, empty or not: no other is changed. None: the row is the whole report."""
    repeats: bool | None = None
    """Whether it repeats another to the letter, where that was found out already."""


class RowHistory(Protocol):
    """What is remembered of the earlier rows of a file."""

    upload_id: UUID | None
    last: bool
    """Whether no row comes behind these, so that none is laid aside."""

    async def recall(self, tx: Transaction, kinds: Iterable[bytes]) -> RepeatCounter: ...

    async def remember(self, tx: Transaction, counter: RepeatCounter) -> None: ...

    async def note_matched(self, tx: Transaction, reports: Iterable[Identified]) -> None:
        """These reports are rows of the file: no other row of it is one of them."""

    async def defer_rows(self, tx: Transaction, rows: Sequence[tuple[ReportRow, bytes]]) -> None:
        """Keep rows until all others are known, with a hash of where they belong."""


class RequestHistory:
    """A request is read whole: nothing came before it, and nothing comes behind."""

    upload_id: UUID | None = None
    last = True

    async def recall(self, tx: Transaction, kinds: Iterable[bytes]) -> RepeatCounter:
        return RepeatCounter()

    async def remember(self, tx: Transaction, counter: RepeatCounter) -> None: ...

    async def note_matched(self, tx: Transaction, reports: Iterable[Identified]) -> None: ...

    async def defer_rows(self, tx: Transaction, rows: Sequence[tuple[ReportRow, bytes]]) -> None: ...


ONE_REQUEST = RequestHistory()


async def submit_reports(
    tx: Transaction,
    rows: Sequence[ReportRow],
    sender: Sender,
    secret: bytes,
    memory: RowHistory = ONE_REQUEST,
    origin: Origin = NO_FILE,
) -> list[Outcome]:
    """Take the rows that can be taken, each with its event, and say of each row what became of it.

    Nothing is said yet of rows that are laid aside until their file's others are known.
    """
    reference = await reference_for(tx, await _run_in_thread(len(rows), _lookup_keys, rows, sender))
    read, refused = await _run_in_thread(len(rows), _read, rows, sender, reference, secret)
    seen = await memory.recall(tx, {each.kind for each in read if each.kind})
    reports = [_identified(each, seen, reference) for each in read]
    await memory.remember(tx, seen)
    reports = await _where_they_were(tx, reports)
    reports = await _paired(tx, reports, memory)
    reports = await _completed(tx, reports, secret)
    latest, superseded = _latest(each.report for each in reports)
    written = await _write(tx, latest, sender, origin)
    return sorted([*refused, *_outcomes(written), *_superseded(superseded, written)], key=lambda o: o.row)


async def _run_in_thread(size: int, work: Callable[..., Made], *facts: object) -> Made:
    """Work on many rows must not hold up the other requests of the process."""
    return await asyncio.to_thread(work, *facts) if size > MANY else work(*facts)


def _lookup_keys(rows: Sequence[ReportRow], sender: Sender) -> LookupKeys:
    lookup = LookupKeys()
    for row in rows:
        note_lookups(lookup, row.sent, sender)
    return lookup


class _Understood(NamedTuple):
    """A row that can be taken, and the report it is once that is known."""

    row: ReportRow
    report: Report
    content: ReportContent
    kind: bytes
    """Of a row without an id of its own."""


class _Placed(NamedTuple):
    """A row on its way to the report it is; where that stands already, what it says."""

    understood: _Understood
    report: Identified
    held: Record | None = None


def _read(
    rows: Sequence[ReportRow], sender: Sender, reference: Reference, secret: bytes
) -> tuple[list[_Understood], list[Outcome]]:
    taken, refused = [], []
    for row in rows:
        try:
            report, said = resolve(row.sent, sender, reference, secret, row.flags)
        except RowRejected as reasons:
            refused.append(rejected_row(row.number, reasons.faults))
        else:
            kind = kind_of(report, said) if report.sent.external_id is None else b""
            taken.append(_Understood(row, report, said, kind))
    return taken, refused


def _identified(each: _Understood, counter: RepeatCounter, reference: Reference) -> _Placed:
    row, report, repeats = each.row, each.report, each.row.repeats or False
    if each.kind and row.repeats is None:
        repeats = counter.is_repeat(each.kind, row.row_hash or report.content)
    provider = provider_of(report.sent)
    known = provider if report.owner.resolved and provider in reference.providers else None
    identity = named_identity(report.sent.external_id) if report.sent.external_id is not None else ""
    return _Placed(each, Identified(row.number, report, identity, repeats, known))


async def _where_they_were(tx: Transaction, reports: list[_Placed]) -> list[_Placed]:
    """A report taken while nobody knew its organisation stays under that name until somebody resolves the name."""
    moved = [each for each in reports if each.report.provider_id]
    if not moved:
        return reports
    keys = {_key_under_provider(each.report) for each in moved if each.report.identity}
    spots = {_spot_under_provider(each.report) for each in moved if not each.report.identity}
    named, unnamed = await store.keys_that_exist(tx, keys), await candidates.spots_taken(tx, spots)
    stay = {
        id(each)
        for each in moved
        if (each.report.identity and _key_under_provider(each.report) in named)
        or (not each.report.identity and _spot_under_provider(each.report) in unnamed)
    }
    return [each._replace(report=_under_provider(each.report)) if id(each) in stay else each for each in reports]


def _key_under_provider(report: Identified) -> store.Key:
    assert report.provider_id is not None
    return report.report.sent.country, report.provider_id, report.identity


def _spot_under_provider(report: Identified) -> Spot:
    assert report.provider_id is not None
    return spot_of(report.report)._replace(organisation_id=report.provider_id)


def _under_provider(identified: Identified) -> Identified:
    sent = identified.report.sent
    assert identified.provider_id is not None
    whose = OrganisationRef(identified.provider_id, sent.organisation_acronym, sent.organisation, resolved=False)
    flags = (*identified.report.flags, "organisation_unresolved")
    return replace(identified, report=replace(identified.report, owner=whose, flags=flags))


async def _paired(tx: Transaction, reports: list[_Placed], memory: RowHistory) -> list[_Placed]:
    """Rows with the report each is: those without an id by content first; what then might be another is laid aside
    until the file's other rows are known, or paired by least change where they are.
    """
    named = [each for each in reports if each.report.identity]
    unnamed = [each for each in reports if not each.report.identity]
    if not unnamed:
        return reports
    spots = {spot_of(each.report.report) for each in unnamed}
    await candidates.lock_unnamed(tx, spots)
    said = [each.report.identity for each in named]
    equal, doubtful, others = await _equal(tx, unnamed, said, memory)
    taken = [*said, *(each.report.identity for each in equal)]
    await memory.note_matched(tx, [each.report for each in equal])
    crowded = await candidates.crowded(tx, {spot_of(each.report.report) for each in others}, taken, memory.upload_id)
    apart = [each for each in others if spot_of(each.report.report) in crowded]
    fresh = [_made(each) for each in others if spot_of(each.report.report) not in crowded]
    if apart and memory.last:
        nearest = await _nearest(tx, apart, crowded, taken, memory)
        await memory.note_matched(tx, [each.report for each in (*fresh, *nearest)])
        return [*named, *equal, *fresh, *nearest]
    await memory.note_matched(tx, [each.report for each in fresh])
    aside = [*apart, *doubtful]
    await memory.defer_rows(tx, [(_once_more(each), digest(spot_of(each.report.report))) for each in aside])
    return [*named, *equal, *fresh]


async def _equal(
    tx: Transaction, unnamed: list[_Placed], named: Sequence[str], memory: RowHistory
) -> tuple[list[_Placed], list[_Placed], list[_Placed]]:
    """The rows that are what stands already; those that equal a report with an id, which a later row of the file may
    say; and the others.
    """
    wanted: dict[Spot, set[bytes]] = {}
    for each in unnamed:
        wanted.setdefault(spot_of(each.report.report), set()).add(each.report.report.content)
    alike: dict[tuple[Spot, bytes], deque[Record]] = {}
    for row in await candidates.equal_to(tx, wanted, named, memory.upload_id):
        spot = Spot(*(row[name] for name in Spot._fields))
        alike.setdefault((spot, row["content"]), deque()).append(row)
    equal, doubtful, others = [], [], []
    for each in unnamed:
        found = alike.get((spot_of(each.report.report), each.report.report.content))
        if not found:
            others.append(each)
            continue
        held = found.popleft()
        if held["has_id"] and not memory.last:
            doubtful.append(each)
        else:
            equal.append(each._replace(report=replace(each.report, identity=held["identity"])))
    return equal, doubtful, others


async def _nearest(
    tx: Transaction, apart: list[_Placed], spots: Iterable[Spot], taken: Sequence[str], memory: RowHistory
) -> list[_Placed]:
    standing_there = await candidates.candidates(tx, spots, taken, memory.upload_id)
    return await _run_in_thread(len(apart), _pair_by_spot, apart, standing_there)


def _pair_by_spot(apart: list[_Placed], standing_there: dict[Spot, list[Record]]) -> list[_Placed]:
    by_spot: dict[tuple[Spot, frozenset[str] | None], list[_Placed]] = {}
    for each in apart:
        by_spot.setdefault((spot_of(each.report.report), each.understood.row.carried), []).append(each)
    paired = []
    for (spot, carried), rows in by_spot.items():
        reports = standing_there.get(spot, [])
        there = [StoredReport(row["identity"], stored_content(dict(row)), row["only_equal"]) for row in reports]
        mask = mask_of(carried)
        found = pair([each.understood.content for each in rows], there, mask)
        for each, place in zip(rows, found, strict=True):
            if place is None:
                paired.append(_made(each))
                continue
            equal = there[place].content.seen(mask) == each.understood.content.seen(mask)
            paired.append(_found(each, reports[place], equal=equal))
        gone = {place for place in found if place is not None}
        standing_there[spot] = [row for place, row in enumerate(reports) if place not in gone]
    return paired


def _made(each: _Placed) -> _Placed:
    """The row as a report of its own."""
    return each._replace(report=replace(each.report, identity=unnamed_identity(new_id())))


def _found(each: _Placed, held: Record, *, equal: bool) -> _Placed:
    """The row as the report that stands; it is said where that was not plain."""
    report = each.report.report
    if not equal:
        report = replace(report, flags=(*report.flags, "taken_as_correction"))
    return each._replace(report=replace(each.report, report=report, identity=held["identity"]), held=held)


def _once_more(each: _Placed) -> ReportRow:
    return replace(each.understood.row, repeats=each.report.exact_repeat)


async def _completed(tx: Transaction, reports: list[_Placed], secret: bytes) -> list[_Placed]:
    """Rows of files with what they do not carry as it stands."""
    partial = [each for each in reports if each.understood.row.carried is not None]
    if not partial:
        return reports
    asked = {each.report.key for each in partial if each.held is None and each.report.identity.startswith(NAMED)}
    held = await candidates.named(tx, asked) if asked else {}
    return [_completed_by(each, each.held or held.get(each.report.key), secret) for each in reports]


def _completed_by(each: _Placed, held: Record | None, secret: bytes) -> _Placed:
    carried = each.understood.row.carried
    if held is None or carried is None:
        return each
    return each._replace(report=candidates.completed(each.report, dict(held), carried, secret))


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
) -> list[tuple[Identified, store.WrittenReport]]:
    """Each report with what was done with it."""
    named = (whose for r in reports for whose in (r.report.owner, r.report.implementer) if whose)
    await store.keep_providers(tx, named)
    written: list[tuple[Identified, store.WrittenReport]] = []
    for start in range(0, len(reports), CHUNK):
        chunk = reports[start : start + CHUNK]
        done = await store.upsert_reports(tx, chunk, origin, sender)
        states = {
            str(now.id): sent_state(report, now.id, now.version, now.sensitivity, now.contest)
            for report, now in done
            if now.status in CHANGED
        }
        await events.append_states(tx, ReportChanged, states)
        written += done
    return written


def _outcomes(written: Iterable[tuple[Identified, store.WrittenReport]]) -> list[Outcome]:
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
    return rejected_row(report.row, [OutsideYourScope("external_id")])


def _superseded(
    earlier: Sequence[Identified], written: Iterable[tuple[Identified, store.WrittenReport]]
) -> list[Outcome]:
    """What became of the rows that a later row of the same request replaced."""
    by_key = {report.key: now for report, now in written} if earlier else {}
    return [
        _outside(report)
        if now.status == "outside"
        else Outcome(report.row, "superseded", now.id, now.version, [*report.flags, "superseded_by_later_row"])
        for report in earlier
        for now in (by_key[report.key],)
    ]
