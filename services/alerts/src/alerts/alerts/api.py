"""`/v1/alerts`: issuing alerts and reading them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from database import Transaction, new_id
from fastapi import APIRouter, Query, Request, Response
from runtime import audit
from runtime.access import Caller
from runtime.answers import json_answer, versioned
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First, ListQuery
from runtime.problems import NotFound

from alerts.alerts import commands, queries
from alerts.alerts.domain import oid
from alerts.alerts.errors import UnknownColumn
from alerts.alerts.queries import COLUMNS, OPEN, AlertFilter
from alerts.alerts.shape import NewAlert

router = APIRouter(route_class=EdgeRoute, tags=["alerts"])


class AlertPage(AlertFilter):
    """Which alerts, and which page of them."""

    first: First = 100
    after: After = None


@router.post("/v1/alerts", status_code=HTTPStatus.CREATED)
async def issue(tx: Tx, caller: Asking, new: NewAlert) -> Response:
    """Issue an alert. The same identifier with the same content gives the alert that stands."""
    id, now = new_id(), datetime.now(UTC)
    said = new.model_dump(mode="json")
    issued = await commands.issue_alert(tx, caller, new.as_alert(oid(id), now), id=id, now=now, said=said)
    found = await queries.alert(tx, caller.principal, issued.id, now)
    assert found is not None
    location = {"Location": f"/v1/alerts/{issued.id}"}
    return versioned(_shown(found), HTTPStatus.CREATED if issued.fresh else HTTPStatus.OK, location)


@router.get("/v1/alerts")
async def alert_list(request: Request, tx: Tx, caller: Asking, asked: Annotated[AlertPage, Query()]) -> Response:
    """Alerts, newest first, without polygons and circles: those stand in the single alert."""
    cursors = _cursors(request, asked)
    behind = cursors.decode(asked.after) if asked.after else None
    page = await queries.alerts(tx, caller.principal, asked, datetime.now(UTC), first=asked.first, behind=behind)
    return json_answer(page.as_objects(cursors, OPEN))


@router.get("/v1/alerts/{alert_id}")
async def alert_detail(tx: Tx, caller: Asking, alert_id: UUID) -> Response:
    """One alert with its ETag."""
    found = await queries.alert(tx, caller.principal, alert_id, datetime.now(UTC))
    if found is None:
        raise NotFound
    await _record_look(tx, caller, [found], COLUMNS)
    return versioned(_shown(found))


@router.post("/internal/alerts/query", include_in_schema=False)
async def alert_columns(request: Request, tx: Tx, caller: Asking, query: ListQuery[AlertFilter]) -> Response:
    """Alerts as columns, for the gateway."""
    if unknown := sorted(set(query.columns) - set(COLUMNS)):
        raise UnknownColumn("columns", column=unknown[0])
    cursors = _cursors(request, query.filter)
    behind = cursors.decode(query.after) if query.after else None
    now = datetime.now(UTC)
    page = await queries.alerts(tx, caller.principal, query.filter, now, first=query.first, behind=behind)
    await _record_look(tx, caller, page.rows, query.columns)
    return json_answer(page.as_columns(cursors, query.columns))


async def _record_look(
    tx: Transaction, caller: Caller, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]
) -> None:
    """Each look at another's high data is audited."""
    for id in queries.looked_at(rows, columns, caller.principal):
        await audit.record(tx, caller.principal, "alert.look", f"alert:{id}")


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in COLUMNS}


def _cursors(request: Request, asked: AlertFilter) -> Cursors:
    key = request.app.state.settings.cursor_key.get_secret_value()
    return Cursors(key, bound_to=["alerts", asked.model_dump(exclude={"first", "after"}), queries.SORT])
