"""Organisations by HTTP: apply, read, change, verify, suspend."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from contracts.registry import OrganisationStatus
from contracts.values import Pcode, SectorCode
from database import new_id
from fastapi import APIRouter, Header, Query, Request, Response
from runtime.access import Role
from runtime.answers import expected_version, json_answer, versioned
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.listing import After, First, Page
from runtime.problems import InvalidCursor, NotFound
from runtime.text import Line

from registry.organisations import commands, queries
from registry.organisations.domain import Organisation, Viewer
from registry.organisations.shape import SentChanges, SentOrganisation, TypeCode

router = APIRouter(route_class=EdgeRoute, prefix="/v1/organisations", tags=["organisations"])


@router.post("", status_code=HTTPStatus.CREATED)
async def organisation_apply(tx: Tx, caller: Asking, sent: SentOrganisation) -> Response:
    """Apply. The applicant learns the id and the status; the secretariat verifies."""
    applied = await commands.apply(tx, caller.principal, new_id(), sent.as_profile(), sent.as_contacts())
    location = {"Location": f"{router.prefix}/{applied.id}"}
    if caller.role is Role.SECRETARIAT:
        return versioned(applied.shown(), HTTPStatus.CREATED, location)
    return json_answer({"id": str(applied.id), "status": applied.status}, HTTPStatus.CREATED, location)


@router.get("")
async def organisation_list(
    request: Request,
    tx: Tx,
    caller: Asking,
    status: Annotated[OrganisationStatus | None, Query()] = None,
    type_code: Annotated[TypeCode | None, Query()] = None,
    sector: Annotated[SectorCode | None, Query()] = None,
    area: Annotated[Pcode | None, Query(description="Named as an area of work, exactly this one")] = None,
    search: Annotated[Line | None, Query(description="Beginning of a word of a name, in any spelling")] = None,
    first: First = 100,
    after: After = None,
) -> Response:
    """Organisations in order of their names. Contacts are not among the fields."""
    asked = queries.OrganisationFilter(status, type_code, sector, area, search)
    cursors = Cursors(request.app.state.settings.cursor_key.get_secret_value(), bound_to=asked.bound_to())
    position = _position(cursors.decode(after)) if after else None
    rows = await queries.organisations(tx, Viewer.of(caller.principal), asked, first=first, after=position)
    page = Page.of([dict(row) for row in rows], first=first, sort=queries.SORT)
    return json_answer(page.as_objects(cursors, queries.FIELDS))


def _position(decoded: list[object]) -> tuple[str, UUID]:
    try:
        name, id = decoded
        return str(name), UUID(str(id))
    except ValueError as refused:
        raise InvalidCursor("after") from refused


@router.get("/{organisation_id}")
async def organisation_detail(tx: Tx, caller: Asking, organisation_id: UUID) -> Response:
    """One organisation with its ETag; its contacts only for itself."""
    viewer = Viewer.of(caller.principal)
    found = await queries.organisation(tx, viewer, organisation_id)
    if found is None:
        raise NotFound
    return versioned(await _shown(tx, viewer, found))


@router.patch("/{organisation_id}")
async def organisation_change(
    tx: Tx,
    caller: Asking,
    organisation_id: UUID,
    sent: SentChanges,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Change the fields that are sent, of the version named in If-Match."""
    changed = await commands.change(
        tx, caller, organisation_id, expected_version(if_match), sent.as_changes(), sent.contacts_given()
    )
    return versioned(await _shown(tx, Viewer.of(caller.principal), changed))


@router.post("/{organisation_id}/verify")
async def organisation_verify(tx: Tx, caller: Asking, organisation_id: UUID) -> Response:
    """Verify an applicant, or take a suspension back."""
    verified = await commands.set_status(tx, caller, organisation_id, OrganisationStatus.VERIFIED)
    return versioned(verified.shown())


@router.post("/{organisation_id}/suspend")
async def organisation_suspend(tx: Tx, caller: Asking, organisation_id: UUID) -> Response:
    """Suspend an organisation: its clients get no more tokens."""
    suspended = await commands.set_status(tx, caller, organisation_id, OrganisationStatus.SUSPENDED)
    return versioned(suspended.shown())


async def _shown(tx: Tx, viewer: Viewer, organisation: Organisation) -> dict[str, Any]:
    contacts = await queries.own_contacts(tx, viewer, organisation.id)
    shown = organisation.shown()
    if contacts is not None:
        shown["contacts"] = [{"name": c.name, "email": c.email, "phone": c.phone} for c in contacts]
    return shown
