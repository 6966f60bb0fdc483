"""Sessions by HTTP. Those that deal in secrets are for the gateway alone, which keeps the secret in a cookie."""

import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from contracts.sessions import ClientSession, OpenedSession, PersonSession, SessionToken
from contracts.text import OneLine
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from runtime.access import EVERYONE, KIB, SIGNED_IN, Principal, Rule
from runtime.answers import json_answer
from runtime.idempotency import NOT_KEPT
from runtime.openapi import refuses
from runtime.problems import SessionEnded
from runtime.routing import Asking, AuthorizedRoute, Db, TransactionalRoute, Tx

from registry.identity.people.accepting import accept
from registry.identity.people.schemas import Password, Secret, SentAcceptance
from registry.identity.sessions import commands, queries
from registry.identity.sessions.domain import DEVICES, TOKEN_SECONDS, NewSession, Visitor
from registry.identity.sessions.errors import NoSession
from registry.identity.sessions.signing_in import account_of, open_for, sign_in
from registry.identity.tokens.commands import signing_key
from registry.identity.tokens.domain import sign
from registry.settings import Settings

router = APIRouter(route_class=TransactionalRoute, prefix="/v1", tags=["sessions"])
token_router = APIRouter(route_class=TransactionalRoute, prefix="/internal/sessions", tags=["sessions"])
# Without a transaction of the edge's: a password is hashed meanwhile, and a try that fails is counted all the same.
opening_router = APIRouter(route_class=AuthorizedRoute, prefix="/internal/sessions", tags=["sessions"])

Claimed = Annotated[str, StringConstraints(min_length=1, max_length=300), OneLine]
"""An address as somebody claims it to be theirs: of any form, for a refusal must not tell which are known."""
Network = Annotated[str, StringConstraints(max_length=64), OneLine]


class SentVisitor(BaseModel):
    """What the gateway sees of a browser."""

    model_config = ConfigDict(extra="forbid")

    address: Network = ""
    devices: Annotated[tuple[Secret, ...], Field(max_length=DEVICES)] = ()
    """Tokens it was given at earlier sign-ins."""

    def as_visitor(self, request: Request) -> Visitor:
        settings: Settings = request.app.state.settings
        return Visitor(self.address, self.devices, settings.signing_key_secret.get_secret_value())


class SentSignIn(SentVisitor):
    email: Claimed
    password: Password


class SentArrival(SentAcceptance, SentVisitor):
    """Who comes with a link."""


class SentSecret(BaseModel):
    model_config = ConfigDict(extra="forbid")

    secret: Secret


class SentChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grant_id: UUID


@opening_router.post("", response_model=OpenedSession, status_code=HTTPStatus.CREATED)
@Rule(EVERYONE, largest_body=8 * KIB, own_credentials=True)
async def session_open(request: Request, database: Db, sent: SentSignIn) -> Response:
    """Sign in with address and password, for the gateway: the secret and the browser's token are told once."""
    return _opened(await sign_in(database, sent.email, sent.password, sent.as_visitor(request), datetime.now(UTC)))


@opening_router.post("/by-invitation", response_model=OpenedSession, status_code=HTTPStatus.CREATED)
@Rule(EVERYONE, largest_body=8 * KIB, own_credentials=True)
async def session_open_by_invitation(request: Request, database: Db, sent: SentArrival) -> Response:
    """Set the password a link was made for and sign in with it, for the gateway."""
    now = datetime.now(UTC)
    person = await accept(database, sent, now)
    account = await account_of(database, person.id)
    return _opened(await open_for(database, account, sent.password, sent.as_visitor(request), None, now))


@token_router.post("/token", response_model=SessionToken)
@Rule(EVERYONE, largest_body=8 * KIB, read_only=True, own_credentials=True)
async def session_exchange(request: Request, tx: Tx, sent: SentSecret) -> Response:
    """A token of a minute for a session, and who that is, for the gateway."""
    found = await queries.signed_in(tx, sent.secret, datetime.now(UTC))
    if found is None:
        raise SessionEnded
    settings: Settings = request.app.state.settings
    key = await signing_key(tx, settings.signing_key_secret.get_secret_value())
    claims = found.holder.claims(
        issuer=settings.issuer, audience=settings.audience, now=int(time.time()), lifetime=TOKEN_SECONDS
    )
    answer = {"access_token": sign(claims, key), "expires_in": TOKEN_SECONDS, **found.shown()}
    return json_answer(answer, headers=NOT_KEPT)


@router.get("/session", response_model=PersonSession | ClientSession, openapi_extra=refuses(SessionEnded))
@Rule(SIGNED_IN)
async def session_detail(tx: Tx, caller: Asking) -> Response:
    """Who I am: a person with their grants and the one they act under, or a machine client."""
    principal = caller.principal
    if principal.session_id is None:
        return json_answer(_client(principal))
    found = await queries.session(tx, *commands.session_of(principal), datetime.now(UTC))
    if found is None:
        raise SessionEnded
    return json_answer(found.shown())


@router.post("/session/act-as", response_model=PersonSession, openapi_extra=refuses(SessionEnded, NoSession))
@Rule(SIGNED_IN)
async def session_act_as(tx: Tx, caller: Asking, sent: SentChoice) -> Response:
    """Act under another of my grants, from the next token on."""
    acting = await commands.act_as(tx, caller.principal, sent.grant_id, datetime.now(UTC))
    return json_answer(acting.shown(), headers=NOT_KEPT)


@router.delete("/session", status_code=HTTPStatus.NO_CONTENT, openapi_extra=refuses(NoSession))
@Rule(SIGNED_IN)
async def session_end(tx: Tx, caller: Asking) -> None:
    """Sign out. Tokens that are out end within a minute."""
    await commands.sign_out(tx, caller.principal)


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT, openapi_extra=refuses(NoSession))
@Rule(SIGNED_IN)
async def session_end_all(tx: Tx, caller: Asking) -> None:
    """Sign out wherever I am signed in."""
    await commands.sign_out_everywhere(tx, caller.principal)


def _opened(opened: NewSession) -> Response:
    return json_answer(
        {"secret": opened.secret, "device": opened.device, **opened.signed_in.shown()}, HTTPStatus.CREATED, NOT_KEPT
    )


def _client(principal: Principal) -> dict[str, Any]:
    return {
        "kind": "client",
        "client": {"id": principal.subject},
        "acting": {
            "role": principal.role,
            "organisation_id": str(principal.organisation_id) if principal.organisation_id else None,
            "sectors": list(principal.sectors),
            "areas": list(principal.areas),
        },
    }
