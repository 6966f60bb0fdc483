"""Machine clients by HTTP: made and revoked by the secretariat."""

from http import HTTPStatus
from typing import Annotated

from contracts.text import Code, Line
from fastapi import APIRouter, Path, Request, Response
from runtime.answers import json_answer
from runtime.cursors import Cursors
from runtime.edge import Asking, EdgeRoute, Tx
from runtime.idempotency import NOT_KEPT
from runtime.listing import After, First, Page

from registry.clients import commands, queries
from registry.clients.domain import NewClient
from registry.grants.shape import SentGrant

router = APIRouter(route_class=EdgeRoute, prefix="/v1/clients", tags=["clients"])


class SentClient(SentGrant):
    name: Line

    def as_client(self) -> NewClient:
        return NewClient(self.name, self.as_powers())


@router.post("", status_code=HTTPStatus.CREATED)
async def client_make(tx: Tx, caller: Asking, sent: SentClient) -> Response:
    """A new client. Its secret is in this answer and nowhere else, so the answer is not kept for a repeat."""
    made = await commands.make_client(tx, caller.principal, sent.as_client())
    shown = {"client_id": made.client_id, "client_secret": made.client_secret}
    return json_answer(shown, HTTPStatus.CREATED, NOT_KEPT)


@router.get("")
async def client_list(request: Request, tx: Tx, first: First = 100, after: After = None) -> Response:
    """Clients, the revoked ones too."""
    cursors = Cursors(request.app.state.settings.cursor_key.get_secret_value(), bound_to=queries.BOUND_TO)
    rows = await queries.clients(tx, first=first, after=str(cursors.decode(after)[0]) if after else None)
    page = Page.of([dict(row) for row in rows], first=first, sort=queries.SORT)
    return json_answer(page.as_objects(cursors, queries.FIELDS))


@router.delete("/{client_id}", status_code=HTTPStatus.NO_CONTENT)
async def client_revoke(tx: Tx, caller: Asking, client_id: Annotated[Code, Path()]) -> None:
    """Revoke a client. Tokens that are out end within five minutes."""
    await commands.revoke_client(tx, caller.principal, client_id)
