"""A cookie in place of a bearer token, on every route: what stands behind sees a token and no difference."""

from fastapi import Request
from runtime.problems import Refusal, SessionEnded, problem_for
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.allowances.spenders import Allowances
from gateway.errors import CrossSite
from gateway.signing_in.cookie import Cookie
from gateway.signing_in.origin import SAFE, is_own, is_own_socket, origins_of
from gateway.signing_in.sessions import ExchangedSession, Sessions

WITHOUT_PEOPLE = ("/oauth/", "/.well-known/", "/healthz", "/readyz", "/metrics")
"""Doors that have credentials of their own, or need none."""
OWN_SESSION = ("/api/registry/v1/session", "/api/registry/v1/sessions")
"""Where somebody changes or ends their session at the registry itself."""


class CookieMiddleware:
    """ASGI middleware. A request with a token of its own is left alone, whatever cookie comes with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secret = _secret_of(scope)
        if secret is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send, secret)
        else:
            await self._request(scope, receive, send, secret)

    async def _request(self, scope: Scope, receive: Receive, send: Send, secret: str) -> None:
        request = Request(scope)
        if request.method not in SAFE and not is_own(request.headers, own_origins(request)):
            await problem_for(request, CrossSite())(scope, receive, send)
            return
        try:
            signed_in = await _exchanged(scope, secret)
        except Refusal as failed:
            if _is_interface(request):
                await problem_for(request, failed)(scope, receive, send)
            else:  # a page says what it can without knowing who reads it, and the cookie stays
                scope["state"] = {**scope.get("state", {}), "not_exchanged": failed}
                await self._app(scope, receive, send)
            return
        if signed_in:
            _sign_in(scope, signed_in, secret)
            await self._app(scope, receive, send)
            if scope["path"] in OWN_SESSION and request.method not in SAFE:
                scope["app"].state.sessions.forget(secret)
        else:
            await self._ended(request, receive, send)

    async def _ended(self, request: Request, receive: Receive, send: Send) -> None:
        cookie: Cookie = request.app.state.cookie
        clearing = _clearing(cookie, send)
        if _is_interface(request):
            await problem_for(request, SessionEnded())(request.scope, receive, clearing)
        else:
            await self._app(request.scope, receive, clearing)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, secret: str) -> None:
        """The socket exchanges the session itself, as often as it lasts. From another site's page there is none."""
        if secret and is_own_socket(Headers(scope=scope), _origins(scope)):
            scope["state"] = {**scope.get("state", {}), "secret": secret}
        await self._app(scope, receive, send)


def own_origins(request: Request) -> frozenset[str]:
    """Where our own pages come from."""
    return _origins(request.scope)


def _origins(scope: Scope) -> frozenset[str]:
    settings = scope["app"].state.settings
    host = Headers(scope=scope).get("host") if settings.environment == "development" else None
    return origins_of(settings.issuer, host)


def _secret_of(scope: Scope) -> str | None:
    """The secret a request stands on: none where there is no cookie of ours, or a token comes with it."""
    if scope["type"] not in ("http", "websocket") or scope["path"].startswith(WITHOUT_PEOPLE):
        return None
    headers = Headers(scope=scope)
    if "authorization" in headers:
        return None
    cookie: Cookie = scope["app"].state.cookie
    return cookie.secret_in("; ".join(headers.getlist("cookie")))


async def _exchanged(scope: Scope, secret: str) -> ExchangedSession | None:
    """Raises `TooManyRequests` to who makes secrets up; one that was good before is asked for all the same."""
    if not secret:
        return None
    state = scope["app"].state
    sessions: Sessions = state.sessions
    allowances: Allowances = state.allowances
    if not sessions.knows(secret):
        allowances.check_failures(scope)
    found = await sessions.exchange(secret)
    if found is None:
        allowances.failed(scope)
    return found


def _sign_in(scope: Scope, signed_in: ExchangedSession, secret: str) -> None:
    # In place: what stands outside looks into this same scope for the route that was taken.
    scope["headers"] = [*scope["headers"], (b"authorization", f"Bearer {signed_in.token}".encode())]
    scope["state"] = {**scope.get("state", {}), "signed_in": signed_in, "secret": secret}


def _is_interface(request: Request) -> bool:
    """Whether a program waits for the answer rather than a person."""
    path = request.url.path
    return (path.startswith("/api/") or path == "/graphql") and "text/html" not in request.headers.get("accept", "")


def _clearing(cookie: Cookie, send: Send) -> Send:
    """Takes the cookie away with the answer, unless the answer sets a new one."""

    async def clear(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if not any(line.startswith(f"{cookie.name}=") for line in headers.getlist("set-cookie")):
                headers.append("set-cookie", cookie.cleared())
        await send(message)

    return clear
