"""A request to the graph, by HTTP or over a socket: what is asked, and who reads the answer."""

from typing import Any

from runtime.access import Caller
from runtime.language import Language
from starlette.datastructures import State

from gateway.errors import BatchRefused, MissingQuery
from gateway.graph.execution import Query
from gateway.graph.roots import Reader


def query_of(body: Any, language: Language) -> Query:
    """What the body asks. Raises `BatchRefused`, `MissingQuery`."""
    if isinstance(body, list):
        raise BatchRefused
    text, variables, operation = (
        (body.get("query"), body.get("variables"), body.get("operationName")) if isinstance(body, dict) else (None,) * 3
    )
    forms = isinstance(text, str) and isinstance(variables, dict | None) and isinstance(operation, str | None)
    if not forms or not text:
        raise MissingQuery
    return Query(text, variables or {}, operation, language)


def reader_of(state: State, caller: Caller, language: Language) -> Reader:
    """Who reads, with what is passed on of their request: written anew from what was verified and understood."""
    headers = {"authorization": f"Bearer {caller.principal.token}", "accept-language": language}
    return Reader(caller, state.memory, state.questions, state.cursor_key, headers)
