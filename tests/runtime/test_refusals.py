"""Each refusal of the platform has a stable code and a sentence in both languages, of one language each."""

import importlib
import pkgutil
import re
from typing import Literal

import activities
import alerts
import pytest
import registry
import reporting
from contracts.values import Month, Pcode
from gateway.graph.faults import InvalidPart
from pydantic import BaseModel, Field, ValidationError
from runtime import problems, validation
from runtime.access import Role
from runtime.language import Language, Words
from runtime.problems import NotPermitted, Refusal
from runtime.validation import refusal_of

import gateway


def all_refusals() -> list[type[Refusal]]:
    assert problems
    assert validation
    for package in (activities, alerts, gateway, registry, reporting):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".errors"):
                importlib.import_module(module.name)
    found, waiting = [], [Refusal]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return [kind for kind in found if "test" not in kind.__module__ and not kind.__name__.startswith("_")]


@pytest.mark.parametrize("kind", all_refusals(), ids=lambda kind: f"{kind.__module__}-{kind.code}")
def test_refusal_speaks_both_languages_of_the_same_facts(kind: type[Refusal]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]+", kind.code)
    if kind is InvalidPart:
        return  # says what the GraphQL library says, whose reasons are English alone: tests/gateway/test_graphql.py
    assert re.search(r"[\u0621-\u064a]", kind.ar)
    assert set(re.findall(r"{(\w+)}", kind.ar)) == set(re.findall(r"{(\w+)}", kind.en))
    assert 400 <= kind.status < 600


class Sent(BaseModel):
    role: Literal["member", "hub", "secretariat"] = "hub"
    areas: tuple[str, ...] = Field(default=(), max_length=2)
    month: Month = "2026-03"
    area: Pcode = "SY07"
    colour: str = Field(default="red", pattern="^[a-z]+$")


@pytest.mark.parametrize(
    ("sent", "language", "sentence"),
    [
        ({"role": "king"}, "ar", "القيمة ليست من القيم المسموح بها: 'member', 'hub', 'secretariat'."),
        ({"role": "king"}, "en", "The value is not one of: 'member', 'hub', 'secretariat'."),
        ({"areas": ["a", "b", "c"]}, "ar", "يتجاوز عدد العناصر الحد الأقصى: 2."),
        ({"month": "March"}, "ar", "القيمة ليست بالصيغة المطلوبة: اكتبها مثل 2026-03."),
        ({"area": "Idleb city"}, "en", "The value does not have the form expected here: write it like SY070004."),
        ({"colour": "7"}, "en", "The value does not have the form expected here."),
    ],
)
def test_sentence_about_a_bad_value_is_of_one_language(
    sent: dict[str, object], language: Language, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Sent.model_validate(sent)
    assert refusal_of(dict(refused.value.errors()[0])).sentence(language) == sentence


@pytest.mark.parametrize("role", Role)
def test_sentence_that_names_a_role_is_of_one_language(role: Role) -> None:
    refused = NotPermitted(role=role.words)
    assert not re.search("[a-z]", refused.sentence("ar"))
    assert refused.sentence("en") == f"Your role, {role}, may not do this."


def test_word_in_a_sentence_is_of_the_sentences_language() -> None:
    refused = NotPermitted(role=Words("كلمة", "word"))
    assert ("كلمة" in refused.sentence("ar"), "word" in refused.sentence("en")) == (True, True)


def test_refusal_without_arabic_can_not_be_written() -> None:
    with pytest.raises(TypeError):
        type("Silent", (Refusal,), {"__doc__": "Only English."})
