"""A noun that is declared is shown by the graph: nothing of it is written there a second time."""

import json
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import gateway.graph.commands
import pytest
import strawberry
import testkit.commands
from contracts.instants import Instant
from contracts.nouns import Filter, Noun, Parts, Versioned, described
from contracts.sensitivity import Low, Moderate
from contracts.text import Line
from contracts.values import Country, IndicatorCode, Names, Pcode, SectorCode
from fastapi import FastAPI
from gateway.graph.connections import Connection
from gateway.graph.derivation import GraphNoun
from gateway.graph.fields import filter_argument
from gateway.graph.scalars import SCALARS
from gateway.graph.schema import root
from gateway.graph.sources import one_of
from strawberry.schema.config import StrawberryConfig


class Form(StrEnum):
    """Form. الشكل."""

    COURSE = "course"


class Seats(Parts):
    """Seats. المقاعد."""

    age_0_4: Moderate[int | None] = described("Of children.", "للأطفال.")


class Training(Versioned):
    """A training.

    تدريب.
    """

    country: Low[Country] = described("Country.", "البلد.")
    areas: Low[tuple[Pcode, ...] | None] = described("Codes of areas, by `changed_in`.", "رموز المناطق.")
    sector: Low[SectorCode | None] = described("Code of the sector.", "رمز القطاع.")
    indicator: Low[IndicatorCode] = described("Code of the indicator.", "رمز المؤشر.")
    names: Low[Names] = described("Names.", "الأسماء.")
    forms: Low[tuple[Form, ...]] = described("Forms.", "الأشكال.")
    starts_on: Low[date | None] = described("First day.", "أول يوم.")
    seats: Moderate[Seats] = described("Seats.", "المقاعد.")
    external_ids: Low[dict[str, str]] = described("Ids elsewhere.", "المعرّفات.")
    trainer: Moderate[str] = described("Who trains.", "المدرّب.")


class TrainingFilter(Filter):
    """Which trainings. أي التدريبات."""

    id: UUID | None = described("This one.", "هذا.", None)
    search: Line = described("Any part of a name.", "أي جزء من الاسم.")
    since: Instant | None = described("Since.", "منذ.", None)
    free: bool = described("With free seats.", "فيها مقاعد.", False)


def test_a_route_that_says_in_both_languages_what_it_does_is_a_mutation(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()

    @app.post("/v1/trainings", response_model=Training, status_code=201)
    async def announce_training(sent: TrainingFilter) -> None:
        """Announce a training.

        الإعلان عن تدريب.
        """

    noun = Noun("trainings", "registry", Training, TrainingFilter, ("id",), about=("Trainings.", "التدريبات."))
    for module in (testkit.commands, gateway.graph.commands):
        monkeypatch.setattr(module, "LISTS", {"trainings": noun})
    monkeypatch.setattr(testkit.commands, "documents", lambda: {"registry": app.openapi()})
    taken = json.loads(testkit.commands.text())
    assert list(taken["announce_training"]["body"]) == ["$ref"]
    [(name, command)] = gateway.graph.commands.declared(taken)
    assert (name, command.service, command.method, command.path) == (
        "announce_training",
        "registry",
        "POST",
        "/v1/trainings",
    )
    assert (command.en, command.ar) == ("Announce a training.", "الإعلان عن تدريب.")
    assert command.row == one_of(noun)


def test_type_filter_and_list_come_of_the_noun() -> None:
    noun = Noun("trainings", "registry", Training, TrainingFilter, ("id",))
    fact = GraphNoun(noun, Connection, "Trainings.", "التدريبات.", hidden=("trainer",))

    trainings = root(fact.source, "Trainings.", "التدريبات.", filter_argument(fact.filter))
    query = strawberry.type(type("Query", (), {"__annotations__": {"trainings": fact.pages}, "trainings": trainings}))
    schema = strawberry.Schema(query, config=StrawberryConfig(scalar_map=SCALARS))
    shown: Any = schema._schema.type_map
    assert {name: str(field.type) for name, field in shown["Training"].fields.items()} == {
        "id": "UUID!",
        "version": "Int!",
        "country": "String!",
        "areaCodes": "[String!]",
        "areas": "[Area!]",
        "sectorCode": "String",
        "sector": "Sector",
        "indicatorCode": "String!",
        "indicator": "Indicator",
        "names": "Names!",
        "forms": "[Form!]!",
        "startsOn": "Date",
        "seats": "Seats!",
        "externalIds": "JSON!",
    }
    assert {name: str(field.type) for name, field in shown["Seats"].fields.items()} == {"age0To4": "Int"}
    assert {name: str(field.type) for name, field in shown["TrainingFilter"].fields.items()} == {
        "search": "String!",
        "since": "DateTime",
        "free": "Boolean",
    }
    assert shown["Training"].description == "A training. تدريب."
    assert shown["Training"].fields["areaCodes"].description == "Codes of areas, by `changedIn`. رموز المناطق."
    assert "nodes" in shown["TrainingConnection"].fields
