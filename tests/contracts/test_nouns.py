"""Nouns are declared whole: every field with its level, and said in both languages."""

import re
from typing import Any

import pytest
from contracts.catalogue import LISTS
from contracts.nouns import NOUNS, Filter, Noun, Parts, Row, described, noun
from contracts.reports import REPORTS
from contracts.sensitivity import Low, Moderate, Sensitivity, UndeclaredSensitivity
from pydantic import BaseModel

ARABIC, LATIN = re.compile("[\u0621-\u064a]{2}"), re.compile("[A-Za-z]{2}")


def below(kind: type[Any]) -> list[type[BaseModel]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]


SHAPES = [each for each in (*below(Row), *below(Filter)) if each.__module__.startswith("contracts.")]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_field_is_said_in_both_languages(shape: type[BaseModel]) -> None:
    said = {name: field.description or "" for name, field in shape.model_fields.items()}
    wanting = {name for name, text in said.items() if not (ARABIC.search(text) and LATIN.search(text))}
    # `monthly or cumulative.` and its like begin with the word that stands in the field.
    assert wanting == set()


def test_columns_are_fields_and_parts_of_what_lies_in_them() -> None:
    assert "people_total" in REPORTS.columns
    assert "people" not in REPORTS.columns
    assert REPORTS.levels["site_name"] is Sensitivity.HIGH
    assert len(REPORTS.columns) == len(set(REPORTS.columns))


def test_lists_that_need_another_noun_are_told_apart() -> None:
    assert set(NOUNS) - set(LISTS) == {"report-versions", "upload-problems", "deliveries"}


def test_a_field_without_a_level_is_refused() -> None:
    class Inner(Parts):
        total: Moderate[int] = described("All.", "الكل.")

    class Whole(Row):
        inner: Low[Inner] = described("Inner.", "الداخل.")

    class Careless(Row):
        name: str

    assert Noun("x", "y", Whole, Filter, ("inner",)).columns == ("inner_total",)
    with pytest.raises(UndeclaredSensitivity):
        noun("careless", "tests", Careless, Filter, ("name",))
    NOUNS.pop("careless")
