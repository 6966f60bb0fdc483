"""Making a proposal: the whole file is read by the readers that count it, and nothing of it is kept."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from contracts.lines import line
from database import Transaction
from jobs import Attempt
from runtime.problems import Refusal
from runtime.rows.outcomes import Outcome, RowRejected, rejected_row
from runtime.service import Worker
from tables.headings import LONGEST_HEADING, SheetColumn
from tables.records import TableRecord

from activities.proposals import queries, store
from activities.proposals.domain import NewProposal, headings_of, most_alike
from activities.proposals.suggestions import Suggestion, list_of, suggested
from activities.proposals.tally import AREAS, ORGANISATIONS, Tally, most_frequent
from activities.reference.domain import LookupKeys, Reference
from activities.reference.queries import reference_for
from activities.reports.candidates import Spot, equal_to, spot_of
from activities.reports.domain import Report
from activities.reports.resolution import note_lookups, resolve
from activities.settings import Settings
from activities.uploads import store as uploads
from activities.uploads.book import Book, ReportSheet
from activities.uploads.causes import as_json as causes_as_json
from activities.uploads.commands import UploadStep
from activities.uploads.domain import Upload

MOST_TOLD_COLUMNS = 2000
"""Of all sheets."""
MOST_TOP_ROWS = 15
MOST_TOP_CELLS = 10_000
"""Of all sheets."""
MOST_AREAS = 100


@dataclass(frozen=True)
class ProposedFile:
    """A file that was opened, and what gives its rows in steps."""

    book: Book
    next_step: Callable[[], UploadStep | None]
    turn_seconds: float
    """How long it is read while other senders wait."""


async def propose(worker: Worker[Settings], attempt: Attempt, upload: Upload, file: ProposedFile) -> None:
    """Read the file to its end and say how it would be read, what its rows come to and what is to be settled.

    Where others wait it is given back, and gone on with from what was met so far.
    """
    secret = worker.settings.unit_key.get_secret_value().encode()
    tally = Tally.of(upload.draft) if upload.draft else Tally(assumptions=dict(upload.progress.assumptions))
    ends = time.monotonic() + file.turn_seconds
    while step := await asyncio.to_thread(file.next_step) if file.book.sheets else None:
        reference = await attempt.commit(partial(_move, upload=upload, step=step))
        reports = await asyncio.to_thread(_weigh, tally, step, upload, (reference, secret))
        tally.unchanged += await attempt.commit(partial(_standing, reports=reports))
        if time.monotonic() > ends:
            await attempt.commit(partial(uploads.keep_draft, upload=upload, after=step.after, draft=tally.as_json()))
            if await attempt.give_back_to_others():
                return
            ends = time.monotonic() + file.turn_seconds
    await attempt.complete(partial(_keep, upload=upload, book=file.book, tally=tally))


async def _move(tx: Transaction, upload: Upload, step: UploadStep) -> Reference:
    """What the rows name, with how far the file is read."""
    await uploads.note_position(tx, upload, step.position)
    lookup = LookupKeys()
    for row in step.rows:
        note_lookups(lookup, row.sent, upload.sender)
    return await reference_for(tx, lookup)


def _weigh(tally: Tally, step: UploadStep, upload: Upload, known: tuple[Reference, bytes]) -> list[Report]:
    reports: list[Report] = []
    refused: list[Outcome] = [*step.rejected]
    for row in step.rows:
        try:
            report, _ = resolve(row.sent, upload.sender, *known, row.flags)
            reports.append(report)
        except RowRejected as reasons:
            refused.append(rejected_row(row.number, reasons.faults))
    tally.add(step, reports, refused)
    return reports


async def _standing(tx: Transaction, reports: Sequence[Report]) -> int:
    """How many of these say what stands already."""
    said = Counter((spot_of(report), report.content) for report in reports)
    wanted: dict[Spot, set[bytes]] = {}
    for spot, content in said:
        wanted.setdefault(spot, set()).add(content)
    rows = await equal_to(tx, wanted, [], None) if wanted else []
    return (said & Counter((Spot(*(row[name] for name in Spot._fields)), row["content"]) for row in rows)).total()


async def _keep(tx: Transaction, upload: Upload, book: Book, tally: Tally) -> None:
    wanted = tally.values_to_settle()
    known = await queries.known_names(tx, {list_of(field) for field, *_ in wanted}, upload.form.country)
    nearest = await asyncio.to_thread(suggested, wanted, known)
    sheets = _sheets(book, tally)
    told = {
        "sheets": sheets,
        "sums": _sums(tally),
        "problems": causes_as_json(tally.causes),
        "to_settle": [_to_settle(*value) for value in zip(wanted, nearest, strict=True)],
        "assumptions": tally.assumptions,
        "earlier": await _earlier(
            tx, upload, [column for sheet in sheets for column in sheet.get("columns", ())], tally
        ),
    }
    profiles = {sheet.number: sheet.profile for sheet in book.sheets}
    await store.propose(tx, upload, NewProposal(told, profiles, book.failure))


def _to_settle(value: tuple[str, str, int], nearest: Suggestion | None) -> dict[str, object]:
    field, text, rows = value
    told = {"field": field, "value": text, "rows": rows, "proposal": None, "label": None, "score": None}
    return {**told, **(vars(nearest) if nearest else {})}


def _sums(tally: Tally) -> dict[str, object]:
    counted = {name: getattr(tally, name) for name in ("rows", "accepted", "unchanged", "rejected", "blank")}
    named = {
        name: getattr(tally, name) for name in ("people", "months", "sectors", "statuses", "organisations", "areas")
    }
    return {
        **counted,
        **{name: most_frequent(each) for name, each in named.items()},
        "organisations_not_found": tally.unknown_of(ORGANISATIONS),
        "areas_count": len(tally.areas),
        "areas_not_found": tally.unknown_of(AREAS),
    }


def _sheets(book: Book, tally: Tally) -> list[dict[str, Any]]:
    """The sheets, read and passed over, in their order."""
    room = MOST_TOLD_COLUMNS
    told: list[dict[str, Any]] = []
    for sheet in book.sheets:
        columns = _columns(sheet, book, tally)[:room]
        room -= len(columns)
        mapping = book.given.mappings.get(sheet.number)
        why = "sheet_by_mapping" if mapping else "sheet_given" if sheet.is_given else _why(sheet)
        told.append(
            {
                "number": sheet.number,
                "name": sheet.source.name,
                "reason": {"code": why, "facts": {}},
                "mapping": mapping,
                "headings": list(sheet.profile.headings),
                "columns": columns,
            }
        )
    told += [
        {"number": passed.number, "name": passed.name, "reason": _reason(passed.reason), "passed": True}
        for passed in book.passed_over
    ]
    told.sort(key=lambda each: int(each["number"]))
    cells = MOST_TOP_CELLS
    for sheet_told in told:
        rows = book.tops.get(sheet_told["number"], ())[:MOST_TOP_ROWS]
        if rows and (cells := cells - sum(len(row.cells) for row in rows)) >= 0:
            sheet_told["top"] = [_top_row(row) for row in rows]
    return told


def _why(sheet: ReportSheet) -> str:
    return "sheet_by_tags" if any(column.tag for column in sheet.profile.columns) else "sheet_by_headings"


def _reason(reason: Refusal) -> dict[str, object]:
    return {"code": reason.code, "facts": uploads.plain(reason.facts)}


def _columns(sheet: ReportSheet, book: Book, tally: Tally) -> list[dict[str, object]]:
    samples = tally.samples.get(sheet.number, {})
    asked = {place for number, place in book.columns_in_question if number == sheet.number}
    alike = Counter(column.field for each in book.sheets for column in each.profile.columns)
    headed = {column.place for column in sheet.profile.columns}
    beyond = [SheetColumn(place, "", None, None) for place in sorted(asked - headed)]
    return [
        {
            **column.as_json(),
            "state": "asked" if column.place in asked else "read" if column.field else "not_read",
            "proposed": column.proposed,
            "confidence": column.confidence,
            "samples": samples.get(column.place, []),
            "people": tally.people.get(column.field or "") if alike[column.field] == 1 else None,
        }
        for column in (*sheet.profile.columns, *beyond)
    ]


def _top_row(row: TableRecord) -> dict[str, object]:
    return {"row": row.number, "cells": [line(cell)[:LONGEST_HEADING] for cell in row.cells]}


async def _earlier(
    tx: Transaction, upload: Upload, columns: Sequence[Mapping[str, Any]], tally: Tally
) -> dict[str, object] | None:
    """What an earlier file of the same sender and shape held that this one lacks."""
    headings = headings_of(columns)
    found = most_alike(headings, [dict(row) for row in await queries.earlier_uploads(tx, upload)])
    if found is None:
        return None
    months, areas = await queries.held_by(tx, found["id"])
    lacking = sorted(areas - tally.areas.keys())
    return {
        "id": str(found["id"]),
        "file_name": found["file_name"],
        "received_at": found["received_at"].isoformat(),
        "months": sorted(months - tally.months.keys()),
        "areas": lacking[:MOST_AREAS],
        "areas_count": len(lacking),
        "columns": sorted(headings_of(found["columns"]) - headings),
    }
