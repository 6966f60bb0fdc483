"""Services before the gateway whose rows a test decides. How they answer is the real lists' own code."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
from activities.main import SERVICE
from contracts.nouns import Filter, Noun, Row
from database import Transaction
from pydantic import ConfigDict
from runtime.access import EVERYONE, Reader, Rule
from runtime.application import bare
from runtime.linking import PLACE
from runtime.listing import Listing, Page, PageRequest
from runtime.routing import table_of
from runtime.tokens import TokenVerifier
from runtime.visibility import OPEN
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from testkit.service_clients import settings_of
from testkit.trust import AUDIENCE, ISSUER, TestIssuer

FIGURES = ("coverage", "presence", "progress")
NOUNS = (*FIGURES, "reports", "targets", "alerts")


class AnyFilter(Filter):
    """Takes whatever the gateway sends: what a service refuses of it is tested with the services."""

    model_config = ConfigDict(extra="allow")


class Decided(Noun[AnyFilter]):
    """A noun with the columns a test decides."""

    def __init__(self, name: str, names: list[str]) -> None:
        super().__init__(name, "test", Row, AnyFilter, ("place",))
        object.__setattr__(self, "names", names)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(vars(self)["names"])


class NoDatabase:
    """Stands where rows would be read from."""

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[None]:
        yield None

    lookup = connection


class Rows:
    """What the services hold, and what they were asked."""

    def __init__(self) -> None:
        self._columns: Mapping[str, list[Any]] = {}
        self._names: list[str] = []
        self.questions: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.problem: tuple[int, bytes] | None = None
        """What is answered instead."""
        self.freshness: dict[str, object] = {"as_of": "2026-03-01T10:00:00+00:00", "rebuilding": False}
        self.delay = 0.0

    @property
    def columns(self) -> Mapping[str, list[Any]]:
        return self._columns

    @columns.setter
    def columns(self, columns: Mapping[str, list[Any]]) -> None:
        self._columns = columns
        self._names[:] = columns  # the lists know no other

    def application(self, issuer: TestIssuer) -> ASGIApp:
        app = bare(settings_of(SERVICE, "postgresql://nowhere"), title="rows", description="", lifespan=None)
        app.state.verifier = TokenVerifier(issuer.load_keys(), issuer=ISSUER, audience=AUDIENCE)
        app.state.database = NoDatabase()
        app.plain = tuple(self._list(noun).route() for noun in NOUNS)
        app.state.access = table_of((), app.plain)
        return self._noting(app)

    def _list(self, noun: str) -> Listing[AnyFilter]:
        async def find(_: Transaction, __: Reader, ___: AnyFilter, part: PageRequest) -> Page:
            behind = int(str(part.after[0])) + 1 if part.after else 0
            size = min((len(values) for values in self._columns.values()), default=0)
            rows = [
                {"place": place, **{name: self._columns[name][place] for name in part.columns}}
                for place in range(behind, size)
            ]
            if part.keys:
                rows = [{**row, PLACE: place} for place in range(1, len(part.keys.of) + 1) for row in rows]
            page = part.page(rows, ("place",))
            return replace(page, extra=self.freshness) if noun in FIGURES else page

        keys = [("country", "area"), ("organisation_id",)]
        return Listing(Decided(noun, self._names), find, Rule(EVERYONE), by=keys, visibility=OPEN)

    def _noting(self, app: ASGIApp) -> ASGIApp:
        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            request = Request(scope, receive)
            body = await request.body()
            if request.url.path.startswith("/internal/"):
                self.questions.append(orjson.loads(body))
                self.headers.append(dict(request.headers))
            await asyncio.sleep(self.delay)

            async def again() -> Message:
                return {"type": "http.request", "body": body}

            said: ASGIApp = app
            if self.problem:
                said = Response(self.problem[1], self.problem[0], media_type="application/problem+json")
            await said(scope, again, send)

        return noting
