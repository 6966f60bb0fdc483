"""HTTP in and out of targets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from database import Transaction
from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter
from runtime import audit
from runtime.access import Caller
from runtime.answers import etag, json_answer, versioned
from runtime.changes import Row, Span
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import Following, Listing, Page, Part
from runtime.problems import NotFound

from activities.reports.domain import Sender
from activities.rows import api as rows
from activities.rows.bodies import Batch, RowReader
from activities.targets import commands, queries
from activities.targets.commands import Row as SentRow
from activities.targets.queries import COLUMNS, TargetFilter
from activities.targets.shape import Defaults, NewTarget
from activities.targets.tables import read_table

router = APIRouter(route_class=EdgeRoute, tags=["targets"])

READER: RowReader[SentRow] = RowReader(TypeAdapter(list[NewTarget]), SentRow)


class TargetPage(TargetFilter, Following):
    """Which targets, and which page of them."""


@router.post("/v1/targets", openapi_extra=rows.described(NewTarget, "text/csv"))
async def set_targets(request: Request, tx: Tx, caller: Asking, defaults: Annotated[Defaults, Query()]) -> Response:
    """Set targets: one object, an array, one object a line, or a table (CSV with HXL tags or headings).

    Each row is taken or refused by itself. What is said in the address holds for rows that don't say it. The same
    target again is `unchanged`, another number a new version, `null` withdraws it; in a table an empty number
    withdraws nothing. A table with columns that are not understood and hold figures or dates, or with two columns for
    one thing that differ, is refused whole.
    """
    batch = await rows.rows_of(request, partial(_read, defaults))
    taken = await commands.set_targets(tx, batch.rows, Sender.of(caller.principal))
    outcomes = [*batch.refused, *taken]
    await audit.record(tx, caller.principal, "targets.set", "targets", rows.counts_of(outcomes))
    return rows.answer(request, outcomes)


def _read(defaults: Defaults, kind: str, body: bytes) -> Batch[SentRow]:
    if kind == "text/csv":
        table = read_table(body, accept_ignored=defaults.accept_ignored)
        batch = READER.batch(table.rows, table.refused, defaults.completed)
        return Batch([replace(row, flags=table.flags[row.number]) for row in batch.rows], batch.refused)
    reader = READER.json if kind in ("application/json", "") else READER.ndjson
    return reader(body, defaults.completed)


async def _find(tx: Transaction, caller: Caller, wanted: TargetFilter, part: Part) -> Page:
    return await queries.targets_page(tx, caller.principal, wanted, first=part.first, after=part.behind)


async def _changes(
    tx: Transaction, caller: Caller, wanted: TargetFilter, columns: Sequence[str], span: Span
) -> Sequence[Row]:
    return await queries.changed_targets(tx, caller.principal, wanted, span)


LIST = Listing("targets", TargetFilter, COLUMNS, _find, _changes)


@router.get("/v1/targets")
async def target_list(request: Request, asked: Annotated[TargetPage, Query()]) -> Response:
    """Targets by country, sector, area and period; with `changes_after` in the order of their changes."""
    return json_answer(await LIST.page(request, asked))


@router.get("/v1/targets/{id}")
async def target(tx: Tx, caller: Asking, id: UUID) -> Response:
    """One target, also where it was withdrawn."""
    return versioned(await _target(tx, caller, id))


@router.delete("/v1/targets/{id}")
async def withdraw(tx: Tx, caller: Asking, id: UUID) -> Response:
    """Withdraw a target; it can be set again, and goes on with its version."""
    now = await commands.withdraw_target(tx, id, Sender.of(caller.principal))
    await audit.record(tx, caller.principal, "targets.withdraw", f"target:{id}", {"version": now.version})
    return json_answer({"id": id, "version": now.version, "status": now.status}, headers={"ETag": etag(now.version)})


async def _target(tx: Transaction, caller: Caller, id: UUID) -> Mapping[str, Any]:
    page = await queries.targets_page(tx, caller.principal, TargetFilter(id=id), first=1, after=None)
    if not page.rows:
        raise NotFound
    return {name: page.rows[0][name] for name in COLUMNS}
