"""Machine clients by HTTP: made and revoked by the secretariat."""

from http import HTTPStatus
from typing import Annotated

from contracts.clients import NewCredentials
from contracts.text import Code, Line
from fastapi import APIRouter, Path, Response
from runtime.access import SECRETARIAT_ONLY, Rule
from runtime.answers import json_answer
from runtime.idempotency import NOT_KEPT
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from registry.identity.clients import commands, queries
from registry.identity.clients.domain import NewClient
from registry.identity.grants.schemas import SentGrant

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/clients", tags=["clients"])


class SentClient(SentGrant):
    name: Line

    def as_client(self) -> NewClient:
        return NewClient(self.name, self.as_powers())


@router.post("", status_code=HTTPStatus.CREATED, response_model=NewCredentials)
@Rule(SECRETARIAT_ONLY)
async def client_make(tx: Tx, caller: Asking, sent: SentClient) -> Response:
    """A new client. Its secret is in this answer and nowhere else, so the answer is not kept for a repeat."""
    made = await commands.make_client(tx, caller.principal, sent.as_client())
    shown = {"client_id": made.client_id, "client_secret": made.client_secret}
    return json_answer(shown, HTTPStatus.CREATED, NOT_KEPT)


list_route(router, "", queries.SOURCE.listing(Rule(SECRETARIAT_ONLY)), "Clients, the revoked ones too.")


@router.delete("/{client_id}", status_code=HTTPStatus.NO_CONTENT)
@Rule(SECRETARIAT_ONLY)
async def client_revoke(tx: Tx, caller: Asking, client_id: Annotated[Code, Path()]) -> None:
    """Revoke a client. Tokens that are out end within five minutes."""
    await commands.revoke_client(tx, caller.principal, client_id)
