"""`/v1/alerts`: issuing alerts and reading them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from contracts.alerts import ALERTS, AlertFilter
from contracts.alerts import Alert as AlertRow
from database import Transaction, new_id
from fastapi import APIRouter, Response
from runtime.access import KIB, SIGNED_IN, Reader, Rule
from runtime.answers import versioned
from runtime.changes import ChangeWindow, Row
from runtime.listing import Listing, Page, PageRequest
from runtime.looks import Look
from runtime.openapi import refuses
from runtime.problems import NotFound, NotYours, OutsideYourScope
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from alerts.access import ISSUERS
from alerts.alerts import commands, queries
from alerts.alerts.domain import oid
from alerts.alerts.errors import EvacuateNotMandated, IdentifierTaken
from alerts.alerts.queries import COLUMNS
from alerts.alerts.schemas import NewAlert
from alerts.alerts.visibility import VISIBILITY

router = APIRouter(route_class=TransactionalRoute, tags=["alerts"])


@router.post(
    "/v1/alerts",
    status_code=HTTPStatus.CREATED,
    response_model=AlertRow,
    responses={200: {"model": AlertRow, "description": "The alert stands already."}},
    openapi_extra=refuses(OutsideYourScope, EvacuateNotMandated, NotYours, IdentifierTaken),
)
@Rule(ISSUERS, largest_body=256 * KIB)
async def issue(tx: Tx, caller: Asking, new: NewAlert) -> Response:
    """Issue an alert. The same identifier with the same content gives the alert that stands."""
    id, now = new_id(), datetime.now(UTC)
    said = new.model_dump(mode="json")
    issued = await commands.issue_alert(tx, caller, new.as_alert(oid(id), now), id=id, now=now, details=said)
    found = await queries.alert(tx, caller.reader, issued.id, now)
    assert found is not None
    location = {"Location": f"/v1/alerts/{issued.id}"}
    return versioned(_shown(found), HTTPStatus.CREATED if issued.fresh else HTTPStatus.OK, location)


async def _find(tx: Transaction, reader: Reader, filter: AlertFilter, part: PageRequest) -> Page:
    return await queries.alerts(tx, reader, filter, datetime.now(UTC), part)


async def _changes(
    tx: Transaction, reader: Reader, filter: AlertFilter, columns: Sequence[str], span: ChangeWindow
) -> Sequence[Row]:
    return await queries.changed_alerts(tx, reader, filter, datetime.now(UTC), span)


LOOK = Look("alert.look", "alert:{id}", each=True, only_filled=True)
LIST = Listing(
    ALERTS,
    _find,
    Rule(SIGNED_IN),
    _changes,
    by=[("country", "area")],
    visibility=VISIBILITY,
    look=LOOK,
)
list_route(
    router,
    "/v1/alerts",
    LIST,
    "Alerts, newest first, without polygons and circles: those stand in the single alert.\n\n"
    "With `changes_after` those that were issued or superseded, in the order of these changes.",
)


@router.get("/v1/alerts/{alert_id}", response_model=AlertRow)
@Rule(SIGNED_IN)
async def alert_detail(tx: Tx, caller: Asking, alert_id: UUID) -> Response:
    """One alert with its ETag."""
    found = await queries.alert(tx, caller.reader, alert_id, datetime.now(UTC))
    if found is None:
        raise NotFound
    await LIST.record_look(tx, caller, [found], COLUMNS, LOOK)
    return versioned(_shown(found))


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in COLUMNS}
