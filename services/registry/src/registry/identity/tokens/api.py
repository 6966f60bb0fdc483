"""OAuth 2.0 client credentials (RFC 6749, 4.4) and the published keys (RFC 7517)."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from contracts.sessions import AccessToken, PublishedKeys
from fastapi import APIRouter, FastAPI, Request, Response
from joserfc.jwk import KeySet
from runtime.access import EVERYONE, JSON, Rule
from runtime.answers import json_answer
from runtime.idempotency import NOT_KEPT
from runtime.openapi import refuses_by_itself
from runtime.problems import Refusal
from runtime.routing import TransactionalRoute, Tx
from runtime.tokens import LoadKeys

from registry.identity.tokens import commands, queries, store
from registry.identity.tokens.domain import LIFETIME_SECONDS, proof_of, sign
from registry.identity.tokens.errors import InvalidClient, InvalidRequest, TokenRefused
from registry.settings import Settings

FORM = "application/x-www-form-urlencoded"
JWKS_SECONDS = 300
HEADERS = {**NOT_KEPT, "Pragma": "no-cache"}
"""Of every answer that may hold a token (RFC 6749, 5.1)."""


class TokenRoute(TransactionalRoute):
    """A route whose refusals are those of RFC 6749."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except TokenRefused as refused:
                return _refused(refused, basic="authorization" in request.headers)
            except Refusal as refused:
                return _refused(InvalidRequest(refused.sentence("en")))
            return response

        return answer


def _refused(refused: TokenRefused, *, basic: bool = False) -> Response:
    """`basic`: the client tried HTTP Basic, so the answer names that scheme."""
    headers = dict(HEADERS)
    if refused.status == HTTPStatus.UNAUTHORIZED and basic:
        headers["WWW-Authenticate"] = 'Basic realm="tansiq", charset="UTF-8"'
    return json_answer({"error": refused.error, "error_description": refused.description}, refused.status, headers)


token_router = APIRouter(route_class=TokenRoute, tags=["tokens"])
keys_router = APIRouter(route_class=TransactionalRoute, tags=["tokens"])
TOKEN_BODY = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string", "format": "password"},
    },
}


OAUTH_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}
OAUTH_REFUSALS = {
    str(int(kind.status)): {
        "description": f"{HTTPStatus(kind.status).phrase} (RFC 6749).",
        "content": {JSON: {"schema": OAUTH_ERROR}},
    }
    for kind in (InvalidRequest, InvalidClient)
}


@token_router.post(
    "/oauth/token",
    response_model=AccessToken,
    openapi_extra={
        "requestBody": {"required": True, "content": {FORM: {"schema": TOKEN_BODY}}},
        "responses": OAUTH_REFUSALS,
        **refuses_by_itself(),
    },
)
@Rule(EVERYONE, content_types=(FORM,), largest_body=8192, read_only=True, own_credentials=True)
async def token(request: Request, tx: Tx) -> Response:
    """A token of five minutes for a machine client: HTTP Basic, or `client_id` and `client_secret` in the form."""
    holder = await queries.holder_of(tx, proof_of(request.headers.get("authorization"), await request.body()))
    if holder is None:
        raise InvalidClient
    settings: Settings = request.app.state.settings
    claims = holder.claims(issuer=settings.issuer, audience=settings.audience, now=int(time.time()))
    key = await commands.signing_key(tx, settings.signing_key_secret.get_secret_value())
    answer = {"access_token": sign(claims, key), "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}
    return json_answer(answer, headers=HEADERS)


@keys_router.get("/.well-known/jwks.json", response_model=PublishedKeys)
@Rule(EVERYONE, own_credentials=True)
async def published_keys(request: Request, tx: Tx) -> Response:
    """The keys that tokens are verified with."""
    settings: Settings = request.app.state.settings
    await commands.signing_key(tx, settings.signing_key_secret.get_secret_value())
    return json_answer(
        {"keys": await store.public_keys(tx)}, headers={"Cache-Control": f"public, max-age={JWKS_SECONDS}"}
    )


def own_keys(app: FastAPI) -> LoadKeys:
    """The registry verifies tokens with the keys of its own table."""

    async def load() -> KeySet:
        async with app.state.database.connection() as connection:
            secret = app.state.settings.signing_key_secret.get_secret_value()
            await commands.signing_key(connection, secret)
            return KeySet.import_key_set({"keys": list(await store.public_keys(connection))})

    return load
