"""Examples: a value of what a model describes, made of the examples its types declare."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

BY_FORMAT: Mapping[str, str] = {
    "uuid": "019a0000-0000-7000-8000-000000000001",
    "date": "2026-03-01",
    "date-time": "2026-03-01T00:00:00Z",
}
BY_TYPE: Mapping[str, object] = {"string": "text", "integer": 1, "number": 1.0, "boolean": True, "null": None}
BARE: Mapping[str, object] = {"array": [], "boolean": False}


def example_of(model: type[BaseModel], *, bare: bool = False) -> dict[str, Any]:
    """The JSON of an example: with all there can be in it or, `bare`, with as little."""
    schema = model.model_json_schema()
    found: dict[str, Any] = example(schema, schema.get("$defs", {}), bare=bare)
    return found


def example(schema: Mapping[str, Any], known: Mapping[str, Any], *, bare: bool = False) -> Any:
    """A value of this JSON Schema; `known` are the schemas it refers to, by name."""
    if reference := schema.get("$ref"):
        return example(known[reference.rpartition("/")[2]], known, bare=bare)
    if choices := schema.get("anyOf", schema.get("oneOf")):
        nothing = {"type": "null"}
        chosen = nothing if bare and nothing in choices else next(each for each in choices if each != nothing)
        return example(chosen, known, bare=bare)
    if "const" in schema:
        return schema["const"]
    if said := schema.get("examples", schema.get("enum")):
        return said[-1 if bare else 0]
    kind = schema.get("type", "string")
    if kind == "object":
        return {name: example(each, known, bare=bare) for name, each in schema.get("properties", {}).items()}
    if bare and kind in BARE:
        return BARE[kind]
    if kind == "array":
        return [example(schema["items"], known)]
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    return BY_FORMAT.get(schema.get("format", ""), BY_TYPE[kind])
