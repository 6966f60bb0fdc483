"""How failures are told in GraphQL: a sentence, where in the query it went wrong, and our codes in `extensions`."""

import re
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import GraphQLError, Node
from runtime.language import Language
from runtime.problems import Internal, Invalid, Refusal
from strawberry.utils.str_converters import to_camel_case

from gateway.errors import FaultyParts
from gateway.graph.completion import Failure
from gateway.graph.faults import InvalidPart, Location, locations_of
from gateway.upstream.questions import ServiceRefusal

log = structlog.get_logger("graphql")
QUOTED = re.compile(r"`[a-z]+(?:_[a-z]+)+`")
"""A field in a sentence, as services call it."""


@dataclass(frozen=True)
class QueryLocation:
    """Where in the query something is."""

    path: Sequence[str | int]
    """By the names of the answer, aliases among them."""
    nodes: Iterable[Node]

    @property
    def as_extensions(self) -> dict[str, Any]:
        locations = locations_of(GraphQLError("", list(self.nodes)))
        return {**({"locations": locations} if locations else {}), "path": list(self.path)}


class Located(Refusal):
    """A part of the query is refused: see its own reason."""

    ar = "رُفض جزء من الاستعلام، وسببه مذكور معه."

    def __init__(self, refusal: Refusal, place: QueryLocation) -> None:
        super().__init__(refusal.field)
        self.code = refusal.code  # type: ignore[misc]
        self.status = refusal.status  # type: ignore[misc]
        self.headers = refusal.headers
        self.reason = refusal
        self.place = place

    def sentence(self, language: Language) -> str:
        return self.reason.sentence(language)


def refused(refusal: Refusal, language: Language) -> list[dict[str, Any]]:
    """The `errors` of an answer where nothing was executed: one a fault."""
    if isinstance(refusal, Located):
        return [{**error, **refusal.place.as_extensions} for error in refused(refusal.reason, language)]
    if isinstance(refusal, FaultyParts):
        return [_entry(type(refusal)([fault]), language, _where(fault)) for fault in refusal.errors]
    return [_entry(refusal, language, {})]


def failed(failure: Exception, place: QueryLocation, language: Language) -> dict[str, Any]:
    """One of the `errors` of an answer. What is no refusal is logged by its kind and place, and told as `internal`."""
    if not isinstance(failure, Refusal):
        frames = traceback.extract_tb(failure.__traceback__)[-4:]
        log.error("failed", cause=type(failure).__name__, at=[f"{frame.name}:{frame.lineno}" for frame in frames])
        failure = Internal()
    return _entry(failure, language, place.as_extensions)


def sentence_of(data: Any, failures: Sequence[Failure], language: Language) -> dict[str, Any]:
    """An answer with its data, and what failed."""
    errors = [failed(each.cause, QueryLocation(each.path, each.nodes), language) for each in failures]
    return {"data": data, "errors": errors} if errors else {"data": data}


def _entry(refusal: Refusal, language: Language, where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "message": in_graph_names(refusal.sentence(language)),
        **where,
        "extensions": _extensions_of(refusal, language),
    }


def _where(fault: Refusal) -> dict[str, list[Location]]:
    locations = fault.locations if isinstance(fault, InvalidPart) else []
    return {"locations": locations} if locations else {}


def _extensions_of(refusal: Refusal, language: Language) -> Mapping[str, Any]:
    """The stable code of a refusal, and its single errors where it has such, with fields as the graph calls them."""
    errors = [_with_field_of_graph(error) for error in _errors_of(refusal, language)]
    return {"code": refusal.code, **refusal.legacy, **({"errors": errors} if errors else {})}


def _errors_of(refusal: Refusal, language: Language) -> Sequence[Mapping[str, Any]]:
    if isinstance(refusal, ServiceRefusal):
        return refusal.errors or ()
    if isinstance(refusal, Invalid):
        return [error.as_error(language) for error in refusal.errors]
    return [] if refusal.field is None else [refusal.as_error(language)]


def _with_field_of_graph(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """`filter.month_from` of a service is `filter.monthFrom` here."""
    field, detail = error.get("field"), error.get("detail")
    told = {"field": to_camel_case(field)} if isinstance(field, str) else {}
    return {**error, **told, **({"detail": in_graph_names(detail)} if isinstance(detail, str) else {})}


def in_graph_names(sentence: str) -> str:
    """The sentence with the fields it quotes called as they are in the graph."""
    return QUOTED.sub(lambda quoted: to_camel_case(quoted.group()), sentence)
