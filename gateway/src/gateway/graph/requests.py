"""A request to the graph, by HTTP or over a socket: what is asked, and who reads the answer."""

from collections.abc import Mapping
from typing import Any

from runtime.access import Caller
from runtime.language import Language
from starlette.datastructures import State

from gateway.errors import BatchRefused, MissingQuery
from gateway.graph.execution import Query
from gateway.graph.roots import GraphReader


def query_of(body: Any, language: Language) -> Query:
    """What the body asks. Raises `BatchRefused`, `MissingQuery`."""
    if isinstance(body, list):
        raise BatchRefused
    if not isinstance(body, dict) or not _well_formed(body):
        raise MissingQuery
    return Query(body["query"], body.get("variables") or {}, body.get("operationName") or None, language)


def _well_formed(body: Mapping[str, Any]) -> bool:
    text, operation = body.get("query"), body.get("operationName")
    maps = isinstance(body.get("variables"), dict | None) and isinstance(body.get("extensions"), dict | None)
    return maps and isinstance(text, str) and bool(text) and isinstance(operation, str | None)


def reader_of(state: State, caller: Caller, language: Language) -> GraphReader:
    """Who reads, with what is passed on of their request: written anew from what was verified and understood."""
    headers = {"authorization": f"Bearer {caller.principal.token}", "accept-language": language}
    return GraphReader(caller, state.memory, state.questions, state.cursor_key, state.commands, headers)
