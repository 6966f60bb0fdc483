"""The allowances at the door: each request is counted before it is answered, and told what is left."""

from http import HTTPStatus
from typing import Final

import orjson
from fastapi import Request, Response
from runtime.access import JSON
from runtime.language import preferred
from runtime.problems import problem, problem_for
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access import FORM_PATHS
from gateway.allowances.counting import RemainingAllowance
from gateway.allowances.policies import Per
from gateway.allowances.spenders import Allowances
from gateway.errors import TooManyRequests
from gateway.graph.close_codes import Close
from gateway.graph.error_format import refused
from gateway.pages.refusals import as_page, wants_page
from gateway.signing_in.cookie import DeviceCookie
from gateway.signing_in.forms import wants_json, with_query
from gateway.signing_in.sessions import Sessions

NOT_COUNTED: Final = frozenset(("/healthz", "/readyz"))
TOKENS: Final = "/oauth/token"
OPENINGS: Final = frozenset(("/sign-in", "/invitation", "/api/registry/v1/invitations/accept"))
"""Where somebody comes in: a token of somebody else's that comes with it counts for nothing."""
GRAPH: Final = "/graphql"
LARGEST_FORM: Final = 8192
FAILED: Final = frozenset((400, 401))
"""What the token endpoint answers to credentials that are none."""


class AllowanceMiddleware:
    """ASGI middleware. Who brings a token or a session is counted by who they are, anybody else by their address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in NOT_COUNTED:
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowances: Allowances = scope["app"].state.allowances
        try:
            if scope["path"] == TOKENS:
                await self._token(allowances, scope, receive, send)
                return
            left = await _counted(allowances, scope)
        except TooManyRequests as refusal:
            await _refusal(scope, refusal)(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(left, send))

    async def _token(self, allowances: Allowances, scope: Scope, receive: Receive, send: Send) -> None:
        """Credentials that were good before are counted by themselves: no stranger, of the same address or naming the
        same client, can keep a machine from its token. Raises `TooManyRequests`."""
        authorization = _header(scope, b"authorization")
        body, receive = await _form(receive) if authorization is None else (b"", receive)
        credentials = allowances.counting.keyed(f"credentials {authorization!r} {body!r}")
        if allowances.were_good(credentials):
            left = allowances.spend(Per.CREDENTIALS, credentials, scope["method"], TOKENS)
        else:
            allowances.check_failures(scope)
            left = allowances.spend(Per.ADDRESS, allowances.address(scope), scope["method"], TOKENS)
        telling = _with_headers(left, send)

        async def judged(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] in FAILED:
                    _note_failure(allowances, scope)
                elif message["status"] == HTTPStatus.OK:
                    allowances.good(credentials)
            await telling(message)

        await self._app(scope, receive, judged)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowances: Allowances = scope["app"].state.allowances
        try:
            await _count_socket(allowances, scope)
        except TooManyRequests as refusal:
            await _refuse_socket(scope, refusal, receive, send)
            return
        await self._app(scope, receive, send)


async def _count_socket(allowances: Allowances, scope: Scope) -> None:
    """Who opens a socket is often known by its first message only; until then it is of an address, unless the
    handshake brings a token, or a session that was good before. Raises `TooManyRequests`."""
    caller = await allowances.caller(scope, _header(scope, b"authorization"))
    secret = scope.get("state", {}).get("secret")
    sessions: Sessions = scope["app"].state.sessions
    if caller is None and secret and sessions.knows(secret):
        caller = allowances.counting.keyed(f"session {secret}")
    if caller is None:
        allowances.spend_named("sockets", allowances.address(scope))
    else:
        allowances.spend_named("own_sockets", caller)


async def _counted(allowances: Allowances, scope: Scope) -> RemainingAllowance | None:
    """Raises `TooManyRequests`."""
    method, path = scope["method"], scope["path"]
    caller = None if path in OPENINGS else await allowances.caller(scope, _header(scope, b"authorization"))
    if caller is not None:
        return allowances.spend(Per.CALLER, caller, method, path)
    if allowances.policies.of(Per.BROWSER, method, path).policies and (browser := _browser(scope)):
        return allowances.spend(Per.BROWSER, browser, method, path)
    return allowances.spend(Per.ADDRESS, allowances.address(scope), method, path)


def _browser(scope: Scope) -> str | None:
    """A browser that is known by a cookie of ours."""
    cookie: DeviceCookie = scope["app"].state.device_cookie
    header = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    tokens = cookie.tokens_in(header)
    return f"browser {tokens[0]}" if tokens else None


def _header(scope: Scope, header: bytes) -> bytes | None:
    for name, value in scope["headers"]:
        if name == header:
            found: bytes = value
            return found
    return None


def _note_failure(allowances: Allowances, scope: Scope) -> None:
    try:
        allowances.failed(scope)
    except TooManyRequests:
        return  # this one is answered already; the next is not


def _with_headers(left: RemainingAllowance | None, send: Send) -> Send:
    """Tells with the answer what is left."""
    if left is None:
        return send

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *left.headers()]
        await send(message)

    return send_with_headers


async def _form(receive: Receive) -> tuple[bytes, Receive]:
    """A small body, and a way to read it once more; of a larger one its beginning."""
    messages: list[Message] = []
    body, more = b"", True
    while more and len(body) <= LARGEST_FORM:
        message = await receive()
        messages.append(message)
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return body, again


def _refusal(scope: Scope, refusal: TooManyRequests) -> Response:
    """As who asked reads it: a page, back to the page a form came from, GraphQL's `errors`, or problem details."""
    request = Request(scope)
    if scope["path"] in FORM_PATHS and not wants_json(request):
        return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": with_query("/", refused=refusal.code)})
    if wants_page(request):
        return as_page(request, refusal)
    if scope["path"] == GRAPH:
        language = preferred(request.headers.get("accept-language"))
        return Response(
            orjson.dumps({"errors": refused(refusal, language)}), refusal.status, dict(refusal.headers), JSON
        )
    return problem_for(request, refusal)


async def _refuse_socket(scope: Scope, refusal: TooManyRequests, receive: Receive, send: Send) -> None:
    """The handshake is refused; where the server can't say why, it is closed."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": Close.TRY_AGAIN, "reason": refusal.code})
        return
    language = preferred(Headers(scope=scope).get("accept-language"))
    await problem(refusal, language)(scope, receive, send)
