"""A door of the platform's outward form, whose answers a test decides, on a real socket."""

import base64
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from contracts.codes import Scope
from contracts.examples import example_of
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Answer = Response | Callable[[Request, bytes], Response]


@dataclass
class ArrivedRequest:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: dict[str, str]


@dataclass
class ScriptedPlatform:
    """Gives tokens, then the answers that were laid ready, then `otherwise`."""

    url: str = ""
    lifetime: int = 300
    requests: list[ArrivedRequest] = field(default_factory=list)
    tokens: int = 0
    valid_from: int = 0
    ready: deque[Answer] = field(default_factory=deque)
    time_zone: str = "Asia/Damascus"
    """That of its scopes, which are told whatever else lies ready."""
    otherwise: Answer = field(default_factory=lambda: Response(b"{}", media_type="application/json"))

    @property
    def application(self) -> Starlette:
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return Starlette(
            routes=[
                Route("/oauth/token", self.token, methods=["POST"]),
                Route("/api/registry/v1/scopes", self.scopes),
                Route("/{path:path}", self.anything, methods=methods),
            ]
        )

    async def token(self, request: Request) -> Response:
        expected = base64.b64encode(b"olive:secret").decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return json_answer(401, {"error": "invalid_client", "error_description": "unknown"})
        self.tokens += 1
        return json_answer(
            200, {"access_token": f"t{self.tokens}", "expires_in": self.lifetime, "token_type": "Bearer"}
        )

    async def scopes(self, request: Request) -> Response:
        return json_answer(200, {"items": [example_of(Scope) | {"time_zone": self.time_zone}]})

    async def anything(self, request: Request) -> Response:
        body = await request.body()
        self.requests.append(
            ArrivedRequest(request.method, request.url.path, dict(request.headers), body, dict(request.query_params))
        )
        number = int(request.headers.get("authorization", "Bearer t0").removeprefix("Bearer t"))
        if number < self.valid_from:
            return json_answer(401, {"code": "invalid_token", "detail": "expired"})
        answer = self.ready.popleft() if self.ready else self.otherwise
        return answer if isinstance(answer, Response) else answer(request, body)


def json_answer(status: int, value: Any, **headers: str) -> Response:
    return Response(orjson.dumps(value), status, headers, "application/json")
