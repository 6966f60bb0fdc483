"""What the services' commands take, as their OpenAPI says: written where the gateway makes mutations of it."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from contracts.services import SERVICES
from gateway.graph.commands import COMMANDS, TAKEN_FILE
from runtime.application import build

from testkit.doors import settings_of

CHANGING = ("post", "put", "patch", "delete")
REFERENCE = re.compile(r"#/(?:components/schemas|\$defs)/(\w+)")
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
    """What each command takes: the schema of its body, whether it names a version, and the schemas these refer to."""
    told: dict[str, Any] = {}
    every = documents()
    for name, command in COMMANDS.items():
        document = every[command.service]
        operation = document["paths"][command.path][command.method.lower()]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        body = content.get("schema")
        known = {**document["components"]["schemas"], **(body or {}).get("$defs", {})}
        schemas: dict[str, Any] = {}
        _collect(body, known, schemas)
        versioned = any(each["name"].lower() == "if-match" for each in operation.get("parameters", ()))
        told[name] = {"body": _plain(body), "versioned": versioned, "schemas": schemas}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


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
