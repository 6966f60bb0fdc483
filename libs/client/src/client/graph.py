"""Questions in GraphQL."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import httpx2
import orjson

from client.errors import Refused
from client.transport import ApiSession, Call

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OK = 200
PAGE = 500
PASSING = frozenset({"unavailable", "service_too_slow"})


class Graph:
    """`/graphql`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def ask(self, text: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of the answer. Raises `Refused` where it holds errors."""
        call = Call.json("POST", "/graphql", {"query": text, "variables": dict(variables or {})})
        answer = await self._session.ask_json(call, passing=_unavailable)
        if errors := answer.get("errors"):
            raise Refused.in_graph(OK, errors[0])
        data: dict[str, Any] = answer["data"]
        return data

    async def nodes(
        self,
        text: str,
        field: str,
        variables: Mapping[str, Any] | None = None,
        *,
        incomplete: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[Any]:
        """All nodes of a connection; `text` takes `$first` and `$after` and asks for `pageInfo` and `nodes`.

        `incomplete` is called where it asks for `rebuilding` and that is so.
        """
        after: str | None = None
        while True:
            connection = (await self.ask(text, {**(variables or {}), "first": PAGE, "after": after}))[field]
            if connection.get("rebuilding"):
                incomplete()
            for node in connection["nodes"]:
                yield node
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after = connection["pageInfo"]["endCursor"]


def variables_of(query: "DataclassInstance") -> dict[str, Any]:
    """A filter's fields that say something, named as GraphQL names them."""
    return {_camel(name): value for name, value in asdict(query).items() if value is not None}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _code(error: Mapping[str, Any]) -> str:
    return str(error.get("extensions", {}).get("code", "graphql"))


def _unavailable(response: httpx2.Response) -> bool:
    """A part of the platform is away: GraphQL says so inside an answer of 200."""
    if b'"errors"' not in response.content:
        return False
    return any(_code(error) in PASSING for error in orjson.loads(response.content).get("errors") or ())
