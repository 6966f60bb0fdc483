"""People by HTTP: invited, listed, changed, deactivated and erased; and the one door for those who hold a link."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from contracts.people import PEOPLE, AcceptedInvitation, InvitationLink, PersonName, PersonStanding
from contracts.people import Person as PersonRow
from fastapi import APIRouter, Header, Request, Response
from runtime.access import EVERYONE, KIB, SECRETARIAT_ONLY, Caller, Extent, Rule
from runtime.answers import expected_version, json_answer, versioned
from runtime.idempotency import NOT_KEPT
from runtime.listing import Shown, object_of
from runtime.looks import Look
from runtime.openapi import refuses
from runtime.problems import NotFound
from runtime.reading import list_route
from runtime.routing import Asking, AuthorizedRoute, Db, TransactionalRoute, Tx

from registry.access import LARGEST_PROFILE, OWN_OR_ANY
from registry.identity.people import commands, queries
from registry.identity.people.accepting import accept
from registry.identity.people.domain import Invitation, Person
from registry.identity.people.errors import InvitationEnded, PersonErased, PersonKnown
from registry.identity.people.schemas import SentAcceptance, SentInvitation, SentPerson
from registry.identity.people.visibility import NAMES

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/people", tags=["people"])
# Without a transaction of the edge's: a password is hashed meanwhile. The link itself works once, so no key is needed.
accepting_router = APIRouter(route_class=AuthorizedRoute, tags=["people"])


@router.post(
    "/invitations", response_model=InvitationLink, status_code=HTTPStatus.CREATED, openapi_extra=refuses(PersonKnown)
)
@Rule(OWN_OR_ANY, largest_body=LARGEST_PROFILE)
async def person_invite(request: Request, tx: Tx, caller: Asking, sent: SentInvitation) -> Response:
    """Invite somebody. The link is in this answer and nowhere else: hand it over by a way you trust.

    It works once, for seven days. An organisation invites members of its own; the secretariat anybody to anything.
    """
    powers = [grant.as_powers() for grant in sent.grants]
    return _link(request, await commands.invite(tx, caller, sent.as_profile(), powers, datetime.now(UTC)))


@router.delete("/invitations/{invitation_id}", status_code=HTTPStatus.NO_CONTENT)
@Rule(OWN_OR_ANY)
async def invitation_revoke(tx: Tx, caller: Asking, invitation_id: UUID) -> None:
    """Take a link back that was not used."""
    await commands.revoke_invitation(tx, caller, invitation_id, datetime.now(UTC))


def _by_name(request: Request) -> Shown:
    return object_of(PEOPLE.columns if request.state.caller.extent is Extent.ANY else NAMES)


LIST = replace(queries.SOURCE.listing(Rule(OWN_OR_ANY)), shown=_by_name)
LOOK = Look("person.look", "person:{id}", each=True)
list_route(
    router,
    "",
    LIST,
    "People: all of them for the secretariat (each such look is written down), an organisation's own by name.",
)


@router.get("/{person_id}", response_model=PersonRow | PersonName)
@Rule(OWN_OR_ANY)
async def person_detail(tx: Tx, caller: Asking, person_id: UUID) -> Response:
    """One person: with address, grants and ETag for the secretariat (and written down), by name for a colleague."""
    found = await queries.SOURCE.one(tx, caller.reader, person_id)
    if found is None:
        raise NotFound
    await LIST.record_look(tx, caller, [found], PEOPLE.columns, LOOK)
    if caller.extent is not Extent.ANY:
        return json_answer(object_of(NAMES)(found))
    return versioned(object_of(PEOPLE.columns)(found))


@router.patch("/{person_id}", response_model=PersonRow, openapi_extra=refuses(PersonKnown, PersonErased))
@Rule(SECRETARIAT_ONLY, largest_body=LARGEST_PROFILE)
async def person_change(
    tx: Tx, caller: Asking, person_id: UUID, sent: SentPerson, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Change grants, name or language, of the version named in If-Match.

    Sessions under a grant that goes end; with other grants, a link that was not used ends too.
    """
    changed = await commands.change(
        tx,
        caller,
        person_id,
        expected_version(if_match),
        powers=sent.powers(),
        name=sent.name,
        language=sent.language,
        now=datetime.now(UTC),
    )
    # Not kept for a repeated request: who somebody is stands in one place, from which it can be erased.
    return versioned(await _read(tx, caller, changed), headers=NOT_KEPT)


@router.post("/{person_id}/deactivate", response_model=PersonStanding, openapi_extra=refuses(PersonErased))
@Rule(SECRETARIAT_ONLY)
async def person_deactivate(tx: Tx, caller: Asking, person_id: UUID) -> Response:
    """Shut somebody out: sessions end at once, tokens that are out within a minute. Answers without who they are."""
    return versioned((await commands.deactivate(tx, caller, person_id, datetime.now(UTC))).shown())


@router.post(
    "/{person_id}/reset",
    response_model=InvitationLink,
    status_code=HTTPStatus.CREATED,
    openapi_extra=refuses(PersonErased),
)
@Rule(OWN_OR_ANY)
async def person_reset(request: Request, tx: Tx, caller: Asking, person_id: UUID) -> Response:
    """A new link to set a password; the old password holds and sessions go on until it is used.

    It lets in again who was deactivated. An organisation gets one for those of its members who never came in.
    """
    return _link(request, await commands.reset(tx, caller, person_id, datetime.now(UTC)))


@router.post("/{person_id}/erase", status_code=HTTPStatus.NO_CONTENT)
@Rule(SECRETARIAT_ONLY)
async def person_erase(tx: Tx, caller: Asking, person_id: UUID) -> None:
    """Remove name, address and password for ever. The id stays, for what was done under it."""
    await commands.erase(tx, caller, person_id)


@accepting_router.post(
    "/v1/invitations/accept", response_model=AcceptedInvitation, openapi_extra=refuses(InvitationEnded)
)
@Rule(EVERYONE, largest_body=8 * KIB, own_credentials=True)
async def invitation_accept(database: Db, sent: SentAcceptance) -> Response:
    """Set the password a link was made for: at least 12 characters, none that is common or tells who you are."""
    person = await accept(database, sent, datetime.now(UTC))
    return json_answer({"id": str(person.id), "state": person.state}, headers=NOT_KEPT)


def _link(request: Request, invitation: Invitation) -> Response:
    shown = invitation.shown(request.app.state.settings.issuer)
    return json_answer(shown, HTTPStatus.CREATED, NOT_KEPT)


async def _read(tx: Tx, caller: Caller, person: Person) -> dict[str, Any]:
    found = await queries.SOURCE.one(tx, caller.reader, person.id)
    assert found is not None, "it is locked"
    return object_of(PEOPLE.columns)(found)
