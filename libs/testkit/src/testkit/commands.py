"""What the services' commands take, as their OpenAPI says: written where the gateway makes mutations of it."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from contracts.catalogue import LISTS
from contracts.services import SERVICES
from gateway.graph.commands import BY_HAND, TAKEN_FILE
from runtime.application import build

from testkit.service_clients import settings_of

CHANGING = ("post", "put", "patch", "delete")
REFERENCE = re.compile(r"#/(?:components/schemas|\$defs)/(\w+)")
ARABIC = re.compile(r"[\u0600-\u06ff]")
KEPT = (
    "type",
    "format",
    "enum",
    "items",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
    "description",
    "$ref",
)


def documents() -> Mapping[str, Mapping[str, Any]]:
    """The OpenAPI document of each service."""
    services = {name: import_module(f"{name}.main").SERVICE for name in SERVICES}
    return {name: build(each, settings_of(each, "postgresql://nowhere")).openapi() for name, each in services.items()}


def commands(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Service, method and path of each route that changes something."""
    for name, document in documents.items():
        for path, operations in document["paths"].items():
            if path.startswith("/v1/"):
                yield from ((name, method.upper(), path) for method in operations if method in CHANGING)


def text() -> str:
    """What each command takes, and of those that say themselves what they do, what that is."""
    every = documents()
    by_hand = {(each.service, each.method, each.path): name for name, each in BY_HAND.items()}
    told: dict[str, Any] = {}
    for service, method, path in commands(every):
        operation = every[service]["paths"][path][method.lower()]
        taken = _taken(operation, every[service]["components"]["schemas"])
        if name := by_hand.get((service, method, path)):
            told[name] = taken
        elif ARABIC.search(said := operation.get("description", "")):
            en, _, ar = said.rpartition("\n\n")
            declared = {"service": service, "method": method, "path": path, "noun": _noun(operation)}
            told[_function(operation)] = taken | {"declared": {**declared, "en": en, "ar": ar}}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _taken(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of its body, whether it names a version, and the schemas these refer to."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    found: dict[str, Any] = {}
    _collect(body, {**schemas, **(body or {}).get("$defs", {})}, found)
    versioned = any(each["name"].lower() == "if-match" for each in operation.get("parameters", ()))
    return {"body": _plain(body), "versioned": versioned, "schemas": found}


def _function(operation: Mapping[str, Any]) -> str:
    """The name of the route's function, of which FastAPI makes the summary."""
    return str(operation["summary"]).lower().replace(" ", "_")


def _noun(operation: Mapping[str, Any]) -> str | None:
    """The noun whose row it answers, where the graph shows that and finds one by its id."""
    answers = json.dumps([answer for status, answer in operation["responses"].items() if status < "300"])
    rows = {noun.row.__name__: noun for noun in LISTS.values() if noun.about and "id" in noun.filter.model_fields}
    return next((rows[name].name for name in REFERENCE.findall(answers) if name in rows), None)


def write() -> None:
    TAKEN_FILE.write_text(text(), encoding="utf-8")


def _collect(schema: Any, known: Mapping[str, Any], found: dict[str, Any]) -> None:
    for name in REFERENCE.findall(json.dumps(_plain(schema))):
        if name not in found:
            found[name] = _plain(known[name])
            _collect(known[name], known, found)


def _plain(schema: Any, names: bool = False) -> Any:
    """The schema without what GraphQL has no use for: bounds and titles stay the services'."""
    if isinstance(schema, dict):
        kept = schema if names else {key: value for key, value in schema.items() if key in KEPT}
        return {key: _plain(value, names=key == "properties") for key, value in kept.items()}
    return [_plain(each) for each in schema] if isinstance(schema, list) else schema
