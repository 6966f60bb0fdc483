"""What a service's REST routes are, read from its OpenAPI document, as a list for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One route as a line of the list."""

    method: str
    path: str
    does: str


def routes_of(document: Mapping[str, Any]) -> Sequence[Route]:
    return [
        Route(method.upper(), _base(item, document) + path, _does(item[method]))
        for path, item in sorted(document["paths"].items())
        for method in METHODS
        if method in item
    ]


def _base(item: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Where the path hangs: at the root of the door, or under the name of its service."""
    url: str = (item.get("servers") or document["servers"])[0]["url"]
    return url.rstrip("/")


def _does(operation: Mapping[str, Any]) -> str:
    """The first paragraph of what the route's author says of it."""
    told = str(operation.get("description") or operation.get("summary") or "")
    return told.strip().partition("\n\n")[0].replace("`", "")
