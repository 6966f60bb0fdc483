"""The published description of the events: a JSON Schema each, and one AsyncAPI 3 document.

`make generate` writes them beside the package, and an example of each event there has none of; a test compares what is
committed. An example stays for ever as it was published: it may be written over by hand before that.
"""

import json
from pathlib import Path
from typing import Any

from contracts import catalogue, operations
from contracts.event import PUBLISHED, Event, Topic
from contracts.examples import example_of
from contracts.sensitivity import levels_of

FOLDER = Path(__file__).parents[2]
assert catalogue.LISTS, "its import has every module declare its events"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """JSON Schema of an event's body, with the sensitivity level of each field as `x-sensitivity`."""
    schema = event.model_json_schema(mode="serialization")
    for name, level in levels_of(event).items():
        schema["properties"][name]["x-sensitivity"] = level.value
    return schema


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 document of all topics."""
    events = sorted(PUBLISHED.values(), key=lambda event: event.type_name())
    topics = {event.topic.noun: event.topic for event in events}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tansiq events",
            "version": "1",
            "description": "State of aggregates on compacted Apache Kafka topics, as CloudEvents 1.0 in binary mode "
            "(`ce_*` headers, JSON body, W3C `traceparent`). Topic names carry the prefix of the installation.",
        },
        "defaultContentType": "application/json",
        "channels": {noun: _channel(topic, events) for noun, topic in sorted(topics.items())}
        | {operations.DEAD_LETTERS.noun: _channel(operations.DEAD_LETTERS, [])},
        "operations": {
            f"publish_{noun.replace('.', '_')}": {"action": "send", "channel": {"$ref": f"#/channels/{noun}"}}
            for noun in sorted(topics)
        },
        "components": {
            "messages": {event.type_name(): _message(event) for event in events},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
        },
    }


def _channel(topic: Topic, events: list[type[Event]]) -> dict[str, Any]:
    types = [event.type_name() for event in events if event.topic == topic]
    cleanup = ["compact"] if topic.compacted else ["delete"]
    configuration: dict[str, Any] = {"cleanup.policy": cleanup}
    if topic.retention_ms:
        configuration["retention.ms"] = topic.retention_ms
    return {
        "address": f"{{prefix}}.{topic.noun}",
        "parameters": {"prefix": {"default": "tansiq", "description": "Prefix of the installation."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in types},
        "bindings": {"kafka": {"partitions": topic.partitions, "topicConfiguration": configuration}},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type_name(),
        "summary": (event.__doc__ or "").strip().splitlines()[0],
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "bindings": {"kafka": {"key": {"type": "string", "description": "Key of the aggregate."}}},
        "payload": {"$ref": f"schemas/{event.type_name()}.json"},
    }


def _headers() -> dict[str, Any]:
    names = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject")
    return {
        "type": "object",
        "required": list(names),
        "properties": {name: {"type": "string"} for name in (*names, "content-type", "traceparent")},
    }


def documents() -> dict[Path, str]:
    """Text of each document by its path below `libs/contracts`."""
    written = {Path("asyncapi.json"): asyncapi()}
    for name, event in PUBLISHED.items():
        written[Path("schemas") / f"{name}.json"] = schema_of(event)
    return {path: json.dumps(value, ensure_ascii=False, indent=2) + "\n" for path, value in written.items()}


def example(event: type[Event]) -> str:
    """Text of an event as it may be sent."""
    return json.dumps(example_of(event), ensure_ascii=False, indent=2) + "\n"


def write() -> None:
    for name, event in PUBLISHED.items():
        if not (path := FOLDER / "examples" / f"{name}.json").exists():
            path.write_text(example(event))
    for path, text in documents().items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_text(text)
