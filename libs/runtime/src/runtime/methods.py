"""What may be done at an address: HEAD wherever there is GET, OPTIONS everywhere, and a true Allow."""

import asyncio
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.access import RouteTable
from runtime.problems import NotFound, problem_for
from runtime.telemetry import QUIET

OF_EVERY_PROCESS: Final = (*(("GET", path) for path in sorted(QUIET)), ("GET", "/openapi.json"))
EVERYTHING: Final = "*"
"""The target of a question about the server as a whole."""


class Methods:
    """The methods of each address, by the table of routes."""

    def __init__(self, access: RouteTable) -> None:
        by_template: dict[str, set[str]] = {}
        for method, template in (*access, *OF_EVERY_PROCESS):
            by_template.setdefault(template, set()).add(method)
        self._all = [(_pattern(template), template, frozenset(found)) for template, found in by_template.items()]

    def of(self, path: str) -> frozenset[str]:
        """Those the routes take at this path; none where there is no such address."""
        found = [methods for pattern, _, methods in self._all if path == EVERYTHING or pattern.fullmatch(path)]
        return frozenset().union(*found)

    def allow(self, path: str) -> str:
        """What the header Allow says of this path; empty where there is no such address."""
        return allow_of(self.of(path))


def allow_of(methods: Iterable[str]) -> str:
    found = set(methods)
    if not found:
        return ""
    return ", ".join(sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", template)
    # `{path}` is what follows, with its slashes: what is passed on.
    return re.compile("".join((".*" if p == "{path}" else "[^/]+") if p[:1] == "{" else re.escape(p) for p in parts))


class EveryMethod:
    """ASGI middleware: answers HEAD by what GET answers, and OPTIONS by the table of routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        methods = methods_of(Request(scope)).of(scope["path"])
        if scope["method"] in methods and scope["path"] != EVERYTHING:
            await self._app(scope, receive, send)  # the route answers itself
        elif scope["method"] == "OPTIONS":
            await _answer_options(Request(scope), methods)(scope, receive, send)
        else:
            await self._as_get(scope, receive, send)

    async def _as_get(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, begun = {**scope, "method": "GET"}, False

        async def head_only(message: Message) -> None:
            nonlocal begun
            if begun:
                await asyncio.sleep(0)  # so that who goes on without end hears that nobody listens
            elif message["type"] == "http.response.start":
                begun = True
                await send(message)
                # Ended here and now: what GET answers may have no end.
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app(asked, receive, head_only)
        scope["route"] = asked.get("route")  # what stands outside looks into its own scope for the route


def methods_of(request: Request) -> Methods:
    """The methods of this process's addresses."""
    state = request.app.state
    if not hasattr(state, "methods"):
        state.methods = Methods(getattr(state, "access", {}))
    methods: Methods = state.methods
    return methods


def _answer_options(request: Request, methods: frozenset[str]) -> Response:
    if not methods:
        return problem_for(request, NotFound())
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": allow_of(methods)})
