"""Organisations by HTTP: apply, read, change, verify, suspend."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from contracts.duplicates import NewApplication, NewOrganisation
from contracts.organisations import Organisation, OrganisationDetail, OrganisationStatus
from database import new_id
from fastapi import APIRouter, Header, Response
from runtime.access import EVERYONE, SECRETARIAT_ONLY, SIGNED_IN, Caller, Role, Rule
from runtime.answers import expected_version, json_answer, versioned
from runtime.problems import NotFound
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from registry.access import LARGEST_PROFILE, OWN_OR_ANY
from registry.duplicates import commands as duplicates
from registry.organisations import commands, queries
from registry.organisations.domain import Organisation as Organised
from registry.organisations.schemas import SentChanges, SentOrganisation

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/organisations", tags=["organisations"])


@router.post("", status_code=HTTPStatus.CREATED, response_model=NewApplication | NewOrganisation)
@Rule(EVERYONE, largest_body=LARGEST_PROFILE)
async def organisation_apply(tx: Tx, caller: Asking, sent: SentOrganisation) -> Response:
    """Apply. The applicant learns the id and the status; the secretariat verifies."""
    applied = await commands.apply(tx, caller.principal, new_id(), sent.as_profile(), sent.as_contacts())
    near = await _near(tx, caller, await duplicates.find_near(tx, applied))
    location = {"Location": f"{router.prefix}/{applied.id}"}
    if caller.role is Role.SECRETARIAT:
        return versioned({**applied.shown(), **near}, HTTPStatus.CREATED, location)
    return json_answer({"id": str(applied.id), "status": applied.status, **near}, HTTPStatus.CREATED, location)


LIST = queries.SOURCE.listing(Rule(SIGNED_IN))
list_route(
    router,
    "",
    LIST,
    """Organisations in order of their names. Contacts are not among the fields.

With `changes_after` those that changed, in the order of their changes; `{"id": …, "gone": true}` stands for one
that is no longer in the list.""",
)


@router.get("/{organisation_id}", response_model=OrganisationDetail)
@Rule(SIGNED_IN)
async def organisation_detail(tx: Tx, caller: Asking, organisation_id: UUID) -> Response:
    """One organisation with its ETag; its contacts only for itself.

    By the id of one that was merged it is the one it was merged into, which its `id` and `Content-Location` say.
    """
    found = await queries.organisation(tx, caller.reader, organisation_id)
    if found is None:
        raise NotFound
    answer = versioned(await _shown(tx, caller, found))
    if found.id != organisation_id:
        answer.headers["Content-Location"] = f"{router.prefix}/{found.id}"
    return answer


@router.patch("/{organisation_id}", response_model=OrganisationDetail)
@Rule(OWN_OR_ANY, largest_body=LARGEST_PROFILE)
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
    await duplicates.find_near(tx, changed)
    return versioned(await _shown(tx, caller, changed))


@router.post("/{organisation_id}/verify", response_model=Organisation)
@Rule(SECRETARIAT_ONLY)
async def organisation_verify(tx: Tx, caller: Asking, organisation_id: UUID) -> Response:
    """Verify an applicant, or take a suspension back."""
    verified = await commands.set_status(tx, caller, organisation_id, OrganisationStatus.VERIFIED)
    return versioned(verified.shown())


@router.post("/{organisation_id}/suspend", response_model=Organisation)
@Rule(SECRETARIAT_ONLY)
async def organisation_suspend(tx: Tx, caller: Asking, organisation_id: UUID) -> Response:
    """Suspend an organisation: its clients get no more tokens."""
    suspended = await commands.set_status(tx, caller, organisation_id, OrganisationStatus.SUSPENDED)
    return versioned(suspended.shown())


async def _shown(tx: Tx, caller: Caller, organisation: Organised) -> dict[str, Any]:
    contacts = await queries.contacts(tx, caller.reader, organisation.id)
    shown = organisation.shown()
    if contacts is not None:
        shown["contacts"] = [{"name": c.name, "email": c.email, "phone": c.phone} for c in contacts]
    return shown


async def _near(tx: Tx, caller: Caller, found: duplicates.Near) -> dict[str, Any]:
    """Who may be the same, as far as the caller may see them."""
    seen = await queries.seen_of(tx, caller.reader, [organisation.id for organisation, _ in found])
    shown = [
        {"id": each.id, "names": each.profile.names, "score": round(like.score * 100), "reasons": like.reasons}
        for each, like in found
        if each.id in seen
    ]
    return {"near": shown} if shown else {}
