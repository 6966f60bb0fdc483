"""HTTP in and out of targets."""

from dataclasses import replace
from functools import partial
from typing import Annotated
from uuid import UUID

from contracts.targets import WithdrawnTarget
from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter
from runtime import audit
from runtime.access import MIB, Rule
from runtime.answers import etag, json_answer
from runtime.openapi import refuses
from runtime.problems import NotYours
from runtime.reading import item_route, list_route
from runtime.routing import Asking, TransactionalRoute, Tx
from runtime.rows import answers as rows
from runtime.rows.reading import BodyReader, ParsedRows

from plans.access import READERS, ROWS, SETTERS
from plans.targets import commands
from plans.targets.commands import TargetRow as SentRow
from plans.targets.queries import SOURCE
from plans.targets.schemas import Defaults, NewTarget
from plans.targets.tables import read_table

router = APIRouter(route_class=TransactionalRoute, tags=["targets"])

READER: BodyReader[SentRow] = BodyReader(TypeAdapter(list[NewTarget]), SentRow)


@router.post("/v1/targets", **rows.described(NewTarget, "text/csv"))
@Rule(SETTERS, ROWS, largest_body=32 * MIB)
async def set_targets(request: Request, tx: Tx, caller: Asking, defaults: Annotated[Defaults, Query()]) -> Response:
    """Set targets: one object, an array, one object a line, or a table (CSV with HXL tags or headings).

    Each row is taken or refused by itself. What is said in the address holds for rows that don't say it. The same
    target again is `unchanged`, another number a new version, `null` withdraws it; in a table an empty number
    withdraws nothing. A table with columns that are not understood and hold figures or dates, or with two columns for
    one thing that differ, is refused whole.
    """
    batch = await rows.rows_of(request, partial(_read, defaults))
    taken = await commands.set_targets(tx, batch.rows, caller.principal)
    outcomes = [*batch.rejected, *taken]
    await audit.record(tx, caller.principal, "targets.set", "targets", rows.counts_of(outcomes))
    return rows.answer(request, outcomes)


def _read(defaults: Defaults, kind: str, body: bytes) -> ParsedRows[SentRow]:
    if kind == "text/csv":
        table = read_table(body, accept_ignored=defaults.accept_ignored)
        batch = READER.batch(table.rows, table.rejected, defaults.completed)
        return ParsedRows([replace(row, flags=table.flags[row.number]) for row in batch.rows], batch.rejected)
    reader = READER.json if kind in ("application/json", "") else READER.ndjson
    return reader(body, defaults.completed)


LIST = SOURCE.listing(Rule(READERS))
list_route(
    router,
    "/v1/targets",
    LIST,
    "Targets by country, sector, area and period; with `changes_after` in the order of their changes.",
)
item_route(router, "/v1/targets/{id}", SOURCE, "One target, also where it was withdrawn.", LIST.rule)


@router.delete("/v1/targets/{id}", response_model=WithdrawnTarget, openapi_extra=refuses(NotYours))
@Rule(SETTERS)
async def withdraw(tx: Tx, caller: Asking, id: UUID) -> Response:
    """Withdraw a target; it can be set again, and goes on with its version."""
    now = await commands.withdraw_target(tx, id, caller.principal)
    await audit.record(tx, caller.principal, "targets.withdraw", f"target:{id}", {"version": now.version})
    return json_answer({"id": id, "version": now.version, "status": now.status}, headers={"ETag": etag(now.version)})
