"""What is published about the events is what the events are."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from contracts.documents import FOLDER, documents
from contracts.event import PUBLISHED, Event, event_of
from contracts.sensitivity import Sensitivity, UndeclaredSensitivity, levels_of
from contracts.values import Value
from pydantic import BaseModel

EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


@pytest.mark.parametrize("path", documents(), ids=str)
def test_committed_document_is_current(path: Path) -> None:
    assert (FOLDER / path).read_text() == documents()[path], "run: make generate"


def test_every_event_has_an_example() -> None:
    shown = {json.loads(path.read_text())["type"] for path in EXAMPLES}
    assert [f"libs/contracts/examples/{name}.json" for name in PUBLISHED if name not in shown] == [], "write these"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_ever_published_is_still_read(path: Path) -> None:
    body = json.loads(path.read_text())
    event = _class_of(body).model_validate(body)
    schema = json.loads((FOLDER / "schemas" / f"{event.type_name()}.json").read_text())
    jsonschema_rs.validate(schema, json.loads(event.model_dump_json()))
    present = {**body, "type": event.type_name()}
    for name, value in json.loads(event.model_dump_json(exclude_unset=True)).items():
        assert value == present[name], f"{name} changed its meaning: publish a new version of the event instead"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_consumer_reads_an_event_of_a_newer_publisher(path: Path) -> None:
    body = json.loads(path.read_text())
    event = _class_of(body).model_validate({**body, "field_of_the_future": {"a": 1}})
    assert event == _class_of(body).model_validate(body)


@pytest.mark.parametrize("event", PUBLISHED.values(), ids=lambda event: event.type_name())
def test_no_event_carries_more_than_moderate(event: type[Event]) -> None:
    assert all(Sensitivity.MODERATE.allows(level) for level in levels_of(event).values())


@pytest.mark.parametrize("value", Value.__subclasses__())
def test_value_types_declare_their_levels(value: type[BaseModel]) -> None:
    assert set(levels_of(value)) == set(value.model_fields)


def test_field_without_a_level_is_found() -> None:
    class Leaky(BaseModel):
        site: str

    with pytest.raises(UndeclaredSensitivity):
        levels_of(Leaky)


def _class_of(body: dict[str, object]) -> type[Event]:
    found = event_of(str(body["type"]))
    assert found, f"{body['type']} was published once, and nobody reads it"
    return found
