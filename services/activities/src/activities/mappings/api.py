"""HTTP in and out of mappings."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from contracts.mappings import FileMapping, WithdrawnMapping
from database import Transaction
from fastapi import APIRouter, Header, Response
from runtime.access import MIB, Caller, Rule
from runtime.answers import expected_version, json_answer, versioned
from runtime.naming import UnknownSector
from runtime.openapi import refuses
from runtime.problems import NotFound
from runtime.reading import item_route, list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from activities.access import READERS, SENDERS
from activities.mappings import commands
from activities.mappings.errors import FieldNotOfReports, ShareWithoutGroup, UnknownScope
from activities.mappings.queries import SOURCE
from activities.mappings.schemas import MappingChanges, NewMapping

router = APIRouter(route_class=TransactionalRoute, tags=["mappings"])

LIST = SOURCE.listing(Rule(READERS))
list_route(
    router,
    "/v1/mappings",
    LIST,
    "How files of one shape are read: your organisation's own mappings, and those shared with working groups.",
)
item_route(router, "/v1/mappings/{id}", SOURCE, "One mapping, as it can be loaded elsewhere.", LIST.rule)


@router.post(
    "/v1/mappings",
    status_code=HTTPStatus.CREATED,
    response_model=FileMapping,
    openapi_extra=refuses(FieldNotOfReports),
)
@Rule(SENDERS, largest_body=4 * MIB)
async def load_mapping(tx: Tx, caller: Asking, body: NewMapping) -> Response:
    """Load a mapping that was exported, as your own: files of its shape are read by it from now on.

    Where you have one for the same shape, this is another version of it.
    """
    id = await commands.load_mapping(tx, caller.principal, body)
    return await _shown(tx, caller, id, HTTPStatus.CREATED)


@router.patch(
    "/v1/mappings/{id}",
    response_model=FileMapping,
    openapi_extra=refuses(ShareWithoutGroup, UnknownScope, UnknownSector),
)
@Rule(SENDERS)
async def change_mapping(
    tx: Tx, caller: Asking, id: UUID, body: MappingChanges, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Rename a mapping of your own, or share it with the working group of a sector and scope.

    تغيير اسم قالب تملكه أو مشاركته مع مجموعة عمل.
    """
    await commands.change_mapping(tx, caller.principal, id, body, expected_version(if_match))
    return await _shown(tx, caller, id)


@router.delete("/v1/mappings/{id}", response_model=WithdrawnMapping)
@Rule(SENDERS)
async def withdraw_mapping(tx: Tx, caller: Asking, id: UUID) -> Response:
    """Withdraw a mapping of your own: no file is read by it from now on.

    سحب قالب تملكه: لا يُقرأ به أي ملف بعد الآن.
    """
    await commands.withdraw_mapping(tx, caller.principal, id)
    return json_answer({"id": id})


async def _shown(tx: Transaction, caller: Caller, id: UUID, status: HTTPStatus = HTTPStatus.OK) -> Response:
    found = await SOURCE.one(tx, caller.reader, id)
    if found is None:
        raise NotFound
    return versioned(found, status, {"Location": f"/v1/mappings/{id}"})
